-- What must be provable: the ledger, licences that are replaced, parcels with
-- all their ways, acts that couriers send in late, bags of paper between
-- offices, parcels that companies carry.

-- +goose Up
CREATE TABLE ledger_head (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    size BIGINT NOT NULL
);
INSERT INTO ledger_head (one, size) VALUES (1, 0);

-- at is in microseconds; hashes are the leaf's own and those of the subtrees
-- that it completed, 32 bytes each.
CREATE TABLE ledger_leaf (
    idx     INTEGER PRIMARY KEY,
    kind    TEXT NOT NULL,
    subject BYTEA NOT NULL,
    content BYTEA NOT NULL,
    at      BIGINT NOT NULL,
    hashes  BYTEA NOT NULL
);
CREATE INDEX ledger_leaf_subject ON ledger_leaf (subject);

CREATE TABLE ledger_checkpoint (
    size      BIGINT PRIMARY KEY,
    signed    BYTEA NOT NULL,
    signed_at BIGINT NOT NULL
);

-- A case has one licence that was not replaced.
CREATE TABLE licence_now (
    id          TEXT PRIMARY KEY,
    number      TEXT NOT NULL UNIQUE,
    case_id     TEXT NOT NULL REFERENCES cases (id),
    person_id   TEXT NOT NULL REFERENCES person (id),
    item        TEXT NOT NULL,
    name        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    code        TEXT NOT NULL UNIQUE,
    office      TEXT NOT NULL,
    issuer      TEXT NOT NULL,
    issued_at   BIGINT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('valid', 'revoked', 'replaced')),
    revoked_at  BIGINT NOT NULL DEFAULT 0,
    revoked_for_sealed BYTEA,
    valid_until TEXT NOT NULL DEFAULT '',
    replaces    TEXT NOT NULL DEFAULT '',
    replaced_by TEXT NOT NULL DEFAULT '',
    replaced_at BIGINT NOT NULL DEFAULT 0,
    hide_holder BOOLEAN NOT NULL DEFAULT FALSE,
    CHECK ((state = 'replaced') = (replaced_by <> ''))
);
INSERT INTO licence_now (id, number, case_id, person_id, item, name, kind, code, office, issuer, issued_at, state, revoked_at, revoked_for_sealed)
    SELECT id, number, case_id, person_id, item, name, kind, code, office, issuer, issued_at, state, revoked_at, revoked_for_sealed FROM licence;
DROP TABLE licence;
ALTER TABLE licence_now RENAME TO licence;
CREATE INDEX licence_person ON licence (person_id, issued_at);
CREATE UNIQUE INDEX licence_case ON licence (case_id) WHERE state <> 'replaced';

-- A case has one waybill that has not come to nothing.
CREATE TABLE waybill_now (
    id               TEXT PRIMARY KEY,
    number           TEXT NOT NULL UNIQUE,
    case_id          TEXT NOT NULL REFERENCES cases (id),
    person_id        TEXT NOT NULL REFERENCES person (id),
    office           TEXT NOT NULL,
    company          TEXT NOT NULL,
    courier          TEXT NOT NULL DEFAULT '',
    state            TEXT NOT NULL CHECK (state IN ('made', 'handed_over', 'in_transit', 'out_for_delivery', 'attempt_failed',
                     'held', 'returning', 'delivered', 'returned', 'lost', 'damaged', 'cancelled')),
    version          INTEGER NOT NULL,
    area             TEXT NOT NULL,
    recipient_sealed BYTEA NOT NULL,
    phone_sealed     BYTEA NOT NULL,
    address_sealed   BYTEA NOT NULL,
    hold_at          TEXT NOT NULL DEFAULT '',
    code_sealed      BYTEA NOT NULL,
    code_until       BIGINT NOT NULL DEFAULT 0,
    digits_do        BOOLEAN NOT NULL DEFAULT FALSE,
    evidence_due     BOOLEAN NOT NULL DEFAULT FALSE,
    grams            INTEGER NOT NULL DEFAULT 0,
    papers           TEXT NOT NULL DEFAULT '',
    wrong_codes      INTEGER NOT NULL DEFAULT 0 CHECK (wrong_codes <= 5),
    refusals         INTEGER NOT NULL DEFAULT 0,
    attempts         INTEGER NOT NULL DEFAULT 0 CHECK (attempts <= 3),
    redirects        INTEGER NOT NULL DEFAULT 0 CHECK (redirects <= 3),
    renewals         INTEGER NOT NULL DEFAULT 0 CHECK (renewals <= 5),
    calls            INTEGER NOT NULL DEFAULT 0 CHECK (calls <= 5),
    made_at          BIGINT NOT NULL,
    due_on           TEXT NOT NULL DEFAULT '',
    from_at          BIGINT NOT NULL DEFAULT 0,
    to_at            BIGINT NOT NULL DEFAULT 0,
    ended_at         BIGINT NOT NULL DEFAULT 0
);
INSERT INTO waybill_now (id, number, case_id, person_id, office, company, courier, state, version, area, recipient_sealed, phone_sealed,
        address_sealed, code_sealed, wrong_codes, refusals, attempts, made_at, ended_at)
    SELECT w.id, w.number, w.case_id, w.person_id, w.office, w.company, w.courier, w.state,
        (SELECT coalesce(max(e.seq), 1) FROM waybill_event e WHERE e.waybill_id = w.id), w.area, w.recipient_sealed, w.phone_sealed,
        w.address_sealed, w.code_sealed, w.wrong_codes, w.refusals, w.attempts, w.made_at, w.ended_at FROM waybill w;
CREATE TABLE waybill_event_now (
    waybill_id  TEXT NOT NULL REFERENCES waybill_now (id),
    seq         INTEGER NOT NULL,
    at          BIGINT NOT NULL,
    act         TEXT NOT NULL,
    actor       TEXT NOT NULL,
    passed_to   TEXT NOT NULL DEFAULT '',
    proof       TEXT NOT NULL DEFAULT '',
    evidence    TEXT NOT NULL DEFAULT '',
    reason      TEXT NOT NULL,
    note_sealed BYTEA,
    device_at   BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (waybill_id, seq)
);
INSERT INTO waybill_event_now (waybill_id, seq, at, act, actor, reason, note_sealed)
    SELECT waybill_id, seq, at, act, actor, reason, note_sealed FROM waybill_event;
DROP TABLE waybill_event;
DROP TABLE waybill;
ALTER TABLE waybill_now RENAME TO waybill;
ALTER TABLE waybill_event_now RENAME TO waybill_event;
CREATE UNIQUE INDEX waybill_case ON waybill (case_id) WHERE state NOT IN ('cancelled', 'lost', 'damaged');
CREATE INDEX waybill_of_case ON waybill (case_id);
CREATE INDEX waybill_waiting ON waybill (company, state, area, number);
CREATE INDEX waybill_courier ON waybill (courier, state);
CREATE INDEX waybill_office ON waybill (office, made_at);
CREATE INDEX waybill_held ON waybill (hold_at, state) WHERE hold_at <> '';
CREATE INDEX cases_decided ON cases (state, decided_at);

-- What couriers' devices kept without signal, and what became of it.
CREATE TABLE courier_act (
    courier     TEXT NOT NULL,
    id          TEXT NOT NULL,
    hash        BYTEA NOT NULL,
    waybill_id  TEXT NOT NULL,
    act         TEXT NOT NULL,
    device_at   BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    result      TEXT NOT NULL CHECK (result IN ('done', 'already_done', 'conflict')),
    code        TEXT NOT NULL,
    state       TEXT NOT NULL,
    PRIMARY KEY (courier, id)
);
CREATE INDEX courier_act_conflict ON courier_act (waybill_id) WHERE result = 'conflict';

CREATE TABLE delivery_warning (
    case_id TEXT PRIMARY KEY REFERENCES cases (id),
    at      BIGINT NOT NULL
);

-- Why a manager let a result go without proof.
CREATE TABLE delivery_release (
    case_id    TEXT PRIMARY KEY REFERENCES cases (id),
    actor      TEXT NOT NULL,
    at         BIGINT NOT NULL,
    why_sealed BYTEA NOT NULL
);

-- Paper originals and the bags that carry them between offices. due_on is the
-- last day to arrive; list holds the ids of originals, one space between.
CREATE TABLE bag (
    id          TEXT PRIMARY KEY,
    number      TEXT NOT NULL UNIQUE,
    from_office TEXT NOT NULL,
    to_office   TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('packing', 'sealed', 'on_the_way', 'received', 'disputed', 'settled', 'dropped')),
    version     INTEGER NOT NULL,
    seal        TEXT NOT NULL DEFAULT '',
    carrier     TEXT NOT NULL DEFAULT '',
    made_at     BIGINT NOT NULL,
    handed_at   BIGINT NOT NULL DEFAULT 0,
    due_on      TEXT NOT NULL DEFAULT '',
    escalated   INTEGER NOT NULL DEFAULT 0,
    ended_at    BIGINT NOT NULL DEFAULT 0,
    CHECK (from_office <> to_office)
);
CREATE INDEX bag_from ON bag (from_office, state);
CREATE INDEX bag_to ON bag (to_office, state);
CREATE INDEX bag_due ON bag (due_on) WHERE state IN ('on_the_way', 'disputed');
CREATE UNIQUE INDEX bag_seal ON bag (seal) WHERE seal <> '';

CREATE TABLE bag_step (
    bag_id      TEXT NOT NULL REFERENCES bag (id),
    seq         INTEGER NOT NULL,
    at          BIGINT NOT NULL,
    act         TEXT NOT NULL,
    actor       TEXT NOT NULL,
    seal        TEXT NOT NULL DEFAULT '',
    list        TEXT NOT NULL DEFAULT '',
    note_sealed BYTEA,
    PRIMARY KEY (bag_id, seq)
);

CREATE TABLE original (
    id           TEXT PRIMARY KEY,
    case_id      TEXT NOT NULL REFERENCES cases (id),
    person_id    TEXT NOT NULL REFERENCES person (id),
    material     TEXT NOT NULL,
    label_sealed BYTEA NOT NULL,
    whereabouts  TEXT NOT NULL CHECK (whereabouts IN ('at_office', 'in_bag', 'missing', 'back', 'lost')),
    office       TEXT NOT NULL,
    bag_id       TEXT NOT NULL DEFAULT '',
    version      INTEGER NOT NULL,
    taken_at     BIGINT NOT NULL,
    since        BIGINT NOT NULL,
    CHECK (whereabouts NOT IN ('in_bag', 'missing') OR bag_id <> '')
);
CREATE INDEX original_case ON original (case_id, id);
CREATE INDEX original_office ON original (office, whereabouts, id);
CREATE INDEX original_bag ON original (bag_id) WHERE bag_id <> '';

CREATE TABLE original_turn (
    original_id TEXT NOT NULL REFERENCES original (id),
    seq         INTEGER NOT NULL,
    at          BIGINT NOT NULL,
    whereabouts TEXT NOT NULL,
    office      TEXT NOT NULL,
    bag_id      TEXT NOT NULL,
    actor       TEXT NOT NULL,
    PRIMARY KEY (original_id, seq)
);

-- +goose Down
DROP TABLE original_turn;
DROP TABLE original;
DROP TABLE bag_step;
DROP TABLE bag;
DROP TABLE delivery_release;
DROP TABLE delivery_warning;
DROP TABLE courier_act;
DROP INDEX cases_decided;
CREATE TABLE waybill_before (
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
CREATE TABLE waybill_event_before (
    waybill_id  TEXT NOT NULL REFERENCES waybill_before (id),
    seq         INTEGER NOT NULL,
    at          BIGINT NOT NULL,
    act         TEXT NOT NULL,
    actor       TEXT NOT NULL,
    reason      TEXT NOT NULL,
    note_sealed BYTEA,
    PRIMARY KEY (waybill_id, seq)
);
INSERT INTO waybill_before SELECT id, number, case_id, person_id, office, company, courier,
    CASE state WHEN 'out_for_delivery' THEN 'in_transit' WHEN 'held' THEN 'returned' WHEN 'returning' THEN 'attempt_failed' ELSE state END,
    area, recipient_sealed, phone_sealed, address_sealed, code_sealed, wrong_codes, refusals, attempts, made_at, ended_at
    FROM waybill WHERE state NOT IN ('cancelled', 'lost', 'damaged');
INSERT INTO waybill_event_before SELECT e.waybill_id, e.seq, e.at, e.act, e.actor, e.reason, e.note_sealed
    FROM waybill_event e JOIN waybill_before w ON w.id = e.waybill_id;
DROP TABLE waybill_event;
DROP TABLE waybill;
ALTER TABLE waybill_before RENAME TO waybill;
ALTER TABLE waybill_event_before RENAME TO waybill_event;
CREATE INDEX waybill_waiting ON waybill (company, state, area, number);
CREATE INDEX waybill_courier ON waybill (courier, state);
CREATE INDEX waybill_office ON waybill (office, made_at);
CREATE TABLE licence_before (
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
    revoked_for_sealed BYTEA
);
INSERT INTO licence_before SELECT id, number, case_id, person_id, item, name, kind, code, office, issuer, issued_at, state, revoked_at, revoked_for_sealed
    FROM licence WHERE state <> 'replaced';
DROP TABLE licence;
ALTER TABLE licence_before RENAME TO licence;
CREATE INDEX licence_person ON licence (person_id, issued_at);
DROP TABLE ledger_checkpoint;
DROP TABLE ledger_leaf;
DROP TABLE ledger_head;
