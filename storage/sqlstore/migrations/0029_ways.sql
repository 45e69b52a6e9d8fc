-- Ways to rows that were looked for one by one.

-- +goose Up
CREATE INDEX agency_at ON agency (made_at, id);
CREATE INDEX agency_ended ON agency (ended_at, id) WHERE ended_at > 0;
CREATE INDEX appeal_person ON appeal (person_id);
CREATE INDEX courier_act_id ON courier_act (id);
CREATE INDEX delivery_release_at ON delivery_release (at, case_id);
CREATE INDEX face_check_account ON face_check (account_id);
CREATE INDEX look_at ON look (at, id);
CREATE INDEX message_call_account ON message_call (account_id);
CREATE INDEX original_person ON original (person_id);
CREATE INDEX paper_person ON paper (person_id);
CREATE INDEX staff_at ON staff (office, role) WHERE left_at = 0;
CREATE INDEX staff_company ON staff (company, role) WHERE left_at = 0;
CREATE INDEX staff_role ON staff (role, office) WHERE left_at = 0;
CREATE INDEX staff_of_account ON staff (account_id);
CREATE INDEX staff_taken ON staff (taken_at, id);
CREATE INDEX staff_left ON staff (left_at, id) WHERE left_at > 0;
CREATE INDEX waybill_person ON waybill (person_id, made_at);

-- +goose Down
DROP INDEX waybill_person;
DROP INDEX staff_left;
DROP INDEX staff_taken;
DROP INDEX staff_of_account;
DROP INDEX staff_role;
DROP INDEX staff_company;
DROP INDEX staff_at;
DROP INDEX paper_person;
DROP INDEX original_person;
DROP INDEX message_call_account;
DROP INDEX look_at;
DROP INDEX face_check_account;
DROP INDEX delivery_release_at;
DROP INDEX courier_act_id;
DROP INDEX appeal_person;
DROP INDEX agency_ended;
DROP INDEX agency_at;
