package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

type serveCmd struct{}

// Run serves until it is told to stop; then it finishes the requests and jobs
// in hand.
func (serveCmd) Run(c *Config, s streams, _ *kong.Application) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	log := newLog(c, s)
	in, err := openInstance(ctx, c, log, time.Now)
	if err != nil {
		return err
	}
	defer in.close()
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return fmt.Errorf("listen on YIMEN_ADDR: %w", err)
	}
	if in.playURL != "" {
		log.Info("no YIMEN_WECHAT_APPID: a local WeChat plays its part", "page", in.playURL+"/sandbox/")
	}
	log.Info("ready", "addr", "http://"+l.Addr().String(), "docs", "http://"+l.Addr().String()+"/docs")
	return in.serve(ctx, l)
}

// serve answers requests on l until ctx ends.
func (in *instance) serve(ctx context.Context, l net.Listener) error {
	quiet := newSilent(l)
	failed := make(chan error, 1)
	go func() { failed <- in.app.Fiber.Listener(quiet) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		quiet.hangUp()
		in.rooms.displays.Close()
		return in.finish()
	}
}

// finish answers what is in hand. Who takes longer than that is cut off, and
// that is no failure of ours.
func (in *instance) finish() error {
	err := in.app.Fiber.ShutdownWithTimeout(10 * time.Second)
	if errors.Is(err, context.DeadlineExceeded) {
		in.log.Warn("some requests took too long to finish")
		return nil
	}
	return err
}

func newLog(c *Config, s streams) *slog.Logger {
	if c.Log == "json" {
		return slog.New(slog.NewJSONHandler(s.err, nil))
	}
	return slog.New(slog.NewTextHandler(s.err, nil))
}
