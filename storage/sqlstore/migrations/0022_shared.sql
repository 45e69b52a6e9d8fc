-- What shared bases told of applicants, where each base stands in a case, the
-- ledger of uses, and what was taken back.

-- +goose Up
CREATE TABLE shared_fact (
    person_id    TEXT NOT NULL REFERENCES person (id),
    source       TEXT NOT NULL,
    what         TEXT NOT NULL,
    given        BOOLEAN NOT NULL,
    value_sealed BYTEA,
    ref          TEXT NOT NULL,
    fetched_at   BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL,
    PRIMARY KEY (person_id, source, what)
);
CREATE INDEX shared_fact_end ON shared_fact (ends_at);
CREATE INDEX shared_fact_ref ON shared_fact (source, ref);

CREATE TABLE case_source (
    case_id    TEXT NOT NULL REFERENCES cases (id),
    source     TEXT NOT NULL,
    state      TEXT NOT NULL CHECK (state IN ('needs_consent', 'taken', 'none', 'down', 'objected')),
    consent_at BIGINT NOT NULL DEFAULT 0,
    asked_at   BIGINT NOT NULL,
    PRIMARY KEY (case_id, source)
);

-- One line a use; what stands in use for a thing of a case stands once.
CREATE TABLE shared_use (
    id           TEXT PRIMARY KEY,
    case_id      TEXT NOT NULL REFERENCES cases (id),
    person_id    TEXT NOT NULL REFERENCES person (id),
    item         TEXT NOT NULL,
    source       TEXT NOT NULL,
    material     TEXT NOT NULL,
    field        TEXT NOT NULL,
    value_sealed BYTEA,
    ref          TEXT NOT NULL,
    basis        TEXT NOT NULL,
    consent_at   BIGINT NOT NULL,
    at           BIGINT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('in_use', 'objected', 'revoked')),
    ended_at     BIGINT NOT NULL DEFAULT 0,
    why          TEXT NOT NULL DEFAULT '',
    flagged_at   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX shared_use_person ON shared_use (person_id, id);
CREATE INDEX shared_use_case ON shared_use (case_id);
CREATE INDEX shared_use_ref ON shared_use (source, ref) WHERE state = 'in_use';
CREATE INDEX shared_use_unflagged ON shared_use (case_id) WHERE state = 'revoked' AND flagged_at = 0;
CREATE INDEX shared_use_revoked ON shared_use (id) WHERE state = 'revoked';
CREATE UNIQUE INDEX shared_use_once ON shared_use (case_id, source, material, field) WHERE state = 'in_use';

CREATE TABLE shared_revocation (
    id            TEXT PRIMARY KEY,
    source        TEXT NOT NULL,
    ref           TEXT NOT NULL,
    since         BIGINT NOT NULL,
    at            BIGINT NOT NULL,
    by_staff      TEXT NOT NULL,
    reason_sealed BYTEA,
    uses          INTEGER NOT NULL
);

-- Up to where the revocations of a base have been read.
CREATE TABLE shared_mark (
    source TEXT PRIMARY KEY,
    mark   TEXT NOT NULL
);

-- +goose Down
DROP TABLE shared_mark;
DROP TABLE shared_revocation;
DROP TABLE shared_use;
DROP TABLE case_source;
DROP TABLE shared_fact;
