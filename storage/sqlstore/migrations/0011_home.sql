-- Where a person lives or an organisation has its seat: the code of a division,
-- by which offices are found that may serve it.

-- +goose Up
ALTER TABLE person ADD COLUMN home_sealed BYTEA;

-- +goose Down
ALTER TABLE person DROP COLUMN home_sealed;
