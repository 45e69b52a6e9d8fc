package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/exchange"
	"github.com/yimen-gov/yimen/server/outbound/hub"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// openHub starts the local data hub where there is no real one: in
// development only.
func (in *instance) openHub(ctx context.Context) error {
	if in.conf.Hub != "" || in.conf.Env == "production" || !in.conf.sandboxed() {
		return nil
	}
	e, err := in.shelf.Current(ctx)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	in.hubPlay = hub.NewSandbox(hub.SampleKeys(hubNames(e)...), hub.SampleRecords(), in.now)
	in.hubURL = "http://" + l.Addr().String()
	in.hubServer = &http.Server{Handler: in.hubPlay, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = in.hubServer.Serve(l) }()
	return nil
}

// hubNames are the bases that the catalogue says can be asked, and the
// departments' own systems.
func hubNames(e *city.Edition) (list []string) {
	for _, s := range e.Catalogue.Sources() {
		list = append(list, s.Name)
	}
	return append(list, e.Catalogue.Lines()...)
}

// hubClient speaks to the hub, real or played; nil where there is none.
func (in *instance) hubClient(ctx context.Context) (*hub.Client, error) {
	url := in.conf.Hub
	var keys hub.Keys
	e, err := in.shelf.Current(ctx)
	switch {
	case err != nil:
		return nil, err
	case in.conf.HubKeys != "":
		if keys, err = readHubKeys(in.conf.HubKeys); err != nil {
			return nil, err
		}
	default:
		keys = hub.SampleKeys(hubNames(e)...)
	}
	if in.hubPlay != nil {
		url = in.hubURL
	}
	if url == "" {
		return nil, nil
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, IdleConnTimeout: 90 * time.Second}}
	return hub.New(url, keys, client, in.hubLimits, in.now)
}

func readHubKeys(path string) (hub.Keys, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("YIMEN_HUB_KEYS: %w", err)
	}
	defer f.Close()
	keys, err := hub.ReadKeys(f)
	if err != nil {
		return nil, fmt.Errorf("YIMEN_HUB_KEYS: %w", err)
	}
	return keys, nil
}

// exchange asks the bases, as far as there is a hub.
func (in *instance) exchange(client *hub.Client) *exchange.Desk {
	d := &exchange.Desk{Store: sqlstore.For[exchange.Tx](in.db), Now: in.now, NewID: newID}
	if client != nil {
		d.Hub = client
	}
	return d
}

// learnRevoked reads what the bases have taken back, and flags what rests on it.
func (in *instance) learnRevoked(ctx context.Context) error {
	e, err := in.shelf.Current(ctx)
	if err != nil {
		return err
	}
	_, err = in.rooms.exchange.Learn(ctx, e.Catalogue)
	return err
}

// askSources asks the bases for a case that could not wait for them.
func (in *instance) askSources(ctx context.Context, id string) error {
	return in.rooms.counter.AskLater(ctx, casework.ID(id))
}

// pushLine tells a department's system of a case.
func (in *instance) pushLine(ctx context.Context, id string) error {
	return in.rooms.counter.Push(ctx, casework.ID(id))
}

type hubSandboxCmd struct {
	Listen string `default:"127.0.0.1:9090" help:"Address to listen on."`
}

// Run plays the data hub of the sample city until it is told to stop.
func (b hubSandboxCmd) Run(s streams) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	l, err := net.Listen("tcp", b.Listen)
	if err != nil {
		return fmt.Errorf("listen for the local data hub: %w", err)
	}
	return b.serve(ctx, l, s)
}

func (b hubSandboxCmd) serve(ctx context.Context, l net.Listener, s streams) error {
	e, err := city.Read(foshan.Files)
	if err != nil {
		return err
	}
	at := "http://" + l.Addr().String()
	fmt.Fprintf(s.out, "stand    %s/\nservice  YIMEN_HUB=%s server\nslow     curl -X POST '%s/sandbox/mood?name=NAME&slow=2s'\ndown     curl -X POST '%s/sandbox/mood?name=NAME&down=true'\nrevoke   curl -X POST '%s/sandbox/revoke?source=NAME&ref=REF&reason=WHY'\nrepeats  curl -X POST '%s/sandbox/mood?name=SYSTEM&repeats=true'\nreport   curl -X POST '%s/sandbox/report?system=SYSTEM&case=ID&kind=granted'\nCtrl-C ends it\n", at, at, at, at, at, at, at)
	return serveUntil(ctx, l, hub.NewSandbox(hub.SampleKeys(hubNames(e)...), hub.SampleRecords(), time.Now))
}
