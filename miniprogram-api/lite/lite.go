// Package lite (轻页面) holds the pages for those who work with a cheap phone or
// an old browser: village and window staff, reviewers, managers, couriers. It
// decides how an act looks and is asked for; what it does is decided by the
// same rooms that the API calls. Every page is HTML made here; every act is a
// form that works without a script.
package lite

import (
	"html/template"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/circulation"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/nearby"
	"github.com/yimen-gov/yimen/pkg/paper"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/rating"
	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Root is where all pages lie.
const Root = "/lite"

// Rooms are what the pages call.
type Rooms struct {
	Door     *citizen.Door
	Gate     *staff.Gate
	City     city.Shelf
	Desk     *appointment.Desk
	Hall     *queue.Hall
	Counter  *casework.Counter
	Registry *licence.Registry
	Press    *paper.Press
	Links    scan.Links
	Parcels  *delivery.Desk
	Bags     *circulation.Room
	Ratings  *rating.Box
	Now      func() time.Time
	Planner  *nearby.Planner
}

// Pages is the site.
type Pages struct {
	Rooms
	app     *api.App
	list    []page
	looks   map[string]*template.Template // by page.look
	charter string                        // the Content-Security-Policy
}

// Register makes every page of the table reachable.
func Register(app *api.App, r Rooms) error {
	p := &Pages{Rooms: r, app: app}
	p.list = p.table()
	if err := p.readLooks(); err != nil {
		return err
	}
	p.files()
	app.TellPages(Root+"/", p.tell)
	for _, pg := range p.list {
		p.open(pg)
	}
	return nil
}

// table lists the pages, in the order of the menu.
func (p *Pages) table() []page {
	return []page{
		p.home(), p.signIn(), p.secondFactor(),
		p.today(), p.calls(), p.ticket(), p.give(),
		p.cases(), p.oneCase(), p.commitment(), p.takeIn(), p.find(), p.parcels(), p.bag(), p.office(), p.run(), p.coverage(),
	}
}
