package circle

import (
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/place"
)

// calm prospects: nobody waits, and every slot is free.
type calm struct{}

func (calm) FirstSlot(_ int32, after int64) int64 { return after + 600 }
func (calm) Wait(int32) time.Duration             { return 0 }

func manyOffices(n int) []Office {
	doors := weekday()
	offices := make([]Office, n)
	for i, p := range scatter(n, 11) {
		p = place.Position{Lng: 112.875 + (p.Lng-112.5)/4, Lat: 23.075 + (p.Lat-22.7)/4}
		offices[i] = Office{Stop: Stop{strconv.Itoa(i), p}, Doors: doors, SelfService: i%18 == 0}
	}
	return offices
}

func question(among Mask) Question {
	return Question{
		From: place.Position{Lng: 113, Lat: 23.2}, By: Car, Minutes: 15, At: at(9, 0), Among: among, Takes: time.Minute,
	}
}

// What Ask picks out of the scored must be what ranking everything gives.
func TestAnAnswerIsTheBestOfAll(t *testing.T) {
	offices := manyOffices(800)
	rnd := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		atlas := NewAtlas(offices, nil, nil, DefaultWeights)
		q := question(atlas.Mask(func(string) bool { return rnd.IntN(3) > 0 }))
		q.From = place.Position{Lng: 112.8 + rnd.Float64()/2, Lat: 23 + rnd.Float64()/2}
		q.By, q.Most = Modes[rnd.IntN(3)], 1+rnd.IntN(30)

		var all []Candidate
		for i, o := range offices {
			if !q.Among.Has(i) {
				continue
			}
			c := Candidate{Office: o.Code, By: q.By, Travel: StraightEstimate(q.From, o.At, q.By)}
			arrival := q.At.Add(c.travel())
			c.Open, c.OpenUntil, c.FirstSlot = true, at(12, 0), arrival.Add(10*time.Minute)
			if c.place(15*time.Minute) == Inside {
				all = append(all, c)
			}
		}
		want := Rank(q.At, 15*time.Minute, DefaultWeights, all)
		got, err := atlas.Ask(q, calm{})
		require.NoError(t, err)
		require.Equal(t, ModelStraight, got.Model)
		if len(want) > 0 {
			require.Equal(t, want[:min(len(want), q.Most)], got.Offers)
			continue
		}
		require.NotEmpty(t, got.Offers)
		for _, o := range got.Offers {
			require.Equal(t, Outside, o.Place)
		}
	}
}

// TestWhereNoneIsInsideTheOrderIsThatOfRank: at night, at noon, and far from the
// few offices that take the item.
func TestWhereNoneIsInsideTheOrderIsThatOfRank(t *testing.T) {
	offices := manyOffices(800)
	rnd := rand.New(rand.NewPCG(3, 1))
	for n := range 200 {
		atlas := NewAtlas(offices, nil, nil, DefaultWeights)
		q := question(atlas.Mask(func(code string) bool { return len(code) == 2 && rnd.IntN(6) == 0 }))
		q.From = place.Position{Lng: 112.8 + rnd.Float64()/2, Lat: 23 + rnd.Float64()/2}
		q.At, q.Most, q.By, q.Minutes = at(11+n%10, 50), 60, Modes[rnd.IntN(3)], 1
		var all []Candidate
		for i, o := range offices {
			if !q.Among.Has(i) {
				continue
			}
			c := Candidate{Office: o.Code, By: q.By, Travel: StraightEstimate(q.From, o.At, q.By)}
			arrival := q.At.Add(c.travel())
			c.Open, c.FirstSlot = o.Doors.OpenAt(arrival.Unix()), arrival.Add(10*time.Minute)
			if c.Open {
				c.OpenUntil = o.Doors.ClosesAfter(arrival.Unix())
			} else {
				c.OpensAt = o.Doors.OpensAfter(arrival.Unix())
			}
			all = append(all, c)
		}
		got, err := atlas.Ask(q, calm{})
		require.NoError(t, err)
		require.Equal(t, Rank(q.At, time.Minute, DefaultWeights, all)[:min(len(all), 20)], got.Offers[:min(len(all), 20)])
	}
}

func TestAfterHoursTheNearestAreOfferedAsClosed(t *testing.T) {
	atlas := NewAtlas(manyOffices(800), nil, nil, DefaultWeights)
	q := question(all(800))
	q.At = at(20, 0)
	got, err := atlas.Ask(q, calm{})
	require.NoError(t, err)
	require.Equal(t, Closed, got.Offers[0].Place)
	require.Equal(t, at(8, 30).AddDate(0, 0, 1), got.Offers[0].OpensAt)
	require.Contains(t, string(got.Offers[0].AppendWords(nil, q.At)), "到时不办公，明天 08:30 开门")
	require.NotEmpty(t, got.SelfService, "a zone is open round the clock")
}

func TestSelfServiceZonesStandBesideTheOffices(t *testing.T) {
	atlas := NewAtlas(manyOffices(800), nil, nil, DefaultWeights)
	got, err := atlas.Ask(question(nil), calm{})
	require.NoError(t, err)
	require.Empty(t, got.Offers, "no office takes the item")
	require.NotEmpty(t, got.SelfService)
	for _, z := range got.SelfService {
		n, _ := strconv.Atoi(z.Office)
		require.Zero(t, n%18)
		require.LessOrEqual(t, z.Travel.Seconds, 900)
		require.Regexp(t, `^驾车约 \d+ 分钟（按直线估算），24 小时自助办理$`, string(z.AppendZoneWords(nil)))
	}
	require.True(t, slices.IsSortedFunc(got.SelfService, func(a, b Ranked) int { return a.Travel.Seconds - b.Travel.Seconds }))
}

// roadless knows of no road anywhere.
type roadless struct{}

func (roadless) Model() string { return ModelRoad }
func (roadless) Within(dst []Reached, _ place.Position, _ Mode, _ int, _ Mask) ([]Reached, error) {
	return dst, ErrNoRoad
}

func TestWhereTheMapForgotTheRoadsStraightLinesServe(t *testing.T) {
	atlas := NewAtlas(manyOffices(800), roadless{}, nil, DefaultWeights)
	got, err := atlas.Ask(question(all(800)), calm{})
	require.NoError(t, err)
	require.Equal(t, ModelStraight, got.Model)
	require.Equal(t, Inside, got.Offers[0].Place)
	require.Equal(t, ModelStraight, got.Offers[0].Travel.Model)
	require.Equal(t, ModelStraight, got.SelfService[0].Travel.Model)

	out := question(all(800))
	out.From = place.Position{Lng: 113, Lat: 22.98} // 10 km south of the southernmost office
	_, err = atlas.Ask(out, calm{})
	require.ErrorIs(t, err, ErrNoRoad)
}

func TestABadQuestionIsTold(t *testing.T) {
	atlas := NewAtlas(manyOffices(10), nil, nil, DefaultWeights)
	for name, c := range map[string]struct {
		change func(*Question)
		want   error
	}{
		"mode":          {func(q *Question) { q.By = 9 }, ErrUnknownMode},
		"no minutes":    {func(q *Question) { q.Minutes = 0 }, ErrMinutes},
		"many minutes":  {func(q *Question) { q.Minutes = 100_000 }, ErrMinutes},
		"NaN":           {func(q *Question) { q.From.Lat = math.NaN() }, ErrPosition},
		"swapped":       {func(q *Question) { q.From = place.Position{Lng: 23.2, Lat: 113} }, ErrSwapped},
		"far away":      {func(q *Question) { q.From = place.Position{Lng: 116.4, Lat: 39.9} }, ErrOutside},
		"yesterday":     {func(q *Question) { q.At = at(9, 0).AddDate(0, 0, -1) }, ErrWhen},
		"in two months": {func(q *Question) { q.At = at(9, 0).AddDate(0, 2, 0) }, ErrWhen},
		"no time":       {func(q *Question) { q.At = time.Time{} }, ErrWhen},
	} {
		q := question(all(10))
		c.change(&q)
		_, err := atlas.Ask(q, calm{})
		require.ErrorIs(t, err, c.want, name)
	}
}

// Numbers may have gaps, as those of a road index have.
func TestOfficesAreKnownByTheirNumbers(t *testing.T) {
	offices := manyOffices(50)
	numbers := make([]int32, len(offices))
	for i := range numbers {
		numbers[i] = int32(7 * (len(offices) - i))
	}
	plain, numbered := NewAtlas(offices, nil, nil, DefaultWeights), NewAtlas(offices, nil, numbers, DefaultWeights)
	take := func(code string) bool { return code != "3" }
	a, err := plain.Ask(question(plain.Mask(take)), calm{})
	require.NoError(t, err)
	b, err := numbered.Ask(question(numbered.Mask(take)), calm{})
	require.NoError(t, err)
	require.Equal(t, a, b)
	require.Equal(t, offices[4], numbered.Office(numbers[4]))
}

func TestARushIsSpreadOverTheCity(t *testing.T) {
	atlas := NewAtlas(manyOffices(800), nil, nil, DefaultWeights)
	q := question(all(800))
	first := map[string]int{}
	for range 10_000 {
		got, err := atlas.Ask(q, calm{})
		require.NoError(t, err)
		first[got.Offers[0].Office]++
	}
	require.Greater(t, len(first), 20)
	for office, n := range first {
		require.Less(t, n, 1000, office)
	}
}

func TestWhoPlansAheadJoinsNoQueue(t *testing.T) {
	atlas := NewAtlas(manyOffices(800), nil, nil, DefaultWeights)
	later := question(all(800))
	later.At, later.Later = at(9, 0).AddDate(0, 0, 1), true
	first := map[string]int{}
	for range 100 {
		got, err := atlas.Ask(later, calm{})
		require.NoError(t, err)
		require.Negative(t, got.Offers[0].Wait)
		first[got.Offers[0].Office]++
	}
	require.Len(t, first, 1)
	got, err := atlas.Ask(question(all(800)), calm{})
	require.NoError(t, err)
	require.Zero(t, got.Offers[0].Wait)
}

func TestAnAbsurdNumberOfOffersIsTheDefault(t *testing.T) {
	atlas := NewAtlas(manyOffices(800), nil, nil, DefaultWeights)
	q := question(all(800))
	q.Most = -5
	got, err := atlas.Ask(q, calm{})
	require.NoError(t, err)
	require.Len(t, got.Offers, DefaultOffers)
}

func BenchmarkAsk(b *testing.B) {
	atlas := NewAtlas(manyOffices(4000), nil, nil, DefaultWeights)
	q := question(all(4000))
	b.ReportAllocs()
	for b.Loop() {
		_, _ = atlas.Ask(q, calm{})
	}
}
