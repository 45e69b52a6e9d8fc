package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"runtime/pprof"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
	"github.com/yimen-gov/yimen/server/bench"
)

type benchCmd struct {
	Run         benchRunCmd   `cmd:"" default:"withargs" help:"Run all benchmarks, or the named ones."`
	CommitChild benchChildCmd `cmd:"" hidden:""`
}

type benchRunCmd struct {
	Names   []string `arg:"" optional:"" name:"name" help:"Benchmarks to run; all of them for no name."`
	List    bool     `help:"List the benchmarks and run none."`
	Seconds float64  `default:"3" help:"Length of each measurement."`
	Cases   int      `help:"Cases that the database of the benchmark casework is filled with, such as 1000000." default:"0"`
	Quick   bool     `help:"Only show that everything works; the figures mean little."`
	Large   bool     `help:"The sizes of the largest cities, where a benchmark has them; takes minutes and gigabytes."`
	Profile string   `placeholder:"FILE" help:"Write a CPU profile of the run, for go tool pprof."`
}

// Validate refuses names that are not there, and lengths that measure nothing.
func (b benchRunCmd) Validate() error {
	if b.Seconds <= 0 || b.Seconds > 600 {
		return fmt.Errorf("--seconds=%v: more than 0, at most 600", b.Seconds)
	}
	if b.Cases < 0 || b.Cases > 10_000_000 {
		return fmt.Errorf("--cases=%d: at most 10000000", b.Cases)
	}
	_, err := bench.Named(b.Names)
	return err
}

// Run prints one JSON line a figure. That a target is not met is no error.
func (b benchRunCmd) Run(s streams) error {
	list, err := bench.Named(b.Names)
	if err != nil {
		return err
	}
	if b.List {
		return listBenches(s, list)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	r := &bench.Report{Out: s.out, Length: time.Duration(b.Seconds * float64(time.Second)), Quick: b.Quick, Cases: b.Cases, Large: b.Large, Self: self, Open: openHouse, Guarded: openGuarded}
	if b.Quick {
		r.Length = min(r.Length, 100*time.Millisecond)
	}
	if b.Profile == "" {
		return r.Run(ctx, list)
	}
	return profiled(b.Profile, func() error { return r.Run(ctx, list) })
}

func profiled(path string, run func() error) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return errors.Join(err, f.Close())
	}
	err = run()
	pprof.StopCPUProfile()
	return errors.Join(err, f.Close())
}

func listBenches(s streams, list []bench.Bench) error {
	w := tabwriter.NewWriter(s.out, 0, 8, 2, ' ', 0)
	for _, b := range list {
		fmt.Fprintf(w, "%s\t%s\n", b.Name, b.About)
	}
	return w.Flush()
}

// benchChildCmd writes until it is killed; the benchmark commit-sigkill does.
type benchChildCmd struct {
	Dir  string `required:""`
	From int64  `required:""`
}

func (b benchChildCmd) Run(s streams) error {
	return bench.WriteOn(context.Background(), b.Dir, b.From, s.out)
}

// self starts this very program again.
func self(ctx context.Context, args ...string) *exec.Cmd {
	path, err := os.Executable()
	if err != nil {
		path = os.Args[0]
	}
	return exec.CommandContext(ctx, path, args...)
}

// openHouse opens an instance with its data in dir, on a free loopback port.
func openHouse(ctx context.Context, dir string) (bench.House, error) {
	return houseOf(ctx, &Config{Env: "development", Data: dir, SandboxAddr: "127.0.0.1:0", Log: "text"})
}

// openGuarded is openHouse as it serves a city: with limits.
func openGuarded(ctx context.Context, dir string) (bench.House, error) {
	return houseOf(ctx, &Config{
		Env: "development", Data: dir, SandboxAddr: "127.0.0.1:0", Log: "text",
		Limits: "on", TrustedProxies: "127.0.0.1/32",
	})
}

func houseOf(ctx context.Context, conf *Config) (bench.House, error) {
	in, err := openInstance(ctx, conf, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})), time.Now)
	if err != nil {
		return bench.House{}, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return bench.House{}, errors.Join(err, in.close())
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- in.serve(serving, l) }()
	return bench.House{
		URL: "http://" + l.Addr().String(), WeChat: in.playURL, DB: in.db, City: in.shelf, Tried: in.rooms.desk.Tried,
		Known: func(openID string) { in.sandbox.AddPerson(sandbox.Person{OpenID: openID}) },
		Close: func() error {
			stop()
			return errors.Join(<-served, in.close())
		},
	}, nil
}
