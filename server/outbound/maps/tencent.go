package maps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Tencent asks the distance matrix of Tencent Location Service. Positions are
// converted to GCJ-02, latitude first. See
// https://lbs.qq.com/service/webService/webServiceGuide/webServiceMatrix
type Tencent struct {
	engine
	base, key string
	batch     int
	now       func() time.Time
	restsTill atomic.Int64 // unix second at which the day's quota begins anew
}

var _ circle.TravelTime = (*Tencent)(nil)

const (
	tencentBase  = "https://apis.map.qq.com"
	tencentBatch = 200 // places for one start
)

// The states of an answer that are dealt with one by one.
const (
	tencentOK        = 0
	tencentDayQuota  = 121 // the key's calls of this day are used up
	tencentNoneFound = 347
)

// errQuota: there is no more to be had today.
var errQuota = errors.New("the day's quota is used up")

// NewTencent speaks with a key. Base is for tests; "" is the real service.
func NewTencent(base, key string, client *http.Client, now func() time.Time, l Limits) *Tencent {
	t := &Tencent{engine: newEngine(circle.ModelTencent, client, l), base: strings.TrimSuffix(base, "/"), key: key, batch: l.Batch, now: now}
	if t.base == "" {
		t.base = tencentBase
	}
	if t.batch <= 0 || t.batch > tencentBatch {
		t.batch = tencentBatch
	}
	return t
}

// tencentModes: there is no mode for e-bikes; bicycling is the nearest.
var tencentModes = map[circle.Mode]string{circle.Walk: "walking", circle.EBike: "bicycling", circle.Car: "driving"}

// Times implements circle.TravelTime.
func (t *Tencent) Times(ctx context.Context, from place.Position, by circle.Mode, to []circle.Stop) ([]circle.Estimate, error) {
	if !by.Valid() {
		return nil, circle.ErrUnknownMode
	}
	if t.now().Unix() < t.restsTill.Load() {
		return nil, circle.ErrTravel.Because(errQuota)
	}
	return t.batches(ctx, to, t.batch, func(ctx context.Context, to []circle.Stop) ([]circle.Estimate, error) {
		return t.matrix(ctx, tencentModes[by], from, to)
	})
}

// tencentMatrix is the answer. An element that could not be computed has a
// state of its own, or a duration of -1.
type tencentMatrix struct {
	Status  int    `json:"status"`
	Message string `json:"message"`
	Result  struct {
		Rows []struct {
			Elements []tencentElement `json:"elements"`
		} `json:"rows"`
	} `json:"result"`
}

type tencentElement struct {
	Distance int `json:"distance"`
	Duration int `json:"duration"`
	Status   int `json:"status"`
}

func (t *Tencent) matrix(ctx context.Context, mode string, from place.Position, to []circle.Stop) ([]circle.Estimate, error) {
	var answer tencentMatrix
	if err := t.get(ctx, t.address(mode, from, to), &answer); err != nil {
		return nil, err
	}
	switch answer.Status {
	case tencentOK:
		return answer.estimates(len(to))
	case tencentNoneFound:
		return unreachable(len(to), circle.ModelTencent), nil
	case tencentDayQuota:
		t.restsTill.Store(midnightAfter(t.now()).Unix())
		return nil, errQuota
	}
	return nil, fmt.Errorf("status %d: %s", answer.Status, answer.Message)
}

func (t *Tencent) address(mode string, from place.Position, to []circle.Stop) string {
	places := make([]string, len(to))
	for i, stop := range to {
		places[i] = latLng(circle.ToGCJ02(stop.At))
	}
	q := url.Values{
		"key": {t.key}, "mode": {mode},
		"from": {latLng(circle.ToGCJ02(from))}, "to": {strings.Join(places, ";")},
	}
	return t.base + "/ws/distance/v1/matrix?" + q.Encode()
}

func (m *tencentMatrix) estimates(n int) ([]circle.Estimate, error) {
	if len(m.Result.Rows) != 1 || len(m.Result.Rows[0].Elements) != n {
		return nil, fmt.Errorf("the matrix is not 1 × %d", n)
	}
	times := unreachable(n, circle.ModelTencent)
	for i, e := range m.Result.Rows[0].Elements {
		if e.Status == 0 && e.Duration >= 0 && e.Distance >= 0 {
			times[i].Seconds, times[i].Meters = e.Duration, e.Distance
		}
	}
	return times, nil
}

// midnightAfter is when the day of the service ends, in Beijing.
func midnightAfter(t time.Time) time.Time {
	const day = 24 * time.Hour
	const ahead = 8 * time.Hour
	return t.Add(ahead).Truncate(day).Add(day - ahead)
}
