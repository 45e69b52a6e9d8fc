-- When offices are open beyond their weekly hours, who is on duty, rules and
-- quotas of appointments, windows that are asked for by number, the waiting
-- list, reminders, no-shows and their appeals, arrangements of holidays.

-- +goose Up
-- Every change of what follows for an office ('' = the city) counts its row up:
-- whoever takes a seat has looked at the newest one.
CREATE TABLE timetable (
    office  TEXT PRIMARY KEY,
    version BIGINT NOT NULL
);
CREATE TABLE timetable_entry (
    id        TEXT PRIMARY KEY,
    office    TEXT NOT NULL,
    kind      TEXT NOT NULL CHECK (kind IN ('closure', 'exception', 'series')),
    from_at   BIGINT NOT NULL,
    to_at     BIGINT NOT NULL CHECK (to_at > from_at),
    window_no INTEGER NOT NULL DEFAULT 0,
    item      TEXT NOT NULL DEFAULT '',
    hours     TEXT NOT NULL DEFAULT '',
    reason    TEXT NOT NULL,
    made_by   TEXT NOT NULL,
    made_at   BIGINT NOT NULL,
    undone_at BIGINT NOT NULL DEFAULT 0,
    undone_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX timetable_entry_office ON timetable_entry (office, to_at);
CREATE TABLE duty (
    office    TEXT NOT NULL,
    window_no INTEGER NOT NULL CHECK (window_no >= 1),
    from_at   BIGINT NOT NULL,
    to_at     BIGINT NOT NULL CHECK (to_at > from_at),
    staff_id  TEXT NOT NULL,
    PRIMARY KEY (office, window_no, from_at)
);
CREATE INDEX duty_time ON duty (office, to_at);
CREATE TABLE named_window (
    office    TEXT NOT NULL,
    window_no INTEGER NOT NULL CHECK (window_no >= 1),
    name      TEXT NOT NULL,
    from_at   BIGINT NOT NULL,
    to_at     BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (office, window_no, from_at)
);
-- -1 = not said here.
CREATE TABLE booking_rule (
    office   TEXT NOT NULL,
    item     TEXT NOT NULL,
    lead     INTEGER NOT NULL,
    horizon  INTEGER NOT NULL,
    released INTEGER NOT NULL,
    quiet    INTEGER NOT NULL,
    walk_in  INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    agents   INTEGER NOT NULL,
    online   INTEGER NOT NULL,
    PRIMARY KEY (office, item)
);
CREATE TABLE workday_entry (
    on_date TEXT PRIMARY KEY,
    kind    TEXT NOT NULL CHECK (kind IN ('workday', 'weekend', 'holiday', 'makeup')),
    name    TEXT NOT NULL
);

-- Seats by who took them, for the quotas; and the windows that were asked for
-- by number, one visit at each of them at a time.
ALTER TABLE seat ADD COLUMN ordinary INTEGER NOT NULL DEFAULT 0 CHECK (ordinary >= 0);
ALTER TABLE seat ADD COLUMN agents INTEGER NOT NULL DEFAULT 0 CHECK (agents >= 0);
ALTER TABLE seat ADD COLUMN online INTEGER NOT NULL DEFAULT 0 CHECK (online >= 0);
UPDATE seat SET ordinary = taken, online = taken;
CREATE TABLE window_seat (
    office    TEXT NOT NULL,
    window_no INTEGER NOT NULL,
    starts_at BIGINT NOT NULL,
    PRIMARY KEY (office, window_no, starts_at)
);
CREATE INDEX window_seat_time ON window_seat (office, starts_at);
CREATE TABLE quiet_seat (
    id        TEXT PRIMARY KEY,
    office    TEXT NOT NULL,
    window_no INTEGER NOT NULL,
    from_at   BIGINT NOT NULL,
    to_at     BIGINT NOT NULL CHECK (to_at > from_at),
    channel   TEXT NOT NULL,
    priority  TEXT NOT NULL,
    ends_at   BIGINT NOT NULL
);
CREATE INDEX quiet_seat_time ON quiet_seat (office, from_at);
CREATE INDEX quiet_seat_end ON quiet_seat (ends_at);

ALTER TABLE appointment ADD COLUMN more_items TEXT NOT NULL DEFAULT '';
ALTER TABLE appointment ADD COLUMN window_no INTEGER NOT NULL DEFAULT 0;
ALTER TABLE appointment ADD COLUMN channel TEXT NOT NULL DEFAULT 'online';
ALTER TABLE appointment ADD COLUMN priority TEXT NOT NULL DEFAULT '';
ALTER TABLE appointment ADD COLUMN priority_seen TEXT NOT NULL DEFAULT '';
ALTER TABLE appointment ADD COLUMN made_by TEXT NOT NULL DEFAULT '';
ALTER TABLE appointment ADD COLUMN waiting_id TEXT NOT NULL DEFAULT '';
ALTER TABLE appointment ADD COLUMN displaced_by TEXT NOT NULL DEFAULT '';
ALTER TABLE appointment ADD COLUMN remind_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE appointment ADD COLUMN excused_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX appointment_remind ON appointment (remind_at) WHERE remind_at > 0;
CREATE INDEX appointment_displaced ON appointment (displaced_by) WHERE displaced_by <> '';
CREATE INDEX appointment_made_by ON appointment (made_by, state) WHERE made_by <> '';

CREATE TABLE waiting (
    id             TEXT PRIMARY KEY,
    person_id      TEXT NOT NULL REFERENCES person (id),
    office         TEXT NOT NULL,
    item           TEXT NOT NULL,
    people         INTEGER NOT NULL CHECK (people >= 1),
    priority       TEXT NOT NULL,
    from_at        BIGINT NOT NULL,
    to_at          BIGINT NOT NULL CHECK (to_at > from_at),
    state          TEXT NOT NULL CHECK (state IN ('waiting', 'offered', 'accepted', 'declined', 'lapsed', 'left', 'ended')),
    appointment_id TEXT NOT NULL DEFAULT '',
    offer_ends     BIGINT NOT NULL DEFAULT 0,
    asked_at       BIGINT NOT NULL
);
CREATE INDEX waiting_person ON waiting (person_id, state);
CREATE INDEX waiting_office ON waiting (office, asked_at, id) WHERE state = 'waiting';
CREATE INDEX waiting_offer ON waiting (appointment_id) WHERE appointment_id <> '';

CREATE TABLE appeal (
    id             TEXT PRIMARY KEY,
    appointment_id TEXT NOT NULL UNIQUE REFERENCES appointment (id),
    person_id      TEXT NOT NULL REFERENCES person (id),
    office         TEXT NOT NULL,
    why_sealed     BYTEA NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('open', 'granted', 'refused')),
    made_at        BIGINT NOT NULL,
    decided_by     TEXT NOT NULL DEFAULT '',
    decided_at     BIGINT NOT NULL DEFAULT 0,
    answer_sealed  BYTEA
);
CREATE INDEX appeal_office ON appeal (office, state, id);

-- +goose Down
DROP TABLE appeal;
DROP TABLE waiting;
DROP INDEX appointment_made_by;
DROP INDEX appointment_displaced;
DROP INDEX appointment_remind;
ALTER TABLE appointment DROP COLUMN excused_at;
ALTER TABLE appointment DROP COLUMN remind_at;
ALTER TABLE appointment DROP COLUMN displaced_by;
ALTER TABLE appointment DROP COLUMN waiting_id;
ALTER TABLE appointment DROP COLUMN made_by;
ALTER TABLE appointment DROP COLUMN priority_seen;
ALTER TABLE appointment DROP COLUMN priority;
ALTER TABLE appointment DROP COLUMN channel;
ALTER TABLE appointment DROP COLUMN window_no;
ALTER TABLE appointment DROP COLUMN more_items;
DROP TABLE quiet_seat;
DROP TABLE window_seat;
ALTER TABLE seat DROP COLUMN online;
ALTER TABLE seat DROP COLUMN agents;
ALTER TABLE seat DROP COLUMN ordinary;
DROP TABLE workday_entry;
DROP TABLE booking_rule;
DROP TABLE named_window;
DROP TABLE duty;
DROP TABLE timetable_entry;
DROP TABLE timetable;
