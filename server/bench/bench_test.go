package bench

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/catalog"
)

func told(t *testing.T, tell func(*Report) error) (f Figure) {
	var out bytes.Buffer
	require.NoError(t, tell(&Report{Out: &out, bench: "b"}))
	require.NoError(t, json.Unmarshal(out.Bytes(), &f))
	return f
}

func TestAFigureIsMetWhereItReachesItsTarget(t *testing.T) {
	for name, c := range map[string]struct {
		tell func(*Report) error
		met  bool
	}{
		"ratio reached":     {func(r *Report) error { return r.Against("f", 60, "1/s", 100, 0.60, 0.60) }, true},
		"ratio missed":      {func(r *Report) error { return r.Against("f", 59, "1/s", 100, 0.59, 0.60) }, false},
		"under":             {func(r *Report) error { return r.Under("f", 0.99, "ms", 1) }, true},
		"not under":         {func(r *Report) error { return r.Under("f", 1, "ms", 1) }, false},
		"none":              {func(r *Report) error { return r.None("f", 0, "writes") }, true},
		"one":               {func(r *Report) error { return r.None("f", 1, "writes") }, false},
		"nothing asked":     {func(r *Report) error { return r.Tell("f", 1, "1/s") }, true},
		"no ratio asked of": {func(r *Report) error { return r.Beside("f", 1, "1/s", 100, 0.01) }, true},
	} {
		require.Equal(t, c.met, told(t, c.tell).Met, name)
	}
}

func TestAFigureIsPrintedAsItIs(t *testing.T) {
	f := told(t, func(r *Report) error { return r.Against("f", 12345.678, "1/s", 0.00123456, 2.000049, 2) })
	require.Equal(t, Figure{
		Bench: "b", Figure: "f", Value: 12350, Unit: "1/s",
		Limit: new(0.001235), Ratio: new(2.0), Target: new(2.0), Met: true,
	}, f)
	f = told(t, func(r *Report) error { return r.Tell("f", 0, "writes") })
	require.Equal(t, Figure{Bench: "b", Figure: "f", Unit: "writes", Met: true}, f)
}

func TestAFailedBenchEndsTheRunAndSaysWhich(t *testing.T) {
	bad := Bench{"bad", "", func(context.Context, *Report) error { return errors.New("no disk") }}
	never := Bench{"never", "", func(context.Context, *Report) error { t.Fatal("run after a failure"); return nil }}
	err := (&Report{Out: &bytes.Buffer{}}).Run(t.Context(), []Bench{bad, never})
	require.EqualError(t, err, "bench bad: no disk")
}

func TestTheSidesOfARaceTakeTurns(t *testing.T) {
	var turns []string
	runner := func(name string, pieces int) side {
		return side{name, func(_ context.Context, until time.Time) ([]time.Duration, error) {
			turns = append(turns, name)
			time.Sleep(time.Until(until))
			return make([]time.Duration, pieces), nil
		}}
	}
	scores, err := race(t.Context(), &Report{Length: rounds * 2 * time.Millisecond}, runner("fast", 200), runner("slow", 100))
	require.NoError(t, err)
	require.Len(t, turns, 2*(rounds+1))
	for i := range turns {
		require.Equal(t, []string{"fast", "slow"}[i%2], turns[i])
	}
	require.Len(t, scores[0].each, 200*rounds, "the warming is not counted")
	require.InDelta(t, 2, scores[0].to(scores[1]), 0.5)
}

func TestPercentilesAndMedians(t *testing.T) {
	var times []time.Duration
	for n := range 100 {
		times = append(times, time.Duration(n))
	}
	require.Equal(t, time.Duration(50), percentile(times, 0.50))
	require.Equal(t, time.Duration(99), percentile(times, 0.99))
	require.Equal(t, time.Duration(99), percentile(times, 1))
	require.Zero(t, percentile(nil, 0.99))
	require.Equal(t, 2.0, median([]float64{3, 1, 2}))
	require.Equal(t, 4.0, score{rates: []float64{1, 5, 2, 4, 3}}.rate(), "a slow round does not count, nor a lucky one")
}

// TestTheBareSideWritesTheSameRows holds the peer to what the store does.
func TestTheBareSideWritesTheSameRows(t *testing.T) {
	dir := t.TempDir()
	b, err := openBare(t.Context(), filepath.Join(dir, "bare"))
	require.NoError(t, err)
	require.NoError(t, b.transaction(3))
	require.NoError(t, b.close())
	store, err := openJobs(t.Context(), filepath.Join(dir, "store"))
	require.NoError(t, err)
	for n := range 3 {
		require.NoError(t, store.put(t.Context(), subjectOf(int64(n)+1)))
	}
	require.NoError(t, store.db.Close())
	require.Equal(t, rowsOf(t, filepath.Join(dir, "store")), rowsOf(t, filepath.Join(dir, "bare")))
}

func TestAMissingWriteIsFound(t *testing.T) {
	dir := t.TempDir()
	store, err := openJobs(t.Context(), dir)
	require.NoError(t, err)
	require.NoError(t, store.put(t.Context(), "there"))
	require.NoError(t, store.db.Close())
	lost, err := missing(t.Context(), dir, map[string]bool{"there": true, "gone": true, "gone too": true})
	require.NoError(t, err)
	require.Equal(t, 2, lost)
}

func TestTheMetropolisHasAsManyItemsAsAsked(t *testing.T) {
	sample, err := catalog.Read(foshan.Files)
	require.NoError(t, err)
	grown, err := metropolis(sample, 1_000)
	require.NoError(t, err)
	require.Len(t, grown.Items(), 1_000)
	require.NotEmpty(t, grown.Search("上户口", 20))
}

func TestTheLoadReadsWholeAnswersAndRefusesOthers(t *testing.T) {
	addr, stop, err := openFloor(5_000)
	require.NoError(t, err)
	defer stop()
	l, err := newLoad(addr, []string{"/constant"})
	require.NoError(t, err)
	defer l.close()
	size, err := l.sizes()
	require.NoError(t, err)
	require.Equal(t, 5_000, size)
	each, err := l.run(t.Context(), time.Now().Add(20*time.Millisecond))
	require.NoError(t, err)
	require.NotEmpty(t, each)

	wrong, err := newLoad(addr, []string{"/elsewhere"})
	require.NoError(t, err)
	defer wrong.close()
	_, err = wrong.run(t.Context(), time.Now().Add(20*time.Millisecond))
	require.ErrorContains(t, err, "404")
}

// rowsOf lists the jobs without their random ids.
func rowsOf(t *testing.T, dir string) (list []string) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, databaseFile))
	require.NoError(t, err)
	defer db.Close()
	rows, err := db.Query(`SELECT kind || ' ' || subject || ' ' || run_at || ' ' || attempt || ' ' || state || ' ' || length(id) FROM job ORDER BY id`)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var row string
		require.NoError(t, rows.Scan(&row))
		list = append(list, row)
	}
	require.NoError(t, rows.Err())
	return list
}
