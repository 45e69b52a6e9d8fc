package maps

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

var (
	here    = place.Position{Lng: 113.121, Lat: 23.0215}
	noon    = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", 8*3600))
	limits  = Limits{Timeout: 200 * time.Millisecond, Rest: 50 * time.Millisecond}
	refuses = func(http.ResponseWriter, *http.Request) {}
)

func stops(n int) []circle.Stop {
	list := make([]circle.Stop, n)
	for i := range list {
		list[i] = circle.Stop{Code: strconv.Itoa(i), At: place.Position{Lng: 113 + 0.001*float64(i), Lat: 23}}
	}
	return list
}

// stub is an engine that answers as it is told and counts.
type stub struct {
	*httptest.Server
	calls atomic.Int32
}

func serve(t *testing.T, answer http.HandlerFunc) *stub {
	t.Helper()
	s := &stub{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.calls.Add(1)
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *stub) osrm(l Limits) *OSRM {
	return NewOSRM(Servers{circle.Walk: s.URL + "/", circle.Car: s.URL}, s.Client(), l)
}

func (s *stub) tencent(l Limits, now *time.Time) *Tencent {
	return NewTencent(s.URL, "KEY", s.Client(), func() time.Time { return *now }, l)
}

// both runs a test against each engine.
func both(t *testing.T, answer http.HandlerFunc, l Limits, test func(*testing.T, circle.TravelTime, *stub)) {
	t.Helper()
	now := noon
	t.Run("osrm", func(t *testing.T) { s := serve(t, answer); test(t, s.osrm(l), s) })
	t.Run("tencent", func(t *testing.T) { s := serve(t, answer); test(t, s.tencent(l, &now), s) })
}

// osrmTable answers as osrm-routed does: a row from the first place to all.
func osrmAnswer(t *testing.T) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		path, ok := strings.CutPrefix(r.URL.Path, "/table/v1/foot/")
		require.True(t, ok, r.URL.Path)
		require.Equal(t, "0", r.URL.Query().Get("sources"))
		require.Equal(t, "duration,distance", r.URL.Query().Get("annotations"))
		places := strings.Split(path, ";")
		if len(places) > 100 {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"code":"TooBig","message":"Too many table coordinates"}`)
			return
		}
		require.Equal(t, "113.121000,23.021500", places[0])
		var durations, distances []any
		for i, p := range places {
			lng, _, _ := strings.Cut(p, ",")
			f, err := strconv.ParseFloat(lng, 64)
			require.NoError(t, err)
			if i%10 == 3 {
				durations, distances = append(durations, nil), append(distances, nil)
				continue
			}
			durations, distances = append(durations, (f-113)*1e5+0.2), append(distances, (f-113)*1e6)
		}
		json.NewEncoder(w).Encode(map[string]any{"code": "Ok", "durations": []any{durations}, "distances": []any{distances}})
	}
}

func TestOSRMIsAskedInBatches(t *testing.T) {
	s := serve(t, osrmAnswer(t))
	got, err := s.osrm(limits).Times(context.Background(), here, circle.Walk, stops(250))
	require.NoError(t, err)
	require.Len(t, got, 250)
	require.EqualValues(t, 3, s.calls.Load())
	require.Equal(t, circle.Estimate{Seconds: 101, Meters: 1000, Model: "osrm"}, got[1])
	require.Equal(t, circle.Unreachable, got[2].Seconds, "null: there is no way")
	require.Equal(t, circle.Estimate{Seconds: 20101, Meters: 201000, Model: "osrm"}, got[201])
}

func TestOSRMSaysThatThereIsNoWay(t *testing.T) {
	for _, code := range []string{"NoSegment", "NoTable"} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"code":%q,"message":"Could not find a matching segment for coordinate 0"}`, code)
		})
		got, err := s.osrm(limits).Times(context.Background(), here, circle.Walk, stops(2))
		require.NoError(t, err)
		require.Equal(t, circle.Unreachable, got[1].Seconds)
	}
}

func TestAModeWithoutAServerCannotBeAsked(t *testing.T) {
	s := serve(t, refuses)
	_, err := s.osrm(limits).Times(context.Background(), here, circle.EBike, stops(2))
	require.ErrorIs(t, err, circle.ErrTravel)
	require.Zero(t, s.calls.Load())
}

func TestTencentIsAskedOnItsOwnMap(t *testing.T) {
	now := noon
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		require.Equal(t, "/ws/distance/v1/matrix", r.URL.Path)
		require.Equal(t, "KEY", q.Get("key"))
		require.Equal(t, "bicycling", q.Get("mode"))
		gcj := circle.ToGCJ02(here)
		require.Equal(t, fmt.Sprintf("%.6f,%.6f", gcj.Lat, gcj.Lng), q.Get("from"))
		to := strings.Split(q.Get("to"), ";")
		require.LessOrEqual(t, len(to), 200)
		var elements []string
		for i := range to {
			switch i {
			case 1:
				elements = append(elements, `{"distance":-1,"duration":-1,"status":4}`)
			case 2:
				elements = append(elements, `{"distance":-1,"duration":-1}`)
			default:
				elements = append(elements, fmt.Sprintf(`{"distance":%d,"duration":%d}`, 100+i, 10+i))
			}
		}
		fmt.Fprintf(w, `{"status":0,"message":"query ok","result":{"rows":[{"elements":[%s]}]}}`, strings.Join(elements, ","))
	})
	got, err := s.tencent(limits, &now).Times(context.Background(), here, circle.EBike, stops(450))
	require.NoError(t, err)
	require.Len(t, got, 450)
	require.EqualValues(t, 3, s.calls.Load())
	require.Equal(t, circle.Estimate{Seconds: 10, Meters: 100, Model: "tencent"}, got[0])
	require.Equal(t, circle.Unreachable, got[1].Seconds)
	require.Equal(t, circle.Unreachable, got[2].Seconds)
	require.Equal(t, circle.Estimate{Seconds: 13, Meters: 103, Model: "tencent"}, got[203])
}

func TestTencentIsLeftAloneWhenTheDaysQuotaIsUsedUp(t *testing.T) {
	now := noon
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"status":121,"message":"此key每日调用量已达到上限"}`)
	})
	engine := s.tencent(limits, &now)
	for range 4 {
		_, err := engine.Times(context.Background(), here, circle.Car, stops(2))
		require.ErrorIs(t, err, circle.ErrTravel)
	}
	require.EqualValues(t, 1, s.calls.Load())

	now = time.Date(2026, 11, 23, 23, 59, 59, 0, noon.Location())
	_, _ = engine.Times(context.Background(), here, circle.Car, stops(2))
	require.EqualValues(t, 1, s.calls.Load())
	now = time.Date(2026, 11, 24, 0, 0, 0, 0, noon.Location())
	_, _ = engine.Times(context.Background(), here, circle.Car, stops(2))
	require.EqualValues(t, 2, s.calls.Load(), "a new day")
}

func TestTencentsRefusalsAreTold(t *testing.T) {
	now := noon
	for _, status := range []int{110, 120, 199, 310, 311, 500} {
		s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"status":%d,"message":"不行"}`, status)
		})
		_, err := s.tencent(limits, &now).Times(context.Background(), here, circle.Car, stops(2))
		require.ErrorIs(t, err, circle.ErrTravel)
		require.ErrorContains(t, err, strconv.Itoa(status))
	}
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"status":347,"message":"查询无结果"}`)
	})
	got, err := s.tencent(limits, &now).Times(context.Background(), here, circle.Car, stops(2))
	require.NoError(t, err)
	require.Equal(t, circle.Unreachable, got[0].Seconds)
}

func TestAnAnswerThatMakesNoSenseIsNone(t *testing.T) {
	for _, body := range []string{
		"", "<html>502</html>", "{}", "[]", "null", `{"code":"Ok"}`, `{"status":0}`,
		`{"code":"Ok","durations":[[0,1]],"distances":[[0,1]]}`,
		`{"code":"Ok","durations":[[0,1,2]],"distances":[]}`,
		`{"status":0,"result":{"rows":[{"elements":[{"distance":1,"duration":1}]}]}}`,
		`{"status":0,"result":{"rows":[]}}`,
		`{"code":"Ok","status":9,"durations":"x"}`,
	} {
		both(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }, limits,
			func(t *testing.T, engine circle.TravelTime, _ *stub) {
				got, err := engine.Times(context.Background(), here, circle.Car, stops(2))
				// An empty object has Tencent's "ok" for its state, but no rows.
				require.ErrorIs(t, err, circle.ErrTravel, body)
				require.Nil(t, got)
			})
	}
}

func TestASlowEngineIsNotWaitedFor(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(3 * time.Second):
		}
	}
	both(t, hang, limits, func(t *testing.T, engine circle.TravelTime, _ *stub) {
		began := time.Now()
		_, err := engine.Times(context.Background(), here, circle.Car, stops(1))
		require.ErrorIs(t, err, circle.ErrTravel)
		require.Less(t, time.Since(began), 2*time.Second)
	})
}

func TestAnEngineThatFailsIsLeftAloneForAWhile(t *testing.T) {
	fail := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }
	both(t, fail, limits, func(t *testing.T, engine circle.TravelTime, s *stub) {
		ask := func() error {
			_, err := engine.Times(context.Background(), here, circle.Car, stops(1))
			return err
		}
		for range 20 {
			require.ErrorIs(t, ask(), circle.ErrTravel)
		}
		require.EqualValues(t, tripAfter, s.calls.Load())
		require.Eventually(t, func() bool { return ask() != nil && s.calls.Load() > tripAfter }, 2*time.Second, 10*time.Millisecond)
	})
}

func TestWhoHangsUpSaysNothingAboutTheEngine(t *testing.T) {
	both(t, refuses, limits, func(t *testing.T, engine circle.TravelTime, s *stub) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		for range 3 * tripAfter {
			_, err := engine.Times(ctx, here, circle.Car, stops(1))
			require.ErrorIs(t, err, circle.ErrTravel)
		}
		_, _ = engine.Times(context.Background(), here, circle.Car, stops(1))
		require.EqualValues(t, 1, s.calls.Load(), "it is still asked")
	})
}

func TestTheKeyIsNotInTheErrors(t *testing.T) {
	s := serve(t, refuses)
	now := noon
	engine := s.tencent(limits, &now)
	s.Close()
	_, err := engine.Times(context.Background(), here, circle.Car, stops(1))
	require.ErrorIs(t, err, circle.ErrTravel)
	require.NotContains(t, err.Error(), "KEY")
	require.NotContains(t, err.Error(), "23.0")
}

func TestTheIndexAnswersWhenTheEngineDoesNot(t *testing.T) {
	both(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, limits,
		func(t *testing.T, engine circle.TravelTime, _ *stub) {
			got, err := circle.Fallback{First: engine, Then: circle.Straight{}}.Times(context.Background(), here, circle.Walk, stops(3))
			require.NoError(t, err)
			require.Equal(t, circle.ModelStraight, got[2].Model)
			require.Positive(t, got[2].Seconds)
		})
}

func TestNothingIsAskedForNothing(t *testing.T) {
	both(t, refuses, limits, func(t *testing.T, engine circle.TravelTime, s *stub) {
		got, err := engine.Times(context.Background(), here, circle.Car, nil)
		require.NoError(t, err)
		require.Empty(t, got)
		_, err = engine.Times(context.Background(), here, circle.Mode(9), stops(1))
		require.ErrorIs(t, err, circle.ErrUnknownMode)
		require.Zero(t, s.calls.Load())
	})
}
