-- Codes that a signed-in phone shows, to be typed into the sign-in of the
-- pages: one use, minutes.

-- +goose Up
CREATE TABLE page_code (
    code_hash  BYTEA PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    ends_at    BIGINT NOT NULL
);
CREATE INDEX page_code_account ON page_code (account_id);

-- A commitment read out and signed at the window.
ALTER TABLE commitment ADD COLUMN witness TEXT NOT NULL DEFAULT '';
ALTER TABLE commitment ADD COLUMN signature_sealed BYTEA;

-- +goose Down
ALTER TABLE commitment DROP COLUMN signature_sealed;
ALTER TABLE commitment DROP COLUMN witness;
DROP TABLE page_code;
