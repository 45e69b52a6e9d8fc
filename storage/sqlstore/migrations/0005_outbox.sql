-- A message is its own request to be sent: a notice costs one row.

-- +goose Up
-- due_at is when to try next, 0 where nothing is left to be done; tries also
-- names the one who tries. A message that was given up has neither time.
ALTER TABLE message ADD COLUMN due_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE message ADD COLUMN last_error TEXT NOT NULL DEFAULT '';
UPDATE message SET due_at = made_at WHERE sent_at = 0;
DELETE FROM job WHERE kind = 'notify.send';
CREATE INDEX message_due ON message (due_at) WHERE due_at > 0;

-- +goose Down
DROP INDEX message_due;
ALTER TABLE message DROP COLUMN last_error;
ALTER TABLE message DROP COLUMN tries;
ALTER TABLE message DROP COLUMN due_at;
