-- Acting for others beyond cases: agencies arranged at a window, visits and
-- ratings in another's name; when what the law keeps of a person may go.

-- +goose Up
ALTER TABLE agency ADD COLUMN relation TEXT NOT NULL DEFAULT '';
-- The member of staff who arranged it at the window, '' = the two themselves.
ALTER TABLE agency ADD COLUMN arranged_by TEXT NOT NULL DEFAULT '';

-- The paper that an arrangement rests on; its content lies with the files.
CREATE TABLE agency_proof (
    agency_id TEXT PRIMARY KEY REFERENCES agency (id),
    file      TEXT NOT NULL UNIQUE,
    media     TEXT NOT NULL,
    bytes     BIGINT NOT NULL,
    sha256    TEXT NOT NULL,
    added_at  BIGINT NOT NULL
);

-- Who has booked an appointment for its person.
CREATE TABLE appointment_agent (
    appointment_id TEXT PRIMARY KEY REFERENCES appointment (id),
    agent_id       TEXT NOT NULL REFERENCES person (id)
);
CREATE INDEX appointment_agent_agent ON appointment_agent (agent_id);

-- Who has rated a case for its person, '' = the person.
ALTER TABLE rating ADD COLUMN rated_by TEXT NOT NULL DEFAULT '';

-- What no longer concerns anybody is erased from here on.
CREATE INDEX person_closed ON person (closed_at) WHERE closed_at > 0;

-- +goose Down
DROP INDEX person_closed;
ALTER TABLE rating DROP COLUMN rated_by;
DROP TABLE appointment_agent;
DROP TABLE agency_proof;
ALTER TABLE agency DROP COLUMN arranged_by;
ALTER TABLE agency DROP COLUMN relation;
