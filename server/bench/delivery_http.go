package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// deliveredOverHTTP races couriers at doors, each with a session, a key and one
// parcel, against Fiber answering posts of the same size.
func deliveredOverHTTP(ctx context.Context, r *Report) error {
	return inFolder(func(dir string) error {
		house, err := r.Guarded(ctx, dir)
		if err != nil {
			return err
		}
		couriers := int(r.Length.Seconds()*4_000) + 300
		c, err := gathered(ctx, house, couriers, 1)
		if err != nil {
			return errors.Join(err, house.Close())
		}
		parcels, err := c.handedOut(ctx)
		if err == nil {
			err = c.deliveries(ctx, r, parcels)
		}
		return errors.Join(err, house.Close())
	})
}

// handedOut gives everybody of the crowd a courier's post and a parcel.
func (c *crowd) handedOut(ctx context.Context) (list []delivery.Waybill, err error) {
	name, err := citizen.ParseName("甄样本")
	if err != nil {
		return nil, err
	}
	p := &parcels{
		db: c.house.DB, office: c.office, courier: staff.Member{Role: staff.Courier, Company: "样例快递", Name: name, TakenAt: time.Now()},
		person: citizen.Person{ID: c.people[0].Person, Name: name},
	}
	for from := 0; from < len(c.people) && err == nil; from += 500 {
		err = sqlstore.For[delivery.Tx](c.house.DB).InTx(ctx, func(tx delivery.Tx) error {
			for _, one := range c.people[from:min(from+500, len(c.people))] {
				p.courier.ID, p.courier.Account = staff.ID(newID()), one.ID
				if err := tx.(staff.Tx).InsertMember(ctx, p.courier); err != nil {
					return err
				}
				w, err := p.one(ctx, tx)
				if err != nil {
					return err
				}
				list = append(list, w)
			}
			return nil
		})
	}
	return list, err
}

func (c *crowd) deliveries(ctx context.Context, r *Report, list []delivery.Waybill) error {
	phones, err := newCallers(c.addr())
	if err != nil {
		return err
	}
	defer hangUp(phones)
	floor, stop, err := openFloor(500)
	if err != nil {
		return err
	}
	defer stop()
	const proof = `{"code":"012345"}`
	scores, err := race(ctx, r,
		side{"deliveries over HTTP", func(_ context.Context, until time.Time) ([]time.Duration, error) {
			return together(phones, until, func(phone *caller) ([]time.Duration, error) {
				i := int(c.next.Add(1)) - 1
				if i >= len(list) {
					return nil, nil
				}
				start := time.Now()
				status, answer, err := phone.post("/api/v1/courier/waybills/"+list[i].ID+"/deliver", c.tokens[i], i, proof)
				if err != nil || status != fiber.StatusOK {
					return nil, errors.Join(err, fmt.Errorf("not delivered: %d %s", status, answer))
				}
				return []time.Duration{time.Since(start)}, nil
			})
		}},
		floorSide(floor, proof))
	if err != nil {
		return err
	}
	return errors.Join(
		r.Against("deliveries over HTTP with session, key and limits, each with its leaf, against Fiber's POST floor", scores[0].rate(), "1/s", scores[1].rate(), scores[0].to(scores[1]), 0.40),
		r.Tell("delivery over HTTP, 64 clients, p99", scores[0].ms(0.99), "ms"))
}
