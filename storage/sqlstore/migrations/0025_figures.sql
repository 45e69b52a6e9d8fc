-- What the figures of the city and of the jobs are read by.

-- +goose Up
CREATE INDEX ticket_day ON ticket (day, office);
CREATE INDEX waybill_ended ON waybill (ended_at) WHERE ended_at > 0;
CREATE INDEX cases_tolerance ON cases (accepted_at) WHERE tolerance;
CREATE INDEX message_dead ON message (id) WHERE due_at = 0 AND sent_at = 0 AND tries > 0;

-- +goose Down
DROP INDEX message_dead;
DROP INDEX cases_tolerance;
DROP INDEX waybill_ended;
DROP INDEX ticket_day;
