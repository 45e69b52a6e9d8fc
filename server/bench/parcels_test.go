package bench

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDeliveryAndLedgerTellTheirFigures(t *testing.T) {
	var out bytes.Buffer
	chosen, err := Named([]string{"delivery", "ledger"})
	require.NoError(t, err)
	r := &Report{Out: &out, Length: 100 * time.Millisecond, Quick: true}
	require.NoError(t, r.Run(t.Context(), chosen))
	require.Equal(t, 7, strings.Count(out.String(), "\n"), out.String())
}
