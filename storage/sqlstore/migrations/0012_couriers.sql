-- Several courier companies: who goes where for how much, orders at those that
-- have an interface and what they tell, photos and signatures, parcel lockers.
-- Fees are fen.

-- +goose Up
ALTER TABLE delivery_choice ADD COLUMN company TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery_choice ADD COLUMN division TEXT NOT NULL DEFAULT '';
ALTER TABLE delivery_choice ADD COLUMN fee BIGINT NOT NULL DEFAULT 0;
ALTER TABLE waybill ADD COLUMN division TEXT NOT NULL DEFAULT '';
ALTER TABLE waybill ADD COLUMN fee BIGINT NOT NULL DEFAULT 0;
ALTER TABLE waybill ADD COLUMN ordered BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE waybill ADD COLUMN locker_may BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE waybill ADD COLUMN claimed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE waybill ADD COLUMN arrived_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE waybill ADD COLUMN locker TEXT NOT NULL DEFAULT '';
ALTER TABLE waybill ADD COLUMN locker_code_sealed BYTEA;
ALTER TABLE waybill ADD COLUMN locker_until BIGINT NOT NULL DEFAULT 0;

CREATE TABLE proof_file (
    courier    TEXT NOT NULL,
    id         TEXT NOT NULL,
    waybill_id TEXT NOT NULL REFERENCES waybill (id),
    kind       TEXT NOT NULL CHECK (kind IN ('photo', 'signature')),
    file       TEXT NOT NULL UNIQUE,
    media      TEXT NOT NULL,
    bytes      INTEGER NOT NULL,
    sha256     BYTEA NOT NULL,
    added_at   BIGINT NOT NULL,
    PRIMARY KEY (courier, id)
);
CREATE INDEX proof_file_waybill ON proof_file (waybill_id);

CREATE TABLE courier_order (
    waybill_id  TEXT PRIMARY KEY REFERENCES waybill (id),
    company     TEXT NOT NULL,
    via         TEXT NOT NULL,
    code        TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('asked', 'placed', 'failed', 'dropped')),
    task        TEXT NOT NULL DEFAULT '',
    ref         TEXT NOT NULL DEFAULT '',
    number      TEXT NOT NULL DEFAULT '',
    salt_sealed BYTEA NOT NULL,
    reason      TEXT NOT NULL DEFAULT '',
    asked_at    BIGINT NOT NULL,
    placed_at   BIGINT NOT NULL DEFAULT 0,
    told_at     BIGINT NOT NULL DEFAULT 0,
    heard_at    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX courier_order_heard ON courier_order (heard_at) WHERE state = 'placed';

CREATE TABLE courier_tiding (
    waybill_id  TEXT NOT NULL REFERENCES waybill (id),
    digest      BYTEA NOT NULL,
    news        TEXT NOT NULL,
    at          BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    result      TEXT NOT NULL CHECK (result IN ('followed', 'old', 'refused')),
    code        TEXT NOT NULL,
    PRIMARY KEY (waybill_id, digest)
);

-- +goose Down
DROP TABLE courier_tiding;
DROP TABLE courier_order;
DROP TABLE proof_file;
ALTER TABLE waybill DROP COLUMN locker_until;
ALTER TABLE waybill DROP COLUMN locker_code_sealed;
ALTER TABLE waybill DROP COLUMN locker;
ALTER TABLE waybill DROP COLUMN arrived_at;
ALTER TABLE waybill DROP COLUMN claimed_at;
ALTER TABLE waybill DROP COLUMN locker_may;
ALTER TABLE waybill DROP COLUMN ordered;
ALTER TABLE waybill DROP COLUMN fee;
ALTER TABLE waybill DROP COLUMN division;
ALTER TABLE delivery_choice DROP COLUMN fee;
ALTER TABLE delivery_choice DROP COLUMN division;
ALTER TABLE delivery_choice DROP COLUMN company;
