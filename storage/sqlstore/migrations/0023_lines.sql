-- Departments' own systems: what they have to hear, what they have said, and
-- where both sides differ.

-- +goose Up
CREATE TABLE line_message (
    id      TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id),
    seq     INTEGER NOT NULL,
    system  TEXT NOT NULL,
    act     TEXT NOT NULL,
    at      BIGINT NOT NULL,
    sent_at BIGINT NOT NULL DEFAULT 0,
    UNIQUE (case_id, seq)
);
CREATE INDEX line_message_system ON line_message (system, case_id);

CREATE TABLE line_report (
    id             TEXT NOT NULL,
    system         TEXT NOT NULL,
    case_id        TEXT NOT NULL REFERENCES cases (id),
    seq            INTEGER NOT NULL,
    kind           TEXT NOT NULL CHECK (kind IN ('status', 'granted', 'refused')),
    text_sealed    BYTEA,
    outputs_sealed BYTEA,
    at             BIGINT NOT NULL,
    read_at        BIGINT NOT NULL DEFAULT 0,
    note           TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (system, id),
    UNIQUE (case_id, seq)
);
CREATE INDEX line_report_unread ON line_report (at) WHERE read_at = 0;

CREATE TABLE line_difference (
    id       TEXT PRIMARY KEY,
    system   TEXT NOT NULL,
    case_id  TEXT NOT NULL,
    ours     TEXT NOT NULL,
    theirs   TEXT NOT NULL,
    found_at BIGINT NOT NULL
);
CREATE INDEX line_difference_system ON line_difference (system);

-- +goose Down
DROP TABLE line_difference;
DROP TABLE line_report;
DROP TABLE line_message;
