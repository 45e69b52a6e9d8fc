package sqlstore

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What a hold looks up while everybody waits for the writer must not grow with
// the years.
func TestAHoldLooksAtOpenAppointmentsOnly(t *testing.T) {
	db, err := Open(t.Context(), Config{Path: filepath.Join(t.TempDir(), "plan.db"), Now: time.Now})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	for query, want := range map[string]string{
		openAppointments: "appointment_person (person_id=? AND state=?)",
		endedHoldsAt:     "appointment_lapses (lapses_at<?)",
	} {
		args := make([]any, strings.Count(query, "$"))
		plan, err := all(t.Context(), &db.queries, func(s scanner) (detail string, err error) {
			var id, parent, unused int
			return detail, s.Scan(&id, &parent, &unused, &detail)
		}, "EXPLAIN QUERY PLAN "+query, args...)
		require.NoError(t, err)
		require.Len(t, plan, 1, query)
		require.Contains(t, plan[0], want, query)
	}
}
