package nearby

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Releases tells what is held back for a rush; *rush.Room does.
type Releases interface {
	// ClosedUntil is when the seats for a visit are released; zero where nothing
	// holds them back.
	ClosedUntil(office place.OfficeCode, item catalog.ItemCode, at time.Time) time.Time
}

// released are the prospects without what nobody can book yet.
type released struct {
	circle.Prospects
	atlas    *circle.Atlas
	items    []*catalog.Item
	releases Releases
}

// FirstSlot implements circle.Prospects: dates that are held back are passed
// over.
func (r released) FirstSlot(office int32, after int64) int64 {
	at := r.Prospects.FirstSlot(office, after)
	for at > 0 && r.heldBack(office, time.Unix(at, 0)) {
		at = r.Prospects.FirstSlot(office, workday.DateOf(time.Unix(at, 0)).AddDays(1).Time().Unix())
	}
	return at
}

func (r released) heldBack(office int32, at time.Time) bool {
	code := place.OfficeCode(r.atlas.Office(office).Code)
	for _, item := range r.items {
		if !r.releases.ClosedUntil(code, item.Code, at).IsZero() {
			return true
		}
	}
	return false
}
