package staff

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkAuthorisation is what one request costs before its handler: who
// holds the token, from memory, and whether the table lets them.
func BenchmarkAuthorisation(b *testing.B) {
	now := time.Unix(1_900_000_000, 0)
	g := gateOver(&book{who: somebody(now)}, &now)
	grants, ok := Grants("my-cases")
	require.True(b, ok)
	b.ReportAllocs()
	for b.Loop() {
		p, err := g.Admit(b.Context(), "token")
		if err == nil {
			err = Check(grants, p)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}
