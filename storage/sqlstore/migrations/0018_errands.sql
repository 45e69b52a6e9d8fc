-- Errands (一件事): the items of a theme applied for as one.

-- +goose Up
CREATE TABLE errand (
    id            TEXT PRIMARY KEY,
    theme         TEXT NOT NULL,
    edition       INTEGER NOT NULL REFERENCES edition (version),
    person_id     TEXT NOT NULL REFERENCES person (id),
    office        TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('draft', 'running')),
    level         INTEGER NOT NULL DEFAULT 0,
    form_sealed   BYTEA,
    conditions    TEXT NOT NULL DEFAULT '',
    opened_at     BIGINT NOT NULL,
    handed_in_at  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX errand_person ON errand (person_id, id);

-- case_id is drawn with the errand; the case itself may not be there yet.
CREATE TABLE errand_turn (
    errand_id TEXT NOT NULL REFERENCES errand (id),
    place     INTEGER NOT NULL,
    item      TEXT NOT NULL,
    case_id   TEXT NOT NULL UNIQUE,
    state     TEXT NOT NULL CHECK (state IN ('waiting', 'handed_in', 'needs_you', 'blocked')),
    note      TEXT NOT NULL DEFAULT '',
    next_at   BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (errand_id, place)
);
CREATE INDEX errand_turn_next ON errand_turn (next_at) WHERE state = 'waiting' AND next_at > 0;

CREATE TABLE errand_file (
    id          TEXT PRIMARY KEY,
    errand_id   TEXT NOT NULL REFERENCES errand (id),
    material    TEXT NOT NULL,
    name_sealed BYTEA,
    added_at    BIGINT NOT NULL
);
CREATE INDEX errand_file_errand ON errand_file (errand_id);

-- +goose Down
DROP TABLE errand_file;
DROP TABLE errand_turn;
DROP TABLE errand;
