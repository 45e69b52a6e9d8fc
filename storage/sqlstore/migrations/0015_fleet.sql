-- What several instances agree on: who leads, and what was already sent.

-- +goose Up
CREATE TABLE lease (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    ends   BIGINT NOT NULL
);

-- A row stands before WeChat is called: with it, the call may have been made.
CREATE TABLE message_call (
    message_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    called_at  BIGINT NOT NULL,
    PRIMARY KEY (message_id, account_id)
);

-- +goose Down
DROP TABLE message_call;
DROP TABLE lease;
