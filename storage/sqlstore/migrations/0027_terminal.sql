-- Terminals: devices with a key of their own, who stands before them, and what
-- they printed.

-- +goose Up
CREATE TABLE terminal (
    id            TEXT PRIMARY KEY,
    office        TEXT NOT NULL,
    zone          TEXT NOT NULL CHECK (zone IN ('hall', 'zone_24h')),
    name          TEXT NOT NULL,
    public_key    BYTEA NOT NULL UNIQUE,
    slip_from     INTEGER NOT NULL,
    slip_to       INTEGER NOT NULL,
    enrolled_at   BIGINT NOT NULL,
    enrolled_by   TEXT NOT NULL,
    revoked_at    BIGINT NOT NULL DEFAULT 0,
    revoked_by    TEXT NOT NULL DEFAULT '',
    token_hash    BYTEA UNIQUE,
    token_ends_at BIGINT NOT NULL DEFAULT 0,
    seen_at       BIGINT NOT NULL DEFAULT 0,
    printer       TEXT NOT NULL DEFAULT 'ready' CHECK (printer IN ('ready', 'paper_out', 'jam', 'offline')),
    CHECK (revoked_at = 0 OR token_hash IS NULL)
);
CREATE INDEX terminal_office ON terminal (office, enrolled_at);

CREATE TABLE terminal_invitation (
    code_hash BYTEA PRIMARY KEY,
    office    TEXT NOT NULL,
    zone      TEXT NOT NULL,
    name      TEXT NOT NULL,
    slip_from INTEGER NOT NULL,
    slip_to   INTEGER NOT NULL,
    made_by   TEXT NOT NULL,
    ends_at   BIGINT NOT NULL,
    used_at   BIGINT NOT NULL DEFAULT 0
);

-- Numbers that a terminal has yet to sign; each is taken away by its first use.
CREATE TABLE terminal_challenge (
    hash        BYTEA PRIMARY KEY,
    terminal_id TEXT NOT NULL REFERENCES terminal (id),
    ends_at     BIGINT NOT NULL
);
CREATE INDEX terminal_challenge_ends ON terminal_challenge (ends_at);

-- A visit is a code on the screen, and then who confirmed it. Its id is also
-- that of the session.
CREATE TABLE terminal_visit (
    id           TEXT PRIMARY KEY,
    terminal_id  TEXT NOT NULL REFERENCES terminal (id),
    code_hash    BYTEA NOT NULL UNIQUE,
    state        TEXT NOT NULL CHECK (state IN ('shown', 'confirmed', 'open', 'lapsed', 'replaced', 'finished', 'left', 'ended', 'revoked')),
    account_id   TEXT NOT NULL DEFAULT '',
    person_id    TEXT NOT NULL DEFAULT '',
    draft        TEXT NOT NULL DEFAULT '',
    shown_at     BIGINT NOT NULL,
    due_at       BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL DEFAULT 0,
    opened_at    BIGINT NOT NULL DEFAULT 0,
    ended_at     BIGINT NOT NULL DEFAULT 0,
    CHECK (state = 'shown' OR ended_at > 0 OR account_id <> '')
);
-- Before one terminal stands one person.
CREATE UNIQUE INDEX terminal_visit_live ON terminal_visit (terminal_id) WHERE ended_at = 0;
CREATE INDEX terminal_visit_person ON terminal_visit (person_id, opened_at);

CREATE TABLE terminal_print (
    id          TEXT PRIMARY KEY,
    visit_id    TEXT NOT NULL REFERENCES terminal_visit (id),
    terminal_id TEXT NOT NULL REFERENCES terminal (id),
    person_id   TEXT NOT NULL REFERENCES person (id),
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('asked', 'printing', 'printed', 'failed', 'dropped')),
    reason      TEXT NOT NULL DEFAULT '',
    tries       INTEGER NOT NULL DEFAULT 0,
    asked_at    BIGINT NOT NULL,
    moved_at    BIGINT NOT NULL,
    CHECK ((state = 'failed') = (reason <> ''))
);
CREATE INDEX terminal_print_person ON terminal_print (person_id, subject, asked_at);
CREATE INDEX terminal_print_waits ON terminal_print (moved_at) WHERE state IN ('asked', 'printing');

ALTER TABLE session ADD COLUMN terminal TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE session DROP COLUMN terminal;
DROP TABLE terminal_print;
DROP TABLE terminal_visit;
DROP TABLE terminal_challenge;
DROP TABLE terminal_invitation;
DROP TABLE terminal;
