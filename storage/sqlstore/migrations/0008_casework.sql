-- What a case needs to be answered, counted, supplemented, reviewed together
-- and followed by two offices. Free text that staff or applicants write is
-- sealed; dates are YYYY-MM-DD, '' for none.

-- +goose Up
DROP INDEX cases_office;
DROP INDEX cases_decides;
DROP INDEX cases_appointment;
DROP INDEX cases_decided;
ALTER TABLE cases ADD COLUMN stands TEXT NOT NULL DEFAULT 'draft' CHECK (stands IN ('draft', 'received', 'notified', 'receipt',
    'accepted', 'granted', 'refused', 'terminated', 'withdrawn', 'closed'));
UPDATE cases SET stands = state;
ALTER TABLE cases DROP COLUMN state;
ALTER TABLE cases RENAME COLUMN stands TO state;
-- owed counts the applicable materials that are not found fit.
ALTER TABLE cases ADD COLUMN owed INTEGER NOT NULL DEFAULT 0 CHECK (owed = 0 OR state NOT IN ('granted', 'closed'));
UPDATE cases SET owed = (SELECT count(*) FROM case_material m WHERE m.case_id = cases.id AND m.applies <> 'no' AND m.state <> 'fit')
    WHERE state NOT IN ('granted', 'closed');
ALTER TABLE cases ADD COLUMN reviewer TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN subject_division TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN answer_due TEXT NOT NULL DEFAULT '';
ALTER TABLE cases ADD COLUMN legal_due TEXT NOT NULL DEFAULT '';
CREATE INDEX cases_office ON cases (office, id) WHERE state IN ('draft', 'received', 'notified', 'receipt', 'accepted', 'granted');
CREATE INDEX cases_decides ON cases (decides, department, id) WHERE state IN ('receipt', 'accepted');
CREATE UNIQUE INDEX cases_appointment ON cases (appointment_id) WHERE state <> 'withdrawn';
CREATE INDEX cases_decided ON cases (state, decided_at);
CREATE INDEX cases_mine ON cases (person_id, id);
CREATE INDEX cases_answer ON cases (answer_due) WHERE state = 'received';
CREATE INDEX cases_due ON cases (due_on) WHERE state = 'accepted' AND due_on <> '';
CREATE INDEX cases_legal ON cases (legal_due) WHERE state = 'accepted' AND legal_due <> '';
CREATE INDEX cases_supplement ON cases (supplement_due) WHERE state IN ('receipt', 'accepted') AND supplement_due <> '';

ALTER TABLE case_event ADD COLUMN text_sealed BYTEA;

-- What an office has told the applicant to supply (行政许可法 Art. 32).
CREATE TABLE case_notice (
    case_id       TEXT NOT NULL REFERENCES cases (id),
    seq           INTEGER NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('given', 'proposed', 'rejected')),
    materials     TEXT NOT NULL,
    text_sealed   BYTEA,
    reason_sealed BYTEA,
    made_by       TEXT NOT NULL,
    made_at       BIGINT NOT NULL,
    ruled_by      TEXT NOT NULL DEFAULT '',
    ruled_at      BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (case_id, seq)
);

-- A time that does not count; days is how long the applicant was told it takes.
CREATE TABLE case_pause (
    case_id     TEXT NOT NULL REFERENCES cases (id),
    seq         INTEGER NOT NULL,
    reason      TEXT NOT NULL,
    from_on     TEXT NOT NULL,
    to_on       TEXT NOT NULL DEFAULT '',
    days        INTEGER NOT NULL DEFAULT 0,
    made_by     TEXT NOT NULL,
    note_sealed BYTEA,
    PRIMARY KEY (case_id, seq)
);
CREATE UNIQUE INDEX case_pause_open ON case_pause (case_id, reason) WHERE to_on = '';

CREATE TABLE case_extension (
    case_id     TEXT PRIMARY KEY REFERENCES cases (id),
    days        INTEGER NOT NULL CHECK (days BETWEEN 1 AND 15),
    made_by     TEXT NOT NULL,
    made_at     BIGINT NOT NULL,
    why_sealed  BYTEA NOT NULL
);

-- What the clock brought: each once for each day that something was due.
CREATE TABLE case_alarm (
    case_id    TEXT NOT NULL REFERENCES cases (id),
    clock      TEXT NOT NULL CHECK (clock IN ('answer', 'promise', 'law', 'opinion')),
    kind       TEXT NOT NULL CHECK (kind IN ('near', 'due', 'over')),
    due_on     TEXT NOT NULL,
    about      TEXT NOT NULL DEFAULT '',
    office     TEXT NOT NULL,
    decides    TEXT NOT NULL,
    department TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (case_id, clock, kind, due_on, about)
);
CREATE INDEX case_alarm_office ON case_alarm (office, at);
CREATE INDEX case_alarm_decides ON case_alarm (decides, department, at);

-- Force majeure (不可抗力): asked for by the applicant, decided once.
CREATE TABLE case_relief (
    case_id       TEXT PRIMARY KEY REFERENCES cases (id),
    asked_by      TEXT NOT NULL,
    asked_at      BIGINT NOT NULL,
    from_on       TEXT NOT NULL,
    text_sealed   BYTEA NOT NULL,
    evidence      TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('asked', 'granted', 'denied')),
    to_on         TEXT NOT NULL DEFAULT '',
    ruled_by      TEXT NOT NULL DEFAULT '',
    ruled_at      BIGINT NOT NULL DEFAULT 0,
    reason_sealed BYTEA
);

-- A supplement as it came: when it arrived at which office, and how.
CREATE TABLE case_supplement (
    case_id    TEXT NOT NULL REFERENCES cases (id),
    seq        INTEGER NOT NULL,
    material   TEXT NOT NULL,
    channel    TEXT NOT NULL CHECK (channel IN ('window', 'post', 'site_visit', 'online', 'shared')),
    arrived_on TEXT NOT NULL,
    office     TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    made_at    BIGINT NOT NULL,
    PRIMARY KEY (case_id, seq)
);

-- Joint review (联审联办): what each department was asked and said.
CREATE TABLE case_opinion (
    case_id     TEXT NOT NULL REFERENCES cases (id),
    department  TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('asked', 'agreed', 'objected')),
    decides     TEXT NOT NULL,
    due_on      TEXT NOT NULL,
    asked_by    TEXT NOT NULL,
    asked_at    BIGINT NOT NULL,
    ask_sealed  BYTEA,
    given_by    TEXT NOT NULL DEFAULT '',
    given_at    BIGINT NOT NULL DEFAULT 0,
    text_sealed BYTEA,
    PRIMARY KEY (case_id, department)
);
CREATE INDEX case_opinion_asked ON case_opinion (decides, department, state);
CREATE INDEX case_opinion_due ON case_opinion (due_on) WHERE state = 'asked';

-- What a supervisor ruled where departments do not agree.
CREATE TABLE case_ruling (
    case_id     TEXT PRIMARY KEY REFERENCES cases (id),
    grants      BOOLEAN NOT NULL,
    made_by     TEXT NOT NULL,
    made_at     BIGINT NOT NULL,
    text_sealed BYTEA NOT NULL
);

-- A decision at once by rule (秒批): the rule, its version and the facts.
CREATE TABLE case_instant (
    case_id      TEXT PRIMARY KEY REFERENCES cases (id),
    rule         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    grants       BOOLEAN NOT NULL,
    facts_sealed BYTEA NOT NULL,
    made_at      BIGINT NOT NULL,
    asked_at     BIGINT NOT NULL DEFAULT 0,
    asked_sealed BYTEA,
    seen_by      TEXT NOT NULL DEFAULT '',
    seen_at      BIGINT NOT NULL DEFAULT 0,
    upheld       BOOLEAN NOT NULL DEFAULT FALSE,
    seen_sealed  BYTEA
);
CREATE INDEX case_instant_asked ON case_instant (asked_at) WHERE asked_at > 0 AND seen_at = 0;

-- What a granted case has produced, such as a credit code, by form field.
CREATE TABLE case_output (
    case_id      TEXT NOT NULL REFERENCES cases (id),
    field        TEXT NOT NULL,
    value_sealed BYTEA NOT NULL,
    PRIMARY KEY (case_id, field)
);

-- +goose Down
DROP TABLE case_output;
DROP TABLE case_instant;
DROP TABLE case_ruling;
DROP TABLE case_opinion;
DROP TABLE case_supplement;
DROP TABLE case_relief;
DROP TABLE case_alarm;
DROP TABLE case_extension;
DROP TABLE case_pause;
DROP TABLE case_notice;
ALTER TABLE case_event DROP COLUMN text_sealed;
DROP INDEX cases_supplement;
DROP INDEX cases_legal;
DROP INDEX cases_due;
DROP INDEX cases_answer;
DROP INDEX cases_mine;
DROP INDEX cases_decided;
DROP INDEX cases_appointment;
DROP INDEX cases_decides;
DROP INDEX cases_office;
ALTER TABLE cases DROP COLUMN legal_due;
ALTER TABLE cases DROP COLUMN answer_due;
ALTER TABLE cases DROP COLUMN subject_division;
ALTER TABLE cases DROP COLUMN reviewer;
ALTER TABLE cases DROP COLUMN owed;
ALTER TABLE cases ADD COLUMN stands TEXT NOT NULL DEFAULT 'draft' CHECK (stands IN ('draft', 'notified', 'receipt', 'accepted', 'granted',
    'refused', 'terminated', 'withdrawn', 'closed'));
UPDATE cases SET stands = CASE state WHEN 'received' THEN 'draft' ELSE state END;
ALTER TABLE cases DROP COLUMN state;
ALTER TABLE cases RENAME COLUMN stands TO state;
CREATE INDEX cases_office ON cases (office, state);
CREATE INDEX cases_decides ON cases (decides, department, state);
CREATE UNIQUE INDEX cases_appointment ON cases (appointment_id) WHERE state <> 'withdrawn';
CREATE INDEX cases_decided ON cases (state, decided_at);
