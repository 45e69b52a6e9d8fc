-- Who a person is and who may do what: sessions that can be listed and
-- revoked, posts that can be left, agents, legal persons, looks at data.

-- +goose Up
-- Sessions of before end: they have no id to be revoked by.
DROP TABLE session;
CREATE TABLE session (
    token_hash BYTEA PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES account (id),
    device     TEXT NOT NULL,
    made_at    BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    ends_at    BIGINT NOT NULL,
    raised_at  BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX session_account ON session (account_id);

ALTER TABLE person ADD COLUMN closed_at BIGINT NOT NULL DEFAULT 0;

-- Who stands for a legal person.
CREATE TABLE representative (
    person_id         TEXT PRIMARY KEY REFERENCES person (id),
    representative_id TEXT NOT NULL REFERENCES person (id),
    proved_at         BIGINT NOT NULL,
    CHECK (person_id <> representative_id)
);
CREATE INDEX representative_of ON representative (representative_id);

-- An account holds one post at a time, but may take up another one later.
CREATE TABLE post (
    id          TEXT PRIMARY KEY,
    account_id  TEXT NOT NULL REFERENCES account (id),
    role        TEXT NOT NULL,
    name_sealed BYTEA NOT NULL,
    office      TEXT NOT NULL,
    department  TEXT NOT NULL,
    company     TEXT NOT NULL,
    invited_by  TEXT NOT NULL DEFAULT '',
    taken_at    BIGINT NOT NULL DEFAULT 0,
    left_at     BIGINT NOT NULL DEFAULT 0,
    left_by     TEXT NOT NULL DEFAULT ''
);
INSERT INTO post (id, account_id, role, name_sealed, office, department, company, left_at)
    SELECT id, account_id, role, name_sealed, office, department, company, left_at FROM staff;
DROP TABLE staff;
ALTER TABLE post RENAME TO staff;
CREATE UNIQUE INDEX staff_account ON staff (account_id) WHERE left_at = 0;
ALTER TABLE invitation ADD COLUMN invited_by TEXT NOT NULL DEFAULT '';

-- last_step is the newest 30 seconds whose code was taken.
CREATE TABLE second_factor (
    staff_id      TEXT PRIMARY KEY REFERENCES staff (id),
    secret_sealed BYTEA NOT NULL,
    confirmed_at  BIGINT NOT NULL DEFAULT 0,
    last_step     BIGINT NOT NULL DEFAULT 0,
    wrong         INTEGER NOT NULL DEFAULT 0,
    locked_until  BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE agency (
    id           TEXT PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('granted', 'guardian')),
    principal_id TEXT NOT NULL REFERENCES person (id),
    agent_id     TEXT NOT NULL REFERENCES person (id),
    every_item   BOOLEAN NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('offered', 'active', 'ended')),
    made_at      BIGINT NOT NULL,
    accepted_at  BIGINT NOT NULL DEFAULT 0,
    ends_at      BIGINT NOT NULL,
    ended_at     BIGINT NOT NULL DEFAULT 0,
    ended_by     TEXT NOT NULL DEFAULT '',
    CHECK (principal_id <> agent_id)
);
CREATE INDEX agency_principal ON agency (principal_id, made_at);
CREATE INDEX agency_agent ON agency (agent_id, made_at);

CREATE TABLE agency_item (
    agency_id TEXT NOT NULL REFERENCES agency (id),
    item      TEXT NOT NULL,
    PRIMARY KEY (agency_id, item)
);

-- Who acts in a case for its person.
CREATE TABLE case_agent (
    case_id  TEXT PRIMARY KEY REFERENCES cases (id),
    agent_id TEXT NOT NULL REFERENCES person (id)
);
CREATE INDEX case_agent_agent ON case_agent (agent_id);

-- Each time that staff looked at a person's data in full.
CREATE TABLE look (
    id             TEXT PRIMARY KEY,
    staff_id       TEXT NOT NULL,
    person_id      TEXT NOT NULL REFERENCES person (id),
    what           TEXT NOT NULL,
    purpose_sealed BYTEA NOT NULL,
    at             BIGINT NOT NULL
);
CREATE INDEX look_person ON look (person_id, id);
CREATE INDEX look_staff ON look (staff_id, id);

-- +goose Down
DROP TABLE look;
DROP TABLE case_agent;
DROP TABLE agency_item;
DROP TABLE agency;
DROP TABLE second_factor;
ALTER TABLE invitation DROP COLUMN invited_by;
DROP INDEX staff_account;
CREATE TABLE staff_before (
    id          TEXT PRIMARY KEY,
    account_id  TEXT NOT NULL UNIQUE REFERENCES account (id),
    role        TEXT NOT NULL,
    name_sealed BYTEA NOT NULL,
    office      TEXT NOT NULL,
    department  TEXT NOT NULL,
    company     TEXT NOT NULL,
    left_at     BIGINT NOT NULL DEFAULT 0
);
INSERT INTO staff_before SELECT id, account_id, role, name_sealed, office, department, company, left_at FROM staff WHERE left_at = 0;
DROP TABLE staff;
ALTER TABLE staff_before RENAME TO staff;
DROP TABLE representative;
ALTER TABLE person DROP COLUMN closed_at;
DROP TABLE session;
CREATE TABLE session (
    token_hash BYTEA PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    made_at    BIGINT NOT NULL,
    ends_at    BIGINT NOT NULL
);
CREATE INDEX session_account ON session (account_id);
