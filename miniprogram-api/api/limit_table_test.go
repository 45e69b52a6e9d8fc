package api

import (
	"context"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"github.com/yimen-gov/yimen/pkg/staff"
)

func TestEveryLimitIsOfAnOperationThatThereIs(t *testing.T) {
	for id, s := range shares {
		require.Contains(t, staff.Table, id)
		require.NotZero(t, s, id)
		for _, lim := range []Limit{s.account, s.address} {
			require.Equal(t, lim.Most == 0, lim.Per == 0, id)
		}
	}
	for id := range locks {
		require.Contains(t, staff.Table, id)
		require.NotZero(t, shares[id].account.Most, "%s: its share bounds the attempts that come in together", id)
	}
}

// fixed is a counter that costs nothing.
type fixed struct{}

func (fixed) Allow(context.Context, string, int, time.Duration) (bool, time.Duration, int, error) {
	return true, time.Minute, 7, nil
}
func (fixed) Get(context.Context, string) ([]byte, bool, error)        { return nil, false, nil }
func (fixed) Set(context.Context, string, []byte, time.Duration) error { return nil }

func BenchmarkLimits(b *testing.B) {
	l := &Limits{Counter: fixed{}, Spare: fixed{}, Now: time.Now}
	app := fiber.New()
	c := app.AcquireCtx(&fasthttp.RequestCtx{})
	defer app.ReleaseCtx(c)
	account := uuid.NewString()
	b.ReportAllocs()
	for b.Loop() {
		_ = l.spend(c, "limit:address:"+l.address(c), perAddress)
		_ = l.count(c.UserContext(), "limit:account:"+account, perAccount)
		_ = l.spend(c, "limit:search-items:account:"+account, shares["search-items"].account)
	}
}
