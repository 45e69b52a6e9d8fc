-- Queues: one page an office and day, tickets with their history, windows, and
-- what offices did on paper.

-- +goose Up
-- Whoever changes an office's queue counts this row up first, and so holds it.
CREATE TABLE queue_page (
    office  TEXT NOT NULL,
    day     TEXT NOT NULL,
    version BIGINT NOT NULL,
    shut    BOOLEAN NOT NULL DEFAULT FALSE,
    last_a  INTEGER NOT NULL DEFAULT 0,
    last_b  INTEGER NOT NULL DEFAULT 0,
    last_c  INTEGER NOT NULL DEFAULT 0,
    clock   INTEGER NOT NULL DEFAULT 0,
    tag_appointments INTEGER NOT NULL DEFAULT 0,
    tag_priorities   INTEGER NOT NULL DEFAULT 0,
    tag_walk_ins     INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (office, day)
);
CREATE INDEX queue_page_day ON queue_page (day);

CREATE TABLE ticket (
    id             TEXT PRIMARY KEY,
    office         TEXT NOT NULL,
    day            TEXT NOT NULL,
    series         TEXT NOT NULL CHECK (series IN ('A', 'B', 'C', 'P')),
    number         INTEGER NOT NULL CHECK (number BETWEEN 1 AND 9999),
    lane           TEXT NOT NULL CHECK (lane IN ('appointments', 'priorities', 'walk_ins')),
    item           TEXT NOT NULL,
    minutes        INTEGER NOT NULL,
    person_id      TEXT NOT NULL DEFAULT '',
    appointment_id TEXT NOT NULL DEFAULT '',
    origin         TEXT NOT NULL CHECK (origin IN ('appointment', 'kiosk', 'staff', 'phone', 'paper')),
    priority       TEXT NOT NULL DEFAULT '',
    carries        TEXT NOT NULL DEFAULT '',
    state          TEXT NOT NULL CHECK (state IN ('waiting', 'called', 'serving', 'missed', 'parked', 'finished', 'withdrawn', 'closed')),
    version        INTEGER NOT NULL,
    due_at         BIGINT NOT NULL DEFAULT 0,
    place_at       BIGINT NOT NULL,
    only_window    INTEGER NOT NULL DEFAULT 0,
    window_number  INTEGER NOT NULL DEFAULT 0,
    clerk          TEXT NOT NULL DEFAULT '',
    calls          INTEGER NOT NULL DEFAULT 0,
    returns        INTEGER NOT NULL DEFAULT 0,
    told           BOOLEAN NOT NULL DEFAULT FALSE,
    taken_at       BIGINT NOT NULL,
    called_at      BIGINT NOT NULL DEFAULT 0,
    served_at      BIGINT NOT NULL DEFAULT 0,
    ended_at       BIGINT NOT NULL DEFAULT 0,
    UNIQUE (office, day, series, number),
    CHECK (state NOT IN ('called', 'serving') OR clerk <> '')
);
-- The last guards: a clerk has one ticket in hand, a person one walk-in ticket
-- an office, an appointment one ticket, an undone ticket one that carries it on.
CREATE UNIQUE INDEX ticket_hand ON ticket (clerk) WHERE state IN ('called', 'serving');
CREATE UNIQUE INDEX ticket_walk_in ON ticket (office, person_id)
    WHERE person_id <> '' AND appointment_id = '' AND state IN ('waiting', 'called', 'serving', 'parked');
CREATE UNIQUE INDEX ticket_appointment ON ticket (appointment_id) WHERE appointment_id <> '';
CREATE UNIQUE INDEX ticket_carries ON ticket (carries) WHERE carries <> '';
CREATE INDEX ticket_live ON ticket (office, day) WHERE state IN ('waiting', 'called', 'serving', 'missed', 'parked');
CREATE INDEX ticket_called ON ticket (office, day, called_at) WHERE window_number > 0;
CREATE INDEX ticket_finished ON ticket (office, day) WHERE state = 'finished';
CREATE INDEX ticket_person ON ticket (person_id, day) WHERE person_id <> '';

CREATE TABLE ticket_event (
    ticket_id     TEXT NOT NULL REFERENCES ticket (id),
    seq           INTEGER NOT NULL,
    act           TEXT NOT NULL,
    state         TEXT NOT NULL,
    lane          TEXT NOT NULL,
    window_number INTEGER NOT NULL,
    clerk         TEXT NOT NULL,
    at            BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, seq)
);

CREATE TABLE queue_window (
    office    TEXT NOT NULL,
    number    INTEGER NOT NULL,
    lanes     TEXT NOT NULL,
    items     TEXT NOT NULL,
    clerk     TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    PRIMARY KEY (office, number)
);
CREATE UNIQUE INDEX queue_window_clerk ON queue_window (clerk) WHERE clerk <> '';

CREATE TABLE paper_slip (
    clerk       TEXT NOT NULL,
    id          TEXT NOT NULL,
    hash        BYTEA NOT NULL,
    number      INTEGER NOT NULL,
    item        TEXT NOT NULL,
    priority    TEXT NOT NULL,
    window_number INTEGER NOT NULL,
    outcome     TEXT NOT NULL,
    taken_at    BIGINT NOT NULL,
    served_at   BIGINT NOT NULL,
    ended_at    BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    result      TEXT NOT NULL,
    code        TEXT NOT NULL,
    ticket_id   TEXT NOT NULL,
    state       TEXT NOT NULL,
    PRIMARY KEY (clerk, id)
);

-- +goose Down
DROP TABLE paper_slip;
DROP TABLE queue_window;
DROP TABLE ticket_event;
DROP TABLE ticket;
DROP TABLE queue_page;
