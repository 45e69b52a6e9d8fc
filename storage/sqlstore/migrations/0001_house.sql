-- Times are Unix milliseconds (0: never), dates YYYY-MM-DD, columns that end
-- in _sealed are encrypted, columns that end in _index are blind indexes.

-- +goose Up
CREATE TABLE edition (
    version     INTEGER PRIMARY KEY,
    digest      TEXT NOT NULL,
    files       BYTEA NOT NULL,
    imported_at BIGINT NOT NULL
);

CREATE TABLE answer (
    owner       TEXT NOT NULL,
    key         TEXT NOT NULL,
    hash        BYTEA NOT NULL,
    status      INTEGER NOT NULL,
    body        BYTEA NOT NULL,
    answered_at BIGINT NOT NULL,
    PRIMARY KEY (owner, key)
);
CREATE INDEX answer_answered_at ON answer (answered_at);

CREATE TABLE job (
    id         TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    run_at     BIGINT NOT NULL,
    attempt    INTEGER NOT NULL DEFAULT 0,
    state      TEXT NOT NULL DEFAULT 'ready' CHECK (state IN ('ready', 'dead')),
    last_error TEXT NOT NULL DEFAULT '',
    UNIQUE (kind, subject)
);
CREATE INDEX job_due ON job (state, run_at);

CREATE TABLE person (
    id               TEXT PRIMARY KEY,
    kind             TEXT NOT NULL CHECK (kind IN ('natural', 'legal')),
    name_sealed      BYTEA NOT NULL,
    number_sealed    BYTEA NOT NULL,
    number_index     BYTEA NOT NULL UNIQUE,
    credit_grade     TEXT NOT NULL DEFAULT 'A' CHECK (credit_grade IN ('A', 'B', 'C', 'D', 'revoked')),
    created_at       BIGINT NOT NULL
);

CREATE TABLE account (
    id             TEXT PRIMARY KEY,
    open_id_index  BYTEA NOT NULL UNIQUE,
    open_id_sealed BYTEA NOT NULL,
    phone_sealed   BYTEA,
    person_id      TEXT REFERENCES person (id),
    real_name_at   BIGINT NOT NULL DEFAULT 0,
    face_at        BIGINT NOT NULL DEFAULT 0,
    created_at     BIGINT NOT NULL
);
CREATE INDEX account_person ON account (person_id);

CREATE TABLE session (
    token_hash BYTEA PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    made_at    BIGINT NOT NULL,
    ends_at    BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account_id);

CREATE TABLE face_check (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    verify_id  TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('open', 'passed', 'failed')),
    ends_at    BIGINT NOT NULL
);

CREATE TABLE invitation (
    code_hash   BYTEA PRIMARY KEY,
    role        TEXT NOT NULL,
    name_sealed BYTEA NOT NULL,
    office      TEXT NOT NULL,
    department  TEXT NOT NULL,
    company     TEXT NOT NULL,
    ends_at     BIGINT NOT NULL,
    used_at     BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE staff (
    id          TEXT PRIMARY KEY,
    account_id  TEXT NOT NULL UNIQUE REFERENCES account (id),
    role        TEXT NOT NULL,
    name_sealed BYTEA NOT NULL,
    office      TEXT NOT NULL,
    department  TEXT NOT NULL,
    company     TEXT NOT NULL,
    left_at     BIGINT NOT NULL DEFAULT 0
);

-- One cell of 15 minutes of an office's time, made when it is first taken.
-- capacity is the one of the last taking: taken may not have exceeded it.
CREATE TABLE seat (
    office    TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    capacity  INTEGER NOT NULL,
    taken     INTEGER NOT NULL DEFAULT 0 CHECK (taken >= 0 AND taken <= capacity),
    PRIMARY KEY (office, starts_at)
);

CREATE TABLE appointment (
    id         TEXT PRIMARY KEY,
    code       TEXT NOT NULL UNIQUE,
    person_id  TEXT NOT NULL REFERENCES person (id),
    office     TEXT NOT NULL,
    item       TEXT NOT NULL,
    starts_at  BIGINT NOT NULL,
    ends_at    BIGINT NOT NULL CHECK (ends_at > starts_at),
    people     INTEGER NOT NULL CHECK (people >= 1),
    state      TEXT NOT NULL CHECK (state IN ('held', 'booked', 'checked_in', 'served', 'cancelled', 'lapsed', 'no_show')),
    lapses_at  BIGINT NOT NULL,
    made_at    BIGINT NOT NULL,
    checked_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX appointment_person ON appointment (person_id, state, starts_at);
CREATE INDEX appointment_office ON appointment (office, starts_at);
CREATE INDEX appointment_lapses ON appointment (lapses_at) WHERE state IN ('held', 'booked', 'checked_in');

CREATE TABLE cases (
    id               TEXT PRIMARY KEY,
    number           TEXT NOT NULL UNIQUE,
    edition          INTEGER NOT NULL REFERENCES edition (version),
    item             TEXT NOT NULL,
    department       TEXT NOT NULL,
    person_id        TEXT NOT NULL REFERENCES person (id),
    office           TEXT NOT NULL,
    decides          TEXT NOT NULL,
    appointment_id   TEXT REFERENCES appointment (id),
    state            TEXT NOT NULL CHECK (state IN ('draft', 'notified', 'receipt', 'accepted', 'granted', 'refused', 'terminated', 'withdrawn', 'closed')),
    rule             TEXT NOT NULL DEFAULT '',
    tolerance        BOOLEAN NOT NULL DEFAULT FALSE,
    form_sealed      BYTEA,
    clerk            TEXT NOT NULL DEFAULT '',
    opened_at        BIGINT NOT NULL,
    received_at      BIGINT NOT NULL DEFAULT 0,
    accepted_at      BIGINT NOT NULL DEFAULT 0,
    due_on           TEXT NOT NULL DEFAULT '',
    supplement_due   TEXT NOT NULL DEFAULT '',
    decided_at       BIGINT NOT NULL DEFAULT 0,
    decided_by       TEXT NOT NULL DEFAULT '',
    decision_sealed  BYTEA,
    closed_at        BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX cases_person ON cases (person_id, opened_at);
CREATE INDEX cases_office ON cases (office, state);
CREATE INDEX cases_decides ON cases (decides, department, state);
CREATE UNIQUE INDEX cases_appointment ON cases (appointment_id) WHERE state <> 'withdrawn';

CREATE TABLE case_material (
    case_id   TEXT NOT NULL REFERENCES cases (id),
    place     INTEGER NOT NULL,
    material  TEXT NOT NULL,
    applies   TEXT NOT NULL CHECK (applies IN ('yes', 'no', 'unsaid')),
    state     TEXT NOT NULL CHECK (state IN ('missing', 'committed', 'provided', 'fit', 'unfit')),
    source    TEXT NOT NULL DEFAULT '',
    originals INTEGER NOT NULL DEFAULT 0,
    note      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (case_id, material)
);

CREATE TABLE case_file (
    id       TEXT PRIMARY KEY,
    case_id  TEXT NOT NULL REFERENCES cases (id),
    material TEXT NOT NULL,
    name_sealed BYTEA,
    media    TEXT NOT NULL,
    bytes    BIGINT NOT NULL,
    sha256   TEXT NOT NULL,
    added_at BIGINT NOT NULL
);
CREATE INDEX case_file_case ON case_file (case_id);

CREATE TABLE commitment (
    case_id     TEXT PRIMARY KEY REFERENCES cases (id),
    text_sealed BYTEA NOT NULL,
    digest      TEXT NOT NULL,
    signed_by   TEXT NOT NULL REFERENCES person (id),
    level       INTEGER NOT NULL,
    signed_at   BIGINT NOT NULL
);

CREATE TABLE case_event (
    case_id TEXT NOT NULL REFERENCES cases (id),
    seq     INTEGER NOT NULL,
    at      BIGINT NOT NULL,
    act     TEXT NOT NULL,
    actor   TEXT NOT NULL,
    note    TEXT NOT NULL,
    PRIMARY KEY (case_id, seq)
);

CREATE TABLE serial (
    series TEXT PRIMARY KEY,
    last   BIGINT NOT NULL
);

CREATE TABLE licence (
    id          TEXT PRIMARY KEY,
    number      TEXT NOT NULL UNIQUE,
    case_id     TEXT NOT NULL UNIQUE REFERENCES cases (id),
    person_id   TEXT NOT NULL REFERENCES person (id),
    item        TEXT NOT NULL,
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    code        TEXT NOT NULL UNIQUE,
    office      TEXT NOT NULL,
    issuer      TEXT NOT NULL,
    issued_at   BIGINT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('valid', 'revoked')),
    revoked_at  BIGINT NOT NULL DEFAULT 0,
    revoked_for TEXT NOT NULL DEFAULT ''
);
CREATE INDEX licence_person ON licence (person_id, issued_at);

CREATE TABLE delivery_choice (
    case_id          TEXT PRIMARY KEY REFERENCES cases (id),
    way              TEXT NOT NULL CHECK (way IN ('courier', 'window')),
    recipient_sealed BYTEA,
    phone_sealed     BYTEA,
    address_sealed   BYTEA,
    area             TEXT NOT NULL DEFAULT '',
    chosen_at        BIGINT NOT NULL
);

CREATE TABLE waybill (
    id               TEXT PRIMARY KEY,
    number           TEXT NOT NULL UNIQUE,
    case_id          TEXT NOT NULL UNIQUE REFERENCES cases (id),
    person_id        TEXT NOT NULL REFERENCES person (id),
    office           TEXT NOT NULL,
    company          TEXT NOT NULL,
    courier          TEXT NOT NULL DEFAULT '',
    state            TEXT NOT NULL CHECK (state IN ('made', 'handed_over', 'in_transit', 'delivered', 'attempt_failed', 'returned')),
    area             TEXT NOT NULL,
    recipient_sealed BYTEA NOT NULL,
    phone_sealed     BYTEA NOT NULL,
    address_sealed   BYTEA NOT NULL,
    code_sealed      BYTEA NOT NULL,
    wrong_codes      INTEGER NOT NULL DEFAULT 0 CHECK (wrong_codes <= 5),
    refusals         INTEGER NOT NULL DEFAULT 0,
    attempts         INTEGER NOT NULL DEFAULT 0 CHECK (attempts <= 3),
    made_at          BIGINT NOT NULL,
    ended_at         BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX waybill_waiting ON waybill (company, state, area, number);
CREATE INDEX waybill_courier ON waybill (courier, state);
CREATE INDEX waybill_office ON waybill (office, made_at);

CREATE TABLE waybill_event (
    waybill_id  TEXT NOT NULL REFERENCES waybill (id),
    seq         INTEGER NOT NULL,
    at          BIGINT NOT NULL,
    act         TEXT NOT NULL,
    actor       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    note_sealed BYTEA,
    PRIMARY KEY (waybill_id, seq)
);

CREATE TABLE rating (
    case_id     TEXT PRIMARY KEY REFERENCES cases (id),
    person_id   TEXT NOT NULL REFERENCES person (id),
    grade       INTEGER NOT NULL CHECK (grade BETWEEN 1 AND 5),
    reasons     TEXT NOT NULL,
    text_sealed BYTEA,
    rated_at    BIGINT NOT NULL
);

CREATE TABLE message (
    id          TEXT PRIMARY KEY,
    person_id   TEXT NOT NULL REFERENCES person (id),
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    text_sealed BYTEA NOT NULL,
    made_at     BIGINT NOT NULL,
    sent_at     BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX message_person ON message (person_id, made_at);

-- +goose Down
DROP TABLE message;
DROP TABLE rating;
DROP TABLE waybill_event;
DROP TABLE waybill;
DROP TABLE delivery_choice;
DROP TABLE licence;
DROP TABLE serial;
DROP TABLE case_event;
DROP TABLE commitment;
DROP TABLE case_file;
DROP TABLE case_material;
DROP TABLE cases;
DROP TABLE appointment;
DROP TABLE seat;
DROP TABLE staff;
DROP TABLE invitation;
DROP TABLE face_check;
DROP TABLE session;
DROP TABLE account;
DROP TABLE person;
DROP TABLE job;
DROP TABLE answer;
DROP TABLE edition;
