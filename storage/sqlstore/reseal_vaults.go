package sqlstore

// vault is a table with sealed columns. A value's place is the table's name,
// the column's name without _sealed, and the key's columns joined by "|".
type vault struct {
	table   string
	key     []string
	columns []string
}

// vaults are all of them. A test holds this list against the schema.
var vaults = []vault{
	{"account", []string{"id"}, []string{"open_id_sealed", "phone_sealed"}},
	{"appeal", []string{"id"}, []string{"why_sealed", "answer_sealed"}},
	{"answer", []string{"owner", "key"}, []string{"body"}},
	{"bag_step", []string{"bag_id", "seq"}, []string{"note_sealed"}},
	{"case_event", []string{"case_id", "seq"}, []string{"text_sealed"}},
	{"case_extension", []string{"case_id"}, []string{"why_sealed"}},
	{"case_file", []string{"id"}, []string{"name_sealed"}},
	{"case_instant", []string{"case_id"}, []string{"facts_sealed", "asked_sealed", "seen_sealed"}},
	{"case_material", []string{"case_id", "material"}, []string{"note_sealed"}},
	{"case_notice", []string{"case_id", "seq"}, []string{"text_sealed", "reason_sealed"}},
	{"case_opinion", []string{"case_id", "department"}, []string{"ask_sealed", "text_sealed"}},
	{"case_output", []string{"case_id", "field"}, []string{"value_sealed"}},
	{"case_pause", []string{"case_id", "seq"}, []string{"note_sealed"}},
	{"case_relief", []string{"case_id"}, []string{"text_sealed", "reason_sealed"}},
	{"case_ruling", []string{"case_id"}, []string{"text_sealed"}},
	{"cases", []string{"id"}, []string{"form_sealed", "decision_sealed"}},
	{"commitment", []string{"case_id"}, []string{"text_sealed", "signature_sealed"}},
	{"courier_order", []string{"waybill_id"}, []string{"salt_sealed"}},
	{"credit_record", []string{"id"}, []string{"reason_sealed"}},
	{"delivery_choice", []string{"case_id"}, []string{"recipient_sealed", "phone_sealed", "address_sealed"}},
	{"delivery_release", []string{"case_id"}, []string{"why_sealed"}},
	{"errand", []string{"id"}, []string{"form_sealed"}},
	{"errand_file", []string{"id"}, []string{"name_sealed"}},
	{"invitation", []string{"code_hash"}, []string{"name_sealed"}},
	{"licence", []string{"id"}, []string{"revoked_for_sealed"}},
	{"line_report", []string{"system", "id"}, []string{"text_sealed", "outputs_sealed"}},
	{"look", []string{"id"}, []string{"purpose_sealed"}},
	{"message", []string{"id"}, []string{"text_sealed"}},
	{"original", []string{"id"}, []string{"label_sealed"}},
	{"paper", []string{"id"}, []string{"page_sealed"}},
	{"person", []string{"id"}, []string{"name_sealed", "number_sealed", "home_sealed"}},
	{"rating", []string{"subject"}, []string{"text_sealed", "reply_sealed"}},
	{"second_factor", []string{"staff_id"}, []string{"secret_sealed"}},
	{"shared_fact", []string{"person_id", "source", "what"}, []string{"value_sealed"}},
	{"shared_revocation", []string{"id"}, []string{"reason_sealed"}},
	{"shared_use", []string{"id"}, []string{"value_sealed"}},
	{"staff", []string{"id"}, []string{"name_sealed"}},
	{"upload", []string{"id"}, []string{"name_sealed"}},
	{"waybill", []string{"id"}, []string{"recipient_sealed", "phone_sealed", "address_sealed", "code_sealed", "locker_code_sealed"}},
	{"waybill_event", []string{"waybill_id", "seq"}, []string{"note_sealed"}},
}

// FilePlace stands for the stored files where progress is kept.
const FilePlace = "file"
