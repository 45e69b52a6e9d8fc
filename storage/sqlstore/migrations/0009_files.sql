-- Files that come in parts or go straight to the store, and are not a case's
-- yet. Rows go when they are, or a day after they began.

-- +goose Up
CREATE TABLE upload (
    id          TEXT PRIMARY KEY,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    person_id   TEXT NOT NULL REFERENCES person (id),
    material    TEXT NOT NULL,
    name_sealed BYTEA,
    bytes       BIGINT NOT NULL,
    sha256      TEXT NOT NULL,
    direct      BOOLEAN NOT NULL,
    made_at     BIGINT NOT NULL,
    ends_at     BIGINT NOT NULL
);
CREATE INDEX upload_person ON upload (person_id, ends_at);
CREATE INDEX upload_ends ON upload (ends_at);

CREATE TABLE upload_part (
    upload_id TEXT NOT NULL REFERENCES upload (id),
    n         INTEGER NOT NULL,
    PRIMARY KEY (upload_id, n)
);

-- +goose Down
DROP TABLE upload_part;
DROP TABLE upload;
