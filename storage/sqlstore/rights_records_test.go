package sqlstore

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// shown are the tables that have parts of their own in a dossier.
var shown = []string{
	"account", "session", "agency", "agency_item", "person", "appointment", "ticket", "cases", "case_event", "case_file", "case_material",
	"commitment", "delivery_choice", "shared_use", "licence", "waybill", "rating", "message", "look",
}

// ofNobody are the tables that hold nothing of a person who is served: the
// service's own work, the offices', and what leads to nobody. answer keeps for
// a day what its owner was answered; upload_part holds pieces of what upload
// names; the courier's acts are told in waybill_event.
var ofNobody = []string{
	"answer", "upload_part", "courier_act", "courier_order", "courier_tiding", "bag", "bag_step", "booking_rule", "duty", "edition",
	"goose_db_version", "invitation", "job", "lease", "ledger_checkpoint", "ledger_head", "ledger_leaf", "line_difference", "media_check", "named_window",
	"page_code", "paper_slip", "queue_page", "queue_window", "quiet_seat", "rating_invitation", "reseal", "reseal_mover", "rush", "seat", "second_factor",
	"serial", "shared_mark", "shared_revocation", "sqlite_sequence", "terminal", "terminal_challenge", "terminal_invitation", "timetable", "timetable_entry", "window_seat", "workday_entry",
}

// TestEveryTableIsShownToItsPerson: a new one has to say to whom it belongs.
func TestEveryTableIsShownToItsPerson(t *testing.T) {
	db := openKeyed(t, filepath.Join(t.TempDir(), "y.db"))
	tables, err := all(t.Context(), &db.queries, scalar[string], `SELECT name FROM sqlite_master WHERE type = 'table'`)
	require.NoError(t, err)
	told := append(append([]string{}, shown...), ofNobody...)
	for _, trace := range traces {
		told = append(told, trace.table)
	}
	require.ElementsMatch(t, tables, told, "a table stands in traces, in a part of its own, or holds nothing of a person")
	records, err := db.Records(t.Context(), "nobody")
	require.NoError(t, err)
	require.Empty(t, records)
}
