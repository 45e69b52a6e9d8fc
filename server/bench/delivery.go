package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/once"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// What is asked of deliveries.
const (
	deliveriesLeast = 5000 // a second
	syncActs        = 200
	syncMost        = 200 // ms
)

// deliveries measures confirmations of delivery, durable with their leaf in the
// ledger, in process; and the sending in of a courier's day after a dead zone.
func deliveries(ctx context.Context, r *Report) error {
	dir, err := os.MkdirTemp("", "yimen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p, err := parcelsIn(ctx, dir, "parcels", true)
	if err != nil {
		return err
	}
	defer p.db.Close()
	batch := 1000
	if r.Quick {
		batch = 100
	}
	var rates []float64
	for range 5 {
		if err := p.stock(ctx, batch); err != nil {
			return err
		}
		took, err := p.deliver(ctx, batch)
		if err != nil {
			return err
		}
		rates = append(rates, float64(batch)/took.Seconds())
	}
	rate := median(rates)
	return errors.Join(
		r.print(Figure{
			Figure: "deliveries confirmed in process, 64 couriers, median of 5 rounds", Value: rate, Unit: "1/s",
			Target: new(float64(deliveriesLeast)), Met: rate >= deliveriesLeast,
		}),
		p.syncFigure(ctx, r),
	)
}

// syncFigure sends in days of 200 acts, each as one request would be.
func (p *parcels) syncFigure(ctx context.Context, r *Report) error {
	days := 5
	if r.Quick {
		days = 1
	}
	var each []time.Duration
	for day := range days {
		if err := p.stock(ctx, syncActs); err != nil {
			return err
		}
		took, err := p.sendDay(ctx, day)
		if err != nil {
			return err
		}
		each = append(each, took)
	}
	slices.Sort(each)
	return r.Under(fmt.Sprintf("a day of %d acts sent in after a dead zone, worst of %d", syncActs, days), milliseconds(each[len(each)-1]), "ms", syncMost)
}

func (p *parcels) sendDay(ctx context.Context, day int) (time.Duration, error) {
	acts := make([]delivery.Offline, syncActs)
	for i, w := range p.ready[:syncActs] {
		acts[i] = delivery.Offline{ID: newID(), At: time.Now(), Waybill: w.ID, Act: delivery.Deliver, Proof: delivery.Proof{Code: string(w.Code)}}
	}
	p.ready = p.ready[syncActs:]
	var failed error
	start := time.Now()
	req := once.Request{Owner: "bench", Key: fmt.Sprintf("day-%d-%s", day, newID())}
	_, _, err := p.db.Once(ctx, req, func(ctx context.Context) once.Answer {
		failed = p.allDone(ctx, p.courier, acts)
		return once.Answer{Status: http.StatusOK, Body: []byte("{}")}
	})
	return time.Since(start), errors.Join(err, failed)
}

func (p *parcels) allDone(ctx context.Context, by staff.Member, acts []delivery.Offline) error {
	list, err := p.desk.Sync(ctx, by, time.Now(), acts)
	for _, o := range list {
		if o.Result != delivery.DoneNow {
			return fmt.Errorf("act %s: %s %s", o.ID, o.Result, o.Code)
		}
	}
	return err
}
