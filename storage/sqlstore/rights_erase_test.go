package sqlstore

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// notOfPersons are the vaults that hold nothing of a person who was served, or
// nothing that outlives the account.
var notOfPersons = []string{"account", "answer", "bag_step", "courier_order", "invitation", "second_factor", "shared_revocation", "staff"}

// TestEverySealedColumnIsErasedInItsTime: a new one has to say how.
func TestEverySealedColumnIsErasedInItsTime(t *testing.T) {
	all := strings.Join(erasures, "\n") + "\nUPDATE person name_sealed number_sealed"
	for _, b := range blanks {
		all += "\nUPDATE " + b.table + " " + strings.Join(b.columns, "_sealed ") + "_sealed"
	}
	for _, v := range vaults {
		if !strings.Contains(strings.Join(notOfPersons, " "), v.table) {
			requireErased(t, all, v)
		}
	}
}

func requireErased(t *testing.T, all string, v vault) {
	t.Helper()
	if strings.Contains(all, "DELETE FROM "+v.table+" ") {
		return
	}
	for _, column := range v.columns {
		found := false
		for line := range strings.Lines(all) {
			found = found || strings.Contains(line, "UPDATE "+v.table+" ") && strings.Contains(line, column)
		}
		require.True(t, found, "%s.%s stays when a person's time is over", v.table, column)
	}
}
