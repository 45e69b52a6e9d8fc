-- Ratings of visits as well as of cases, with replies; papers as they were
-- issued.

-- +goose Up
CREATE TABLE rating_now (
    subject      TEXT PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('case', 'visit')),
    person_id    TEXT NOT NULL REFERENCES person (id),
    office       TEXT NOT NULL,
    item         TEXT NOT NULL,
    grade        INTEGER NOT NULL CHECK (grade BETWEEN 1 AND 5),
    reasons      TEXT NOT NULL,
    text_sealed  BYTEA,
    rated_at     BIGINT NOT NULL,
    rated_by     TEXT NOT NULL DEFAULT '',
    due_on       TEXT NOT NULL DEFAULT '',
    reply_sealed BYTEA,
    replied_by   TEXT NOT NULL DEFAULT '',
    replied_at   BIGINT NOT NULL DEFAULT 0,
    escalated_at BIGINT NOT NULL DEFAULT 0
);
INSERT INTO rating_now (subject, kind, person_id, office, item, grade, reasons, text_sealed, rated_at, rated_by)
    SELECT r.case_id, 'case', r.person_id, c.office, c.item, r.grade, r.reasons, r.text_sealed, r.rated_at, r.rated_by
    FROM rating r JOIN cases c ON c.id = r.case_id;
DROP TABLE rating;
ALTER TABLE rating_now RENAME TO rating;
CREATE INDEX rating_person ON rating (person_id, rated_at);
CREATE INDEX rating_office ON rating (office, rated_at);
CREATE INDEX rating_at ON rating (rated_at);
CREATE INDEX rating_due ON rating (due_on) WHERE due_on <> '';

CREATE TABLE rating_invitation (
    subject TEXT PRIMARY KEY,
    at      BIGINT NOT NULL
);

CREATE TABLE paper (
    id          TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    kind        TEXT NOT NULL CHECK (kind IN ('receipt', 'notice', 'tolerance', 'commitment', 'decision', 'delivery')),
    event_at    BIGINT NOT NULL,
    person_id   TEXT NOT NULL REFERENCES person (id),
    number      TEXT NOT NULL UNIQUE,
    code        TEXT NOT NULL UNIQUE,
    title       TEXT NOT NULL,
    office      TEXT NOT NULL,
    issuer      TEXT NOT NULL,
    issued_at   BIGINT NOT NULL,
    page_sealed BYTEA NOT NULL,
    digest      TEXT NOT NULL,
    UNIQUE (case_id, kind, event_at)
);

-- +goose Down
DROP TABLE paper;
DROP TABLE rating_invitation;
CREATE TABLE rating_before (
    case_id     TEXT PRIMARY KEY REFERENCES cases (id),
    person_id   TEXT NOT NULL REFERENCES person (id),
    grade       INTEGER NOT NULL CHECK (grade BETWEEN 1 AND 5),
    reasons     TEXT NOT NULL,
    text_sealed BYTEA,
    rated_at    BIGINT NOT NULL,
    rated_by    TEXT NOT NULL DEFAULT ''
);
INSERT INTO rating_before SELECT subject, person_id, grade, reasons, text_sealed, rated_at, rated_by FROM rating WHERE kind = 'case';
DROP TABLE rating;
ALTER TABLE rating_before RENAME TO rating;
