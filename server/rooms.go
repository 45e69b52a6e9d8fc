package main

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/admin"
	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/callback"
	routes "github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/miniprogram-api/courier"
	"github.com/yimen-gov/yimen/miniprogram-api/display"
	"github.com/yimen-gov/yimen/miniprogram-api/lite"
	"github.com/yimen-gov/yimen/miniprogram-api/terminal"
	"github.com/yimen-gov/yimen/miniprogram-api/village"
	"github.com/yimen-gov/yimen/miniprogram-api/wechat"
	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circulation"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/credit"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/dossier"
	"github.com/yimen-gov/yimen/pkg/errand"
	"github.com/yimen-gov/yimen/pkg/exchange"
	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/pkg/nearby"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/paper"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/rating"
	"github.com/yimen-gov/yimen/pkg/rush"
	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/seal"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/stage"
	machine "github.com/yimen-gov/yimen/pkg/terminal"
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
	files    blob.Store
	links    scan.Links
	tray     *scan.Tray
	press    *paper.Press
	herald   *stage.Herald
	bureau   *credit.Bureau
	wechat   *wechat.Client
	roads    *roadFile
	grid     *populationGrid
	content  *content
	gate     *staff.Gate
	door     *citizen.Door
	desk     *appointment.Desk
	rush     *rush.Room
	hall     *queue.Hall
	displays *display.Display
	counter  *casework.Counter
	exchange *exchange.Desk
	errands  *errand.Desk
	guide    *nearby.Guide
	planner  *nearby.Planner
	ledger   *ledgerKeys
	notary   *ledger.Notary
	registry *licence.Registry
	parcels  *delivery.Desk
	bags     *circulation.Room
	ratings  *rating.Box
	machines *machine.Keeper
	dossiers *dossier.Keeper
}

func (in *instance) openRooms(ctx context.Context) error {
	client, err := in.client()
	if err != nil {
		return err
	}
	store, public, err := in.conf.openFiles(in.now, false, in.meter.Wire)
	if err != nil {
		return err
	}
	if err := in.checkFiles(ctx, store); err != nil {
		return err
	}
	doctor, err := in.conf.doctor()
	if err != nil {
		return err
	}
	calendar := workday.NewCalendar()
	r := &in.rooms
	r.grid = &populationGrid{path: in.conf.PopulationGrid}
	r.files = store
	r.wechat = client
	r.gate = &staff.Gate{Store: sqlstore.For[staff.Tx](in.db), City: in.shelf, Now: in.now, NewID: newID, Random: rand.Reader}
	r.door = &citizen.Door{
		Store: sqlstore.For[citizen.Tx](in.db), WeChat: people{client}, Population: in.population(), Registry: in.registry(),
		Files: blob.Sealed{Store: store, Keys: r.keys}, Changed: r.gate.Changed, Now: in.now, NewID: newID, Random: rand.Reader,
	}
	r.desk = &appointment.Desk{
		Store: sqlstore.For[appointment.Tx](in.db), City: in.shelf, Calendar: calendar,
		Now: in.now, NewID: newID, Random: rand.Reader, Rules: appointment.DefaultRules(),
	}
	r.rush = &rush.Room{
		Store: sqlstore.For[rush.Tx](in.db), Marks: in.cache, City: in.shelf, Now: in.now, NewID: newID, Random: rand.Reader,
		Left: in.seatsLeft,
	}
	r.desk.Gate = r.rush
	r.hall = &queue.Hall{
		Store: sqlstore.For[queue.Tx](in.db), City: in.shelf, Calendar: calendar, Visits: r.desk,
		Now: in.now, NewID: newID, Rules: queue.DefaultRules(),
	}
	r.displays = display.New(r.hall, in.now, in.log)
	hub, err := in.hubClient(ctx)
	if err != nil {
		return err
	}
	r.exchange = in.exchange(hub)
	var lines exchange.Lines
	if hub != nil {
		lines = hub
	}
	r.counter = &casework.Counter{
		Store: sqlstore.For[casework.Tx](in.db), City: in.shelf, Calendar: calendar,
		Files: blob.Sealed{Store: store, Keys: r.keys}, Inspector: scan.NewGuard(doctor), Exchange: r.exchange, Lines: lines, ReadGrade: credit.Reading(in.conf.GradeC).Read,
		Now: in.now, NewID: newID, Random: rand.Reader,
	}
	r.herald = &stage.Herald{Store: sqlstore.For[stage.Tx](in.db), City: in.shelf, Now: in.now, NewID: newID}
	r.bureau = &credit.Bureau{Store: sqlstore.For[credit.Tx](in.db), Now: in.now, NewID: newID}
	r.press = &paper.Press{
		Store: sqlstore.For[paper.Tx](in.db), City: in.shelf, Render: routes.PrintPaper, Verify: strings.TrimSuffix(in.conf.PublicURL, "/") + routes.PaperCheck,
		Now: in.now, NewID: newID, Random: rand.Reader,
	}
	r.tray = &scan.Tray{
		Store: sqlstore.For[scan.Tx](in.db), Parts: blob.Sealed{Store: store, Keys: r.keys}, Direct: direct{store, public},
		Cases: intake{r.counter}, Now: in.now, NewID: newID,
	}
	r.links = scan.Links{Sign: func(text string) []byte { return r.keys.Index("file.link", text) }, Now: in.now}
	r.errands = &errand.Desk{Store: sqlstore.For[errand.Tx](in.db), City: in.shelf, Counter: r.counter, Now: in.now, NewID: newID}
	if r.guide, err = in.newGuide(calendar); err != nil {
		return err
	}
	if r.ledger, err = readLedgerKeys(in.conf); err != nil {
		return err
	}
	r.notary = r.ledger.notary(in.db, in.now)
	r.registry = &licence.Registry{
		Notary: r.notary,
		Store:  sqlstore.For[licence.Tx](in.db), City: in.shelf, Now: in.now, NewID: newID, Random: rand.Reader, Letters: "FS",
	}
	r.parcels = &delivery.Desk{
		Store: sqlstore.For[delivery.Tx](in.db), City: in.shelf, Calendar: calendar, Now: in.now, NewID: newID, Random: rand.Reader,
		Files: blob.Sealed{Store: store, Keys: r.keys}, Inspector: scan.NewGuard(doctor), Remote: in.companies(),
	}
	r.content = &content{
		client: client, db: in.db, files: blob.Sealed{Store: store, Keys: r.keys}, keys: r.keys,
		public: in.conf.pictures(), now: in.now, log: in.log,
	}
	r.bags = &circulation.Room{
		Store: sqlstore.For[circulation.Tx](in.db), City: in.shelf, Calendar: calendar, Now: in.now, NewID: newID,
	}
	r.machines = &machine.Keeper{
		Store: sqlstore.For[machine.Tx](in.db), City: in.shelf, Near: r.hall.Near, Now: in.now, NewID: newID, Random: rand.Reader,
	}
	r.ratings = &rating.Box{Store: sqlstore.For[rating.Tx](in.db), Calendar: calendar, Rules: rating.DefaultRules(), Now: in.now}
	if in.conf.ContentCheck != "off" {
		r.ratings.Words, r.desk.Words, r.counter.Words = r.content, r.content, r.content
	}
	return in.openApp()
}

// seatsLeft counts what can still be booked of a rush.
func (in *instance) seatsLeft(ctx context.Context, r rush.Rush) (left int, err error) {
	days, err := in.rooms.desk.Days(ctx, appointment.Wish{Office: r.Office, Item: r.Item, People: 1}, r.First, r.Last.DaysSince(r.First)+1)
	for _, day := range days {
		for _, slot := range day.Slots {
			left += slot.Free
		}
	}
	return left, err
}

// client speaks to the real WeChat, or to the local one.
func (in *instance) client() (*wechat.Client, error) {
	c := wechat.Config{
		AppID: in.conf.WechatAppID, AppSecret: in.conf.WechatSecret,
		Token: in.conf.WechatToken, EncodingAESKey: in.conf.WechatAESKey, Cache: wechatCache{in.cache}, Now: in.now, Watch: in.calling,
	}
	if in.playURL != "" {
		c.AppID, c.AppSecret, c.BaseURL = sandboxAppID, sandboxSecret, in.playURL
		c.Token, c.EncodingAESKey = sandboxToken, sandboxAESKey
	}
	return wechat.New(c)
}

func (in *instance) population() outbound.Population {
	url := in.conf.PopulationURL
	if url == "" && in.playURL != "" {
		url = in.playURL + "/sandbox/real-name"
	}
	return outbound.Population{URL: url, Client: in.outward("population", 8*time.Second)}
}

// registry is the data hub's, or in development a stand-in with sample people.
func (in *instance) registry() citizen.Registry {
	if in.conf.RegistryURL == "" && in.playURL != "" && in.conf.Env != "production" {
		return outbound.SampleRegistry{}
	}
	return outbound.Registry{URL: in.conf.RegistryURL, Client: in.outward("registry", 8*time.Second)}
}

// openApp registers every route.
func (in *instance) openApp() error {
	gate := in.gate()
	r := &in.rooms
	limits, err := in.limits()
	if err != nil {
		return err
	}
	in.app = api.New(api.Config{Version: version, Gate: gate, Keeper: in.db, NewID: newID, Log: in.log, Ready: in.ready, Notes: in.notes, Limits: limits, Watch: in.meter, Trace: in.followed(), Slow: in.conf.Slow})
	routes.Sessions(in.app, r.door)
	routes.Me(in.app, r.door, in.now)
	routes.Accounts(in.app, r.door)
	routes.Home(in.app, r.door, in.shelf)
	r.dossiers = &dossier.Keeper{Store: sqlstore.For[dossier.Tx](in.db), Changed: gate.Changed, Now: in.now}
	routes.Rights(in.app, r.door, r.dossiers)
	routes.Agencies(in.app, r.door, in.knownItem)
	routes.Posts(in.app, gate)
	admin.Members(in.app, gate, in.now)
	admin.Trail(in.app, gate)
	routes.Messages(in.app, in.db)
	routes.Items(in.app, in.shelf)
	routes.Offices(in.app, r.guide, in.shelf)
	routes.Appointments(in.app, r.desk)
	routes.Rushes(in.app, r.rush)
	routes.Cases(in.app, r.counter)
	routes.Reuse(in.app, r.counter)
	village.Reuse(in.app, r.counter)
	village.Lines(in.app, r.counter)
	admin.Sources(in.app, r.exchange, in.shelf)
	routes.Files(in.app, r.counter, r.links, in.db)
	routes.Uploads(in.app, r.tray, r.counter)
	village.Files(in.app, r.counter, r.links)
	routes.Licences(in.app, r.registry, r.ledger.public)
	routes.Ledger(in.app, r.notary, r.ledger.public)
	routes.Delivery(in.app, r.parcels)
	routes.Companies(in.app, r.parcels)
	routes.Ratings(in.app, r.ratings)
	village.Ratings(in.app, r.ratings)
	routes.Offers(in.app, r.herald)
	village.OfferFigures(in.app, r.herald.Store)
	routes.Credit(in.app, r.bureau)
	village.Credit(in.app, r.bureau)
	routes.Papers(in.app, r.press, r.counter, r.links)
	village.Papers(in.app, r.press, r.counter, r.links)
	village.Appointments(in.app, r.desk)
	village.Rushes(in.app, r.rush)
	village.Timetable(in.app, r.desk)
	r.planner = &nearby.Planner{City: in.shelf, Roads: r.roads.index.Load, Residents: r.grid.read, Now: in.now}
	village.Coverage(in.app, r.planner)
	routes.Queue(in.app, r.hall)
	village.Arrivals(in.app, r.hall, r.door)
	village.Calls(in.app, r.hall)
	village.Windows(in.app, r.hall)
	village.Slips(in.app, r.hall)
	display.Boards(in.app, r.displays)
	display.Page(in.app, r.displays)
	village.Bookings(in.app, r.desk, r.door)
	routes.Calendars(in.app, r.desk, in.shelf, checkInCodes{r.wechat, in.cache, in.now})
	routes.WaitingList(in.app, r.desk)
	routes.Appeals(in.app, r.desk)
	village.Cases(in.app, r.counter)
	village.Supplements(in.app, r.counter)
	routes.Errands(in.app, r.errands)
	village.Licences(in.app, r.registry)
	village.Persons(in.app, r.door, r.counter)
	village.Agencies(in.app, r.door, in.knownItem)
	village.Waybills(in.app, r.parcels)
	village.Parcels(in.app, r.parcels)
	village.Orders(in.app, r.parcels)
	routes.Originals(in.app, r.bags)
	village.Circulation(in.app, r.bags)
	in.openTerminals()
	courier.Run(in.app, r.parcels)
	courier.Hands(in.app, r.parcels)
	courier.Door(in.app, r.parcels)
	courier.Acts(in.app, r.parcels)
	(&callback.Receiver{Client: r.wechat, Marks: in.cache, Desk: r.content, Log: in.log}).Register(in.app)
	callback.Couriers(in.app, in.hearCourier)
	r.content.register(in.app)
	if err := in.openPages(); err != nil {
		return err
	}
	return in.app.Finish()
}

// openPages registers the pages for staff and couriers.
func (in *instance) openPages() error {
	r := &in.rooms
	return lite.Register(in.app, lite.Rooms{
		Door: r.door, Gate: in.gate(), City: in.shelf, Desk: r.desk, Hall: r.hall, Counter: r.counter, Registry: r.registry,
		Press: r.press, Links: r.links, Parcels: r.parcels, Bags: r.bags, Ratings: r.ratings, Now: in.now, Planner: r.planner,
	})
}

// openTerminals registers the self-service machines, those who stand before
// them, and those who look after them.
func (in *instance) openTerminals() {
	r, public := &in.rooms, strings.TrimSuffix(in.conf.PublicURL, "/")
	terminal.Screen(in.app)
	terminal.Devices(in.app, r.machines)
	terminal.Visits(in.app, r.machines, public)
	terminal.Hall(in.app, r.machines, r.hall, r.counter)
	terminal.Prints(in.app, r.machines, terminal.Press{Papers: r.press, Counter: r.counter, Licences: r.registry, Verify: public + "/verify/"})
	routes.Terminals(in.app, r.machines)
	village.Terminals(in.app, r.machines)
}

// knownItem says whether the catalogue in force has an item.
func (in *instance) knownItem(ctx context.Context, code string) error {
	e, err := in.shelf.Current(ctx)
	if err == nil {
		_, err = e.Catalogue.Item(catalog.ItemCode(code))
	}
	return err
}

// startWorkers starts the jobs and what the clock brings.
func (in *instance) startWorkers() {
	ctx, stop := context.WithCancel(context.Background())
	in.stop = stop
	outbox := sqlstore.Outbox{DB: in.db}
	messages := &worker.Messages{Store: in.db, WeChat: in.rooms.wechat, Templates: in.templates()}
	for _, r := range []*jobs.Runner{
		{Store: outbox, Works: map[notify.JobKind]jobs.Work{notify.SendMessage: messages.Send}},
		{Store: in.db, Works: map[notify.JobKind]jobs.Work{
			notify.SendMessage: outbox.Adopt, delivery.PlaceOrder: in.rooms.parcels.Place, delivery.CancelOrder: in.rooms.parcels.Drop,
			dossier.ForgetFile: in.forgetFile, casework.AskSources: in.askSources, casework.PushLine: in.pushLine,
		}},
	} {
		r.Now, r.Log = in.now, in.log
		in.workers.Go(func() { r.Run(ctx) })
	}
	if err := in.db.ServedHere(ctx); err != nil {
		in.log.Warn("mark the database as served", "err", err)
	}
	sweeper := &worker.Sweeper{Lease: in.db, Holder: newID(), Log: in.log, List: in.sweeps()}
	in.workers.Go(func() { sweeper.Run(ctx) })
}

func (in *instance) sweeps() []worker.Sweep {
	return []worker.Sweep{
		{Name: "appointments", Every: 5 * time.Second, Do: counted(in.rooms.desk.Sweep)},
		{Name: "rushes", Every: time.Second, Own: true, Do: in.rooms.rush.Refresh},
		{Name: "board", Every: 5 * time.Second, Own: true, Do: in.rooms.guide.Refresh},
		{Name: "roads", Every: 30 * time.Second, Own: true, Do: in.rooms.roads.reload},
		{Name: "queues", Every: 30 * time.Second, Do: counted(in.rooms.hall.Sweep)},
		{Name: "displays", Every: time.Second, Own: true, Do: in.rooms.displays.Refresh},
		{Name: "reminders", Every: 5 * time.Second, Do: counted(in.rooms.desk.Remind)},
		{Name: "waiting lists", Every: 2 * time.Second, Do: counted(in.rooms.desk.OfferFreed)},
		{Name: "holidays", Every: time.Second, Own: true, Do: in.rooms.desk.ReadHolidays},
		{Name: "cases", Every: time.Minute, Do: counted(in.rooms.counter.Sweep)},
		{Name: "expired", Every: time.Hour, Do: counted(in.rooms.dossiers.Sweep)},
		{Name: "revoked bases", Every: time.Minute, Do: in.learnRevoked},
		{Name: "lines", Every: 10 * time.Second, Do: counted(in.rooms.counter.Hear)},
		{Name: "reconcile", Every: 10 * time.Minute, Do: counted(in.rooms.counter.Reconcile)},
		{Name: "flags", Every: 10 * time.Second, Do: counted(in.rooms.counter.Flag)},
		{Name: "errands", Every: 2 * time.Second, Do: counted(in.rooms.errands.Sweep)},
		{Name: "late results", Every: 10 * time.Minute, Do: counted(in.rooms.parcels.Sweep)},
		{Name: "silent couriers", Every: 10 * time.Minute, Do: counted(in.rooms.parcels.Listen)},
		{Name: "late bags", Every: 10 * time.Minute, Do: counted(in.rooms.bags.Sweep)},
		{Name: "terminals", Every: 5 * time.Second, Do: counted(in.rooms.machines.Sweep)},
		{Name: "ratings", Every: 10 * time.Minute, Do: counted(in.rooms.ratings.Sweep)},
		{Name: "offers", Every: 5 * time.Second, Do: counted(in.rooms.herald.Sweep)},
		{Name: "credit", Every: time.Minute, Do: counted(in.rooms.bureau.Sweep)},
		{Name: "uploads", Every: time.Minute, Do: counted(in.rooms.tray.Sweep)},
		{Name: "files", Every: 10 * time.Second, Own: true, Do: in.askFiles},
		{Name: "figures", Every: backlogEvery, Do: in.tellFigures},
		{Name: "answers", Every: 10 * time.Minute, Do: in.db.ForgetAnswers},
		{Name: "pictures", Every: 5 * time.Second, Do: in.rooms.content.askPictures},
		{Name: "keys", Every: time.Second, Own: true, Do: (&keyWatch{file: in.conf.keyFile(), keys: in.rooms.keys}).look},
		{Name: "reseal", Every: time.Second, Do: newResealer(in.db, in.rooms.files, in.rooms.keys).run},
	}
}

// forgetFile removes a stored file and the small picture made of it.
func (in *instance) forgetFile(ctx context.Context, id string) error {
	return errors.Join(in.rooms.files.Delete(ctx, id), in.rooms.files.Delete(ctx, scan.SmallKey(id)))
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
	if in.playURL != "" {
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
