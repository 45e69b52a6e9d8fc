-- Seats that are released at one second: who is let through is decided by a
-- waiting room, whose order the secret draws.

-- +goose Up
CREATE TABLE rush (
    id            TEXT PRIMARY KEY,
    office        TEXT NOT NULL,
    item          TEXT NOT NULL,
    first_date    TEXT NOT NULL,
    last_date     TEXT NOT NULL,
    opens_at      BIGINT NOT NULL,
    ends_at       BIGINT NOT NULL,
    per_second    INTEGER NOT NULL CHECK (per_second > 0),
    secret        BYTEA NOT NULL,
    made_by       TEXT NOT NULL,
    made_at       BIGINT NOT NULL,
    called_off_at BIGINT NOT NULL DEFAULT 0,
    CHECK (ends_at > opens_at AND last_date >= first_date)
);
CREATE INDEX rush_ends ON rush (ends_at);

-- +goose Down
DROP TABLE rush;
