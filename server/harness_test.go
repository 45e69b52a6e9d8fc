package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/storetest"
)

// databases are those on PostgreSQL, by the data folder of their instance.
var databases sync.Map

// databaseOf is the setting YIMEN_DB of an instance: where the tests run on
// PostgreSQL, a database for each data folder.
func databaseOf(data string) string {
	if !storetest.OnPostgres() {
		return ""
	}
	if url, ok := databases.Load(data); ok {
		return url.(string)
	}
	url, err := storetest.NewDatabase()
	if err != nil {
		panic(err)
	}
	databases.Store(data, url)
	return url
}

// ended closes what tests share, once the last of them is over.
func ended(status int) int {
	defer storetest.StopPostgres()
	for _, c := range []*town{common.town, visits.town} {
		if c != nil {
			_ = c.close()
		}
	}
	return status
}

// tuesday is when tests begin unless they say otherwise: an ordinary working
// day, every office open.
var tuesday = time.Date(2026, 11, 24, 10, 0, 0, 0, workday.Zone)

// town is a Yimen of its own behind a real listener.
type town struct {
	in    *instance
	clock *clock
	data  string
	url   string
	http  *http.Client
	born  atomic.Int64 // people made up so far
	stop  func() error
	tune  []func(*instance) // before it serves
	set   func(*Config)     // before it opens, nil = as it is
	// address is where it listens, "" = anywhere.
	address string
}

// newTown starts a fresh instance at the given time; it ends with the test.
func newTown(t testing.TB, at time.Time, tune ...func(*instance)) *town {
	t.Helper()
	c, err := openTown(t.TempDir(), at, tune...)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.close()) })
	return c
}

// common is one instance for all tests that need none of their own.
var common struct {
	sync.Mutex
	town *town
}

// sharedTown is an instance that other tests use as well: only what a test has
// made itself may it look at, and the clock stays.
func sharedTown(t testing.TB) *town {
	t.Helper()
	common.Lock()
	defer common.Unlock()
	if common.town == nil {
		data, err := os.MkdirTemp("", "yimen-test-")
		require.NoError(t, err)
		common.town, err = openTown(data, tuesday)
		require.NoError(t, err)
		end := common.town.stop
		common.town.stop = func() error { defer os.RemoveAll(data); return end() }
	}
	return common.town
}

func openTown(data string, at time.Time, tune ...func(*instance)) (*town, error) {
	c := &town{data: data, clock: &clock{}, tune: tune, http: &http.Client{
		Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64},
	}}
	c.clock.ahead.Store(int64(time.Until(at)))
	return c, c.open()
}

// open brings the instance up on the data folder, for the first time or again.
func (c *town) open() (err error) {
	conf := &Config{Env: "development", Data: c.data, DB: databaseOf(c.data), SandboxAddr: "127.0.0.1:0", Log: "text", Limits: "off"}
	if c.set != nil {
		c.set(conf)
	}
	quiet := slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: slog.LevelWarn}))
	if c.in, err = openInstance(context.Background(), conf, quiet, c.clock.now); err != nil {
		return err
	}
	for _, tune := range c.tune {
		tune(c.in)
	}
	l, err := net.Listen("tcp", cmp.Or(c.address, "127.0.0.1:0"))
	if err != nil {
		return err
	}
	c.url = "http://" + l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- c.in.serve(ctx, l) }()
	c.stop = func() error {
		c.http.CloseIdleConnections()
		cancel()
		return errorsOf(<-served, c.in.close())
	}
	return nil
}

func (c *town) close() error { return c.stop() }

// logs takes what instances log; set YIMEN_TEST_LOG to see it.
var logs io.Writer = func() io.Writer {
	if os.Getenv("YIMEN_TEST_LOG") != "" {
		return os.Stderr
	}
	return io.Discard
}()

func errorsOf(list ...error) error {
	for _, err := range list {
		if err != nil {
			return err
		}
	}
	return nil
}

// newcomer makes up a person with a WeChat account.
func (c *town) newcomer() sandbox.Person {
	n := c.born.Add(1)
	id := c.in.sandbox.AddPerson(sandbox.Person{Name: madeUp(n), Phone: fmt.Sprintf("1380000%04d", n)})
	p, _ := c.in.sandbox.Person(id)
	return p
}

// madeUp gives every number a name of its own.
func madeUp(n int64) string {
	letters := []rune("子丑寅卯辰巳午未申酉戌亥甲乙丙丁戊己庚辛壬癸")
	k := int64(len(letters))
	return string([]rune{'测', letters[n/k%k], letters[n%k]})
}

// nobody is a client without a session.
func (c *town) nobody(t testing.TB) *client { return &client{t: t, town: c} }

// visitor is somebody who has logged in and proved nothing.
func (c *town) visitor(t testing.TB) *client {
	t.Helper()
	p := &client{t: t, town: c, person: c.newcomer()}
	p.login()
	return p
}

// citizen is somebody who has bound a phone and proved name and number.
func (c *town) citizen(t testing.TB) *client {
	t.Helper()
	p := c.visitor(t)
	p.prove()
	return p
}

// clerk works at an office of a village.
func (c *town) clerk(t testing.TB, office string) *client {
	t.Helper()
	return c.member(t, staff.Member{Role: staff.VillageStaff, Office: place.OfficeCode(office)})
}

// reviewer decides for a department at an office.
func (c *town) reviewer(t testing.TB, office, department string) *client {
	t.Helper()
	return c.member(t, staff.Member{
		Role: staff.Reviewer, Office: place.OfficeCode(office), Department: catalog.DepartmentCode(department),
	})
}

// courier carries for a company.
func (c *town) courier(t testing.TB, company string) *client {
	t.Helper()
	return c.member(t, staff.Member{Role: staff.Courier, Company: company})
}

// member logs somebody in and gives them a post.
func (c *town) member(t testing.TB, post staff.Member) *client {
	t.Helper()
	p := c.visitor(t)
	p.post("/api/v1/me/post", map[string]string{"code": c.invite(t, p.person.Name, post)}).ok()
	if (&staff.Member{Role: post.Role}).Twofold() {
		p.raise()
	}
	return p
}

// raise enrols an authenticator and shows its code, for posts that ask for one.
func (p *client) raise() {
	p.t.Helper()
	secret := p.post("/api/v1/me/post/authenticator", nil).ok().text("secret")
	code, err := totp.GenerateCode(secret, p.town.clock.now())
	require.NoError(p.t, err)
	p.post("/api/v1/me/post/code", map[string]string{"code": code}).ok()
}

func (c *town) invite(t testing.TB, name string, post staff.Member) string {
	t.Helper()
	var err error
	post.Name, err = citizen.ParseName(name)
	require.NoError(t, err)
	code, err := c.in.gate().Invite(context.Background(), post, time.Hour)
	require.NoError(t, err)
	return code
}
