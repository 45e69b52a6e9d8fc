-- Ratings of visits as well as of cases, with replies; papers as they were
-- issued; offers after events of a life; commitments that were not kept.

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

CREATE TABLE offer_wish (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    wants     BOOLEAN NOT NULL,
    at        BIGINT NOT NULL
);

CREATE TABLE offer_event (
    case_id TEXT PRIMARY KEY REFERENCES cases (id),
    at      BIGINT NOT NULL
);

-- deceased_index is of the identity number of who has died.
CREATE TABLE offer (
    id             TEXT PRIMARY KEY,
    person_id      TEXT NOT NULL REFERENCES person (id),
    case_id        TEXT NOT NULL REFERENCES cases (id),
    after_item     TEXT NOT NULL,
    item           TEXT NOT NULL,
    reason         TEXT NOT NULL,
    deceased_index BYTEA,
    state          TEXT NOT NULL CHECK (state IN ('offered', 'taken', 'dismissed')),
    offered_at     BIGINT NOT NULL,
    settled_at     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX offer_person ON offer (person_id, offered_at);
CREATE INDEX offer_at ON offer (offered_at);
CREATE UNIQUE INDEX offer_once ON offer (person_id, item, case_id);
CREATE UNIQUE INDEX offer_family ON offer (deceased_index, item) WHERE deceased_index IS NOT NULL;

CREATE TABLE credit_record (
    id            TEXT PRIMARY KEY,
    person_id     TEXT NOT NULL REFERENCES person (id),
    case_id       TEXT NOT NULL UNIQUE REFERENCES cases (id),
    office        TEXT NOT NULL,
    at            BIGINT NOT NULL,
    repaired_at   BIGINT NOT NULL DEFAULT 0,
    repaired_by   TEXT NOT NULL DEFAULT '',
    reason_sealed BYTEA
);
CREATE INDEX credit_record_person ON credit_record (person_id, at);

-- What the credit register said before our own record counted.
CREATE TABLE credit_register (
    person_id TEXT PRIMARY KEY REFERENCES person (id),
    grade     TEXT NOT NULL CHECK (grade IN ('A', 'B', 'C', 'D', 'revoked'))
);

-- +goose Down
DROP TABLE credit_register;
DROP TABLE credit_record;
DROP TABLE offer;
DROP TABLE offer_event;
DROP TABLE offer_wish;
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
