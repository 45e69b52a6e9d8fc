package circle

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// monday is 09:00 on a working day.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, zone)

func at(hour, minute int) time.Time {
	return time.Date(2026, 11, 23, hour, minute, 0, 0, zone)
}

// near is a quiet office, open all day, six minutes' walk away.
func near() Candidate {
	return Candidate{
		Office: "near", By: Walk, Travel: Estimate{360, 450, ModelRoad},
		Open: true, OpenUntil: at(17, 30), FirstSlot: at(10, 15), Wait: -1,
	}
}

func change(c Candidate, name string, f func(*Candidate)) Candidate {
	c.Office = name
	f(&c)
	return c
}

func order(cs ...Candidate) []string {
	var names []string
	for _, r := range Rank(monday, 15*time.Minute, DefaultWeights, cs) {
		names = append(names, r.Office)
	}
	return names
}

func TestTheOrderWeighsRoadQueueAndSlot(t *testing.T) {
	far := change(near(), "far", func(c *Candidate) { c.Travel.Seconds = 720 })
	busy := change(near(), "busy", func(c *Candidate) { c.Wait = 20 * time.Minute })
	late := change(near(), "late", func(c *Candidate) { c.FirstSlot = at(16, 0) })
	full := change(near(), "full", func(c *Candidate) { c.FirstSlot = time.Time{} })

	require.Equal(t, []string{"near", "far"}, order(far, near()))
	require.Equal(t, []string{"far", "busy"}, order(busy, far), "a long queue outweighs six minutes' walk")
	require.Equal(t, []string{"near", "late", "full"}, order(full, late, near()))
	require.Equal(t, []string{"far", "late"}, order(late, far), "six hours outweigh six minutes' walk")
}

func TestOfficesOutsideComeOnlyWhenNoneIsInside(t *testing.T) {
	outside := change(near(), "outside", func(c *Candidate) { c.Travel.Seconds = 901 })
	closed := change(near(), "closed", func(c *Candidate) { c.Open, c.OpensAt = false, at(14, 0) })
	nowhere := change(near(), "nowhere", func(c *Candidate) { c.Travel.Seconds = Unreachable })

	require.Equal(t, []string{"near"}, order(outside, closed, near(), nowhere))
	require.Equal(t, []string{"closed", "outside"}, order(outside, closed, nowhere))
	require.Empty(t, order(nowhere))

	ranked := Rank(monday, 15*time.Minute, DefaultWeights, []Candidate{outside, closed})
	require.Equal(t, []Place{Closed, Outside}, []Place{ranked[0].Place, ranked[1].Place})
}

func TestTheEdgeOfTheCircleIsInside(t *testing.T) {
	edge := change(near(), "edge", func(c *Candidate) { c.Travel.Seconds = 900 })
	require.Equal(t, Inside, Rank(monday, 15*time.Minute, DefaultWeights, []Candidate{edge})[0].Place)
}

func TestTheOrderDoesNotDependOnTheOrderOfAsking(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var cs []Candidate
		for i := range rapid.IntRange(0, 12).Draw(t, "n") {
			cs = append(cs, change(near(), string(rune('a'+i)), func(c *Candidate) {
				c.Travel.Seconds = rapid.IntRange(-1, 1200).Draw(t, "travel")
				c.Open = rapid.Bool().Draw(t, "open")
				c.Wait = time.Duration(rapid.IntRange(-1, 3).Draw(t, "wait")) * time.Minute
			}))
		}
		want := order(cs...)
		require.Equal(t, want, order(rapid.Permutation(cs).Draw(t, "shuffled")...))
		require.True(t, slices.IsSortedFunc(Rank(monday, time.Hour, DefaultWeights, cs), Ranked.compare))
	})
}

func TestTheReasonIsToldInWords(t *testing.T) {
	for want, f := range map[string]func(*Candidate){
		"步行 6 分钟，到时仍在办公，最早 10:15 有号":            func(c *Candidate) {},
		"步行 6 分钟，到时仍在办公，现场无需等候，最早 10:15 有号":     func(c *Candidate) { c.Wait = 0 },
		"步行 6 分钟，到时仍在办公，现场约等 3 分钟，暂无可约号源":       func(c *Candidate) { c.Wait, c.FirstSlot = 121*time.Second, time.Time{} },
		"步行约 6 分钟（按直线估算），到时仍在办公，最早 10:15 有号":    func(c *Candidate) { c.Travel.Model = ModelStraight },
		"骑电动车 6 分钟，到时仍在办公，09:30 下班，最早 10:15 有号": func(c *Candidate) { c.By, c.OpenUntil = EBike, at(9, 30) },
		"驾车 20 分钟，在服务圈外，到时仍在办公，最早 10:15 有号":     func(c *Candidate) { c.By, c.Travel.Seconds = Car, 1200 },
		"步行 6 分钟，到时不办公，14:00 开门，暂无可约号源": func(c *Candidate) {
			c.Open, c.OpensAt, c.FirstSlot, c.Wait = false, at(14, 0), time.Time{}, 0
		},
		"步行 6 分钟，到时不办公，11月28日 08:30 开门，最早 11月28日 09:00 有号": func(c *Candidate) {
			c.Open, c.OpensAt, c.FirstSlot = false, at(8, 30).AddDate(0, 0, 5), at(9, 0).AddDate(0, 0, 5)
		},
		"步行 7 分钟，到时仍在办公，最早 明天 08:30 有号": func(c *Candidate) {
			c.Travel.Seconds, c.FirstSlot = 361, at(8, 30).AddDate(0, 0, 1)
		},
		"步行 6 分钟，到时不办公，暂无可约号源": func(c *Candidate) { c.Open, c.FirstSlot = false, time.Time{} },
	} {
		t.Run(want, func(t *testing.T) {
			c := change(near(), "x", f)
			ranked := Rank(monday, 15*time.Minute, DefaultWeights, []Candidate{c})
			require.Equal(t, want, string(ranked[0].AppendWords(nil, monday.UTC())))
		})
	}
}

func TestTenThousandWhoAskAtOnceAreSpread(t *testing.T) {
	crowd := NewCrowd(4)
	sent := map[string]int{}
	names := []string{"a", "b", "c", "d"}
	for range 10_000 {
		var cs []Candidate
		for i, name := range names {
			cs = append(cs, change(near(), name, func(c *Candidate) {
				c.Travel.Seconds = 120 + 180*i
				c.Wait = crowd.Wait(i, monday)
			}))
		}
		first := Rank(monday, 15*time.Minute, DefaultWeights, cs)[0].Office
		sent[first]++
		crowd.Send(slices.Index(names, first), monday, 5*time.Minute)
	}
	for _, name := range names {
		require.InDelta(t, 2500, sent[name], 10)
	}
}

func TestTheCrowdDrainsAsTimePasses(t *testing.T) {
	crowd := NewCrowd(1)
	for range 8 {
		crowd.Send(0, monday, 10*time.Minute)
	}
	require.Equal(t, 20*time.Minute, crowd.Wait(0, monday), "one in four comes")
	require.Equal(t, 5*time.Minute, crowd.Wait(0, monday.Add(15*time.Minute)))
	require.Zero(t, crowd.Wait(0, monday.Add(time.Hour)))

	crowd.Send(0, monday.Add(time.Hour), 10*time.Minute)
	require.Equal(t, 150*time.Second, crowd.Wait(0, monday.Add(time.Hour)), "idle time is not saved up")
}
