package main

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	routes "github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/miniprogram-api/courier"
	"github.com/yimen-gov/yimen/miniprogram-api/village"
	"github.com/yimen-gov/yimen/miniprogram-api/wechat"
	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/nearby"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/rating"
	"github.com/yimen-gov/yimen/pkg/seal"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/server/outbound"
	"github.com/yimen-gov/yimen/server/worker"
	"github.com/yimen-gov/yimen/storage/blob"
	"github.com/yimen-gov/yimen/storage/jobs"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// rooms are the business, wired.
type rooms struct {
	keys     *seal.Keyring
	wechat   *wechat.Client
	door     *citizen.Door
	desk     *appointment.Desk
	counter  *casework.Counter
	guide    *nearby.Guide
	registry *licence.Registry
	parcels  *delivery.Desk
	ratings  *rating.Box
}

// The mini-program that the local WeChat plays for. Nothing of it is secret.
const (
	sandboxAppID  = "wxlocal0000000001"
	sandboxSecret = "local-wechat-secret"
)

// sandboxTemplate is the one message template of the local WeChat.
var sandboxTemplate = sandbox.Template{ID: "local-notice", Fields: []string{"thing1", "time2"}, LongTerm: true}

func newSandbox(now func() time.Time) *sandbox.Sandbox {
	return sandbox.New(sandbox.Options{
		AppID: sandboxAppID, Secret: sandboxSecret, Now: now,
		Persons: sandbox.DefaultPersons(), Templates: []sandbox.Template{sandboxTemplate},
	})
}

func (in *instance) openRooms(context.Context) error {
	client, err := in.client()
	if err != nil {
		return err
	}
	store, err := blob.Dir(in.conf.files())
	if err != nil {
		return err
	}
	calendar := workday.NewCalendar()
	r := &in.rooms
	r.wechat = client
	r.door = &citizen.Door{
		Store: sqlstore.For[citizen.Tx](in.db), WeChat: people{client}, Population: in.population(),
		Now: in.now, NewID: newID, Random: rand.Reader,
	}
	r.desk = &appointment.Desk{
		Store: sqlstore.For[appointment.Tx](in.db), City: in.shelf, Calendar: calendar,
		Now: in.now, NewID: newID, Random: rand.Reader, Rules: appointment.DefaultRules(),
	}
	r.counter = &casework.Counter{
		Store: sqlstore.For[casework.Tx](in.db), City: in.shelf, Calendar: calendar,
		Files: blob.Sealed{Store: store, Keys: r.keys}, Now: in.now, NewID: newID, Random: rand.Reader,
	}
	r.guide = &nearby.Guide{City: in.shelf, Calendar: calendar, Slots: r.desk, Travel: circle.Straight{}, Now: in.now}
	r.registry = &licence.Registry{
		Store: sqlstore.For[licence.Tx](in.db), City: in.shelf, Now: in.now, NewID: newID, Random: rand.Reader, Letters: "FS",
	}
	r.parcels = &delivery.Desk{
		Store: sqlstore.For[delivery.Tx](in.db), City: in.shelf, Now: in.now, NewID: newID, Random: rand.Reader,
	}
	r.ratings = &rating.Box{Store: sqlstore.For[rating.Tx](in.db), Now: in.now}
	return in.openApp()
}

// client speaks to the real WeChat, or to the local one.
func (in *instance) client() (*wechat.Client, error) {
	c := wechat.Config{
		AppID: in.conf.WechatAppID, AppSecret: in.conf.WechatSecret,
		Token: in.conf.WechatToken, EncodingAESKey: in.conf.WechatAESKey, Now: in.now,
	}
	if in.sandbox != nil {
		c = wechat.Config{AppID: sandboxAppID, AppSecret: sandboxSecret, BaseURL: in.playURL, Now: in.now}
	}
	return wechat.New(c)
}

func (in *instance) population() outbound.Population {
	url := in.conf.PopulationURL
	if url == "" && in.sandbox != nil {
		url = in.playURL + "/sandbox/real-name"
	}
	return outbound.Population{URL: url, Client: &http.Client{Timeout: 8 * time.Second}}
}

// openApp registers every route.
func (in *instance) openApp() error {
	gate := in.gate()
	r := &in.rooms
	in.app = api.New(api.Config{Version: version, Gate: gate, Keeper: in.db, NewID: newID, Log: in.log, Ready: in.ready})
	routes.Sessions(in.app, r.door)
	routes.Me(in.app, r.door, in.now)
	routes.Posts(in.app, gate)
	routes.Messages(in.app, in.db)
	routes.Items(in.app, in.shelf)
	routes.Offices(in.app, r.guide, in.shelf)
	routes.Appointments(in.app, r.desk)
	routes.Cases(in.app, r.counter)
	routes.Licences(in.app, r.registry)
	routes.Delivery(in.app, r.parcels)
	routes.Ratings(in.app, r.ratings)
	village.Appointments(in.app, r.desk)
	village.Cases(in.app, r.counter)
	village.Licences(in.app, r.registry)
	village.Waybills(in.app, r.parcels)
	courier.Run(in.app, r.parcels)
	return in.app.Finish()
}

// startWorkers starts the jobs and what the clock brings.
func (in *instance) startWorkers() {
	ctx, stop := context.WithCancel(context.Background())
	in.stop = stop
	messages := &worker.Messages{Store: in.db, WeChat: in.rooms.wechat, Templates: in.templates(), Now: in.now}
	runner := &jobs.Runner{
		Store: in.db, Now: in.now, Log: in.log,
		Works: map[notify.JobKind]jobs.Work{notify.SendMessage: messages.Send},
	}
	in.workers.Go(func() { runner.Run(ctx) })
	in.workers.Go(func() { worker.Sweeps(ctx, in.log, in.sweeps()) })
}

func (in *instance) sweeps() []worker.Sweep {
	return []worker.Sweep{
		{Name: "appointments", Every: 5 * time.Second, Do: counted(in.rooms.desk.Sweep)},
		{Name: "cases", Every: time.Minute, Do: counted(in.rooms.counter.Sweep)},
		{Name: "answers", Every: 10 * time.Minute, Do: in.db.ForgetAnswers},
	}
}

// counted leaves out how much a sweep found.
func counted(sweep func(context.Context) (int, error)) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := sweep(ctx)
		return err
	}
}

// templates reads kind=id pairs.
func (in *instance) templates() map[string]string {
	if in.sandbox != nil {
		return map[string]string{"*": sandboxTemplate.ID}
	}
	list := map[string]string{}
	for pair := range strings.SplitSeq(in.conf.WechatTemplates, ",") {
		if kind, id, ok := strings.Cut(strings.TrimSpace(pair), "="); ok {
			list[kind] = id
		}
	}
	return list
}
