package delivery

import (
	"cmp"
	"time"

	"github.com/yimen-gov/yimen/pkg/place"
)

// Parcel is a waybill as its courier may see it: the area before pick-up, the
// address while it is on the run.
type Parcel struct {
	ID, Number string
	State      State
	Area       string
	Attempts   int
	Recipient  string // masked; "" unless on the run, like the next two
	Phone      string // masked
	Address    string
	HoldAt     place.OfficeCode // the person wants it there, to be collected
	Locker     string           // the person wants it in this locker
	Until      time.Time        // it lies there, and is fetched back afterwards; zero = does not
	Demand     Demand
}

// Parcel is what a courier sees of the waybill.
func (w Waybill) Parcel() Parcel {
	p := Parcel{ID: w.ID, Number: w.Number, State: w.State, Area: w.Area, Attempts: w.Attempts, HoldAt: w.HoldAt,
		Locker: w.Locker, Until: w.LockerUntil, Demand: w.Demand}
	if w.State.OnTheRun() {
		p.Recipient, p.Phone, p.Address = w.Recipient.Masked(), w.Phone.Masked(), w.Address
	}
	return p
}

// byWay sorts a run: area by area, street by street, what has to be settled at
// the desk last.
func byWay(a, b Parcel) int {
	return cmp.Or(
		cmp.Compare(rank(a.State), rank(b.State)),
		cmp.Compare(a.Area, b.Area), cmp.Compare(a.Address, b.Address), cmp.Compare(a.Number, b.Number),
	)
}

func rank(s State) int {
	if s.OnTheRun() {
		return 0
	}
	return 1
}
