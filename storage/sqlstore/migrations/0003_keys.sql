-- What staff write freely may name somebody: it is sealed. Re-sealing under a
-- new key remembers how far it is. Pictures that WeChat is asked about.

-- +goose Up
ALTER TABLE case_material ADD COLUMN note_sealed BYTEA;
ALTER TABLE case_material DROP COLUMN note;
ALTER TABLE licence ADD COLUMN revoked_for_sealed BYTEA;
ALTER TABLE licence DROP COLUMN revoked_for;

-- place is a table with sealed columns, or 'file' for the stored files; after
-- is the row that was done last. mover is the process at work.
CREATE TABLE reseal (
    place   TEXT PRIMARY KEY,
    key_id  INTEGER NOT NULL,
    after   TEXT NOT NULL DEFAULT '',
    changed BIGINT NOT NULL DEFAULT 0,
    broken  BIGINT NOT NULL DEFAULT 0,
    done    BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE TABLE reseal_mover (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    mover    TEXT NOT NULL,
    moved_at BIGINT NOT NULL
);

CREATE INDEX case_file_added ON case_file (added_at);

-- The content check of an uploaded picture, under the platform's trace id.
CREATE TABLE media_check (
    trace_id    TEXT PRIMARY KEY,
    file_id     TEXT NOT NULL UNIQUE REFERENCES case_file (id),
    state       TEXT NOT NULL CHECK (state IN ('asked', 'pass', 'review', 'risky')),
    label       INTEGER NOT NULL DEFAULT 0,
    asked_at    BIGINT NOT NULL,
    answered_at BIGINT NOT NULL DEFAULT 0
);

-- +goose Down
DROP TABLE media_check;
DROP INDEX case_file_added;
DROP TABLE reseal_mover;
DROP TABLE reseal;
ALTER TABLE licence ADD COLUMN revoked_for TEXT NOT NULL DEFAULT '';
ALTER TABLE licence DROP COLUMN revoked_for_sealed;
ALTER TABLE case_material ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE case_material DROP COLUMN note_sealed;
