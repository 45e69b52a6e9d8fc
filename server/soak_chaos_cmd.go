package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/yimen-gov/yimen/server/soak"
)

type soakChaosCmd struct {
	Minutes  float64 `default:"2" help:"How long."`
	Visitors int     `default:"12" help:"How many people at once."`
}

// Validate refuses what cannot be soaked.
func (c soakChaosCmd) Validate() error {
	if c.Minutes <= 0 || c.Visitors < 1 || c.Visitors > 200 {
		return errors.New("--minutes more than 0, --visitors 1 to 200")
	}
	return nil
}

// Run breaks a fleet of its own; answers that cannot all be true are an error.
func (c soakChaosCmd) Run(s streams) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	dir, err := os.MkdirTemp("", "yimen-chaos-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o711); err != nil { // PostgreSQL runs as somebody else
		return err
	}
	o, err := soak.Chaos{
		Length: time.Duration(c.Minutes * float64(time.Minute)), Visitors: c.Visitors, Dir: dir, Out: s.out,
		Serve: func(env ...string) *exec.Cmd { return under(env, "serve") },
		Play:  func(at string) *exec.Cmd { return under(nil, "wechat-sandbox", "--listen", at) },
		Audit: func(env ...string) (string, error) {
			out, err := under(env, "ledger", "audit").CombinedOutput()
			return string(bytes.TrimSpace(out)), err
		},
	}.Run(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%d breaks; %d cases opened; failover in %v; ledger %s\n", o.Broken, o.Cases, o.Failover.Round(time.Millisecond), o.Audit)
	return judged(s, o.Result)
}

// under starts this very program again with nothing of our own settings.
func under(env []string, args ...string) *exec.Cmd {
	cmd := self(context.Background(), args...)
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "YIMEN_") || strings.HasPrefix(pair, "YIMEN_TEST_AS") {
			cmd.Env = append(cmd.Env, pair)
		}
	}
	cmd.Env = append(cmd.Env, env...)
	return cmd
}
