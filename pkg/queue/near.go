package queue

import (
	"context"
	"fmt"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Spot is where a phone says that it is.
type Spot struct {
	At    place.Position
	Datum circle.Datum
}

// ErrFar refuses a phone that is not near the office.
var ErrFar = fault.New(fault.Conflict, "queue.far", "您离网点还比较远，请到网点附近后再取号或签到")

// slack is how far a position of an office may be from the truth, in metres.
var slack = map[place.Trust]float64{place.Exact: 0, place.Approximate: 2000, place.Synthetic: 5000}

// TakeNear gives a ticket to a person who is near the office with their phone.
// Errors: citizen.ErrNeedRealName, ErrFar, those of the position, and those of
// Give.
func (h *Hall) TakeNear(ctx context.Context, who citizen.Account, office place.OfficeCode, item catalog.ItemCode, at Spot) (Ticket, error) {
	if err := who.Require(citizen.LevelRealName, h.Now()); err != nil {
		return Ticket{}, err
	}
	if err := h.Near(ctx, office, at); err != nil {
		return Ticket{}, err
	}
	return h.take(ctx, Wish{Office: office, Item: item, Person: who.Person, Origin: Phone}, "")
}

// Near compares a position with the office's, as far as that one is known.
// Errors: place.ErrNoOffice, ErrFar, those of the position.
func (h *Hall) Near(ctx context.Context, office place.OfficeCode, s Spot) error {
	o, _, err := h.office(ctx, office)
	if err != nil {
		return err
	}
	around := circle.Box{}.With(o.Position).Widen(h.Rules.NearMetres + slack[o.Trust] + datumMetres)
	switch err := circle.CheckPosition(s.At, around); err {
	case nil, circle.ErrOutside:
	default:
		return err
	}
	at, err := s.Datum.ToWGS84(s.At)
	if err != nil {
		return err
	}
	if far := circle.Metres(at, o.Position); !(far <= h.Rules.NearMetres+slack[o.Trust]) {
		return ErrFar.Saying(fmt.Sprintf("您距网点约%.1f公里，请到网点附近后再取号或签到", far/1000))
	}
	return nil
}

// datumMetres is more than the datums differ by.
const datumMetres = 1000
