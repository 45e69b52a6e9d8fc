package citizen

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/nearby"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// shelf holds the sample city.
type shelf struct{ edition *city.Edition }

func (s shelf) Current(context.Context) (*city.Edition, error)      { return s.edition, nil }
func (s shelf) Edition(context.Context, int) (*city.Edition, error) { return s.edition, nil }

// some slots are free: at every third office, on the second day.
type some struct{}

func (some) Free(_ context.Context, office place.OfficeCode, _ workday.Date, days int) ([]uint64, error) {
	free := make([]uint64, (days*96+63)/64)
	if office[11]%3 == 0 {
		free[2] = 1<<64 - 1
	}
	return free, nil
}

// TestTheBytesAreTheDescribedAnswer: what is put together by hand reads as the
// described type, and its plain encoding gives the very same bytes.
func TestTheBytesAreTheDescribedAnswer(t *testing.T) {
	e, err := city.Read(foshan.Files)
	require.NoError(t, err)
	now := time.Date(2026, 11, 27, 11, 50, 0, 0, workday.Zone) // a Friday, near noon
	guide := &nearby.Guide{City: shelf{e}, Calendar: workday.NewCalendar(), Slots: some{}, Now: func() time.Time { return now }}
	var ready officePages
	seen := map[string]int{}
	check := func(q nearby.Question) {
		a, err := guide.Ask(context.Background(), q)
		require.NoError(t, err)
		got := ready.of(a.Edition).answer(&a, q.Skip).JSON()
		d := json.NewDecoder(bytes.NewReader(got))
		d.DisallowUnknownFields()
		var out nearbyOut
		require.NoError(t, d.Decode(&out), "%s", got)
		require.Equal(t, string(encoded(out)), string(got))
		require.Len(t, out.Items, len(a.Offers))
		for i, o := range out.Items {
			require.Equal(t, officeFrom(a.Offers[i].Office), o.Office)
			require.Equal(t, a.Offers[i].Travel.Seconds, o.Seconds)
			seen[o.Place]++
			seen[fmt.Sprint("slot ", o.FirstSlot != "", " until ", o.OpenUntil != "", " opens ", o.OpensAt != "")]++
		}
	}
	items, offices := e.Catalogue.Items(), e.Places.Offices()
	for i := range 60 {
		at := offices[i*13%len(offices)].Position
		at.Lng += 0.004
		for _, by := range circle.Modes {
			q := nearby.Question{Item: items[i*7%len(items)].Code, At: at, Datum: circle.WGS84, By: by, Minutes: 1 + i%30, Most: 1 + i%12, Skip: i % 3 * 10}
			check(q)
			q.When = now.Add(time.Duration(i) * time.Hour)
			check(q)
			q.Item, q.Theme, q.Each = "", e.Catalogue.Themes()[i%38].Code, i%2 == 0
			check(q)
		}
	}
	for _, kind := range []string{"inside", "closed", "outside", "slot true until true opens false", "slot false until true opens false", "slot true until false opens true"} {
		require.NotZero(t, seen[kind], "%s: %v", kind, seen)
	}
}
