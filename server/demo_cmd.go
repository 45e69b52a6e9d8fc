package main

import (
	"context"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/server/demo"
)

type demoCmd struct {
	Keep bool `help:"Leave the instance running afterwards and print its addresses."`
}

// clock is the time of a demonstration: the machine's, moved on.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())) }

// moveTo moves the clock on to t, never back.
func (c *clock) moveTo(t time.Time) {
	if by := t.Sub(c.now()); by > 0 {
		c.ahead.Add(int64(by))
	}
}

// Run plays the journey on a fresh instance of its own.
func (d demoCmd) Run(s streams) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	data, err := os.MkdirTemp("", "yimen-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	conf := &Config{Env: "development", Data: data, SandboxAddr: "127.0.0.1:0", Log: "text"}
	level := slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	var time clock
	in, err := openInstance(ctx, conf, level, time.now)
	if err != nil {
		return err
	}
	defer in.close()
	return d.play(ctx, in, &time, s)
}

func (d demoCmd) play(ctx context.Context, in *instance, time *clock, s streams) error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- in.serve(serving, l) }()
	address := "http://" + l.Addr().String()
	_, err = demo.Play(ctx, in.stage(address, time), s.out)
	if err == nil && d.Keep {
		err = in.keep(ctx, address, s.out)
	}
	stop()
	if end := <-served; err == nil {
		err = end
	}
	return err
}

// stage is the instance as the demonstration sees it.
func (in *instance) stage(address string, time *clock) demo.Stage {
	return demo.Stage{
		API: address, WeChat: in.playURL, Now: time.now, MoveTo: time.moveTo,
		Invite: func(ctx context.Context, p demo.Post) (string, error) {
			name, err := citizen.ParseName(p.Name)
			if err != nil {
				return "", err
			}
			post := staff.Member{
				Role: staff.Role(p.Role), Name: name, Office: place.OfficeCode(p.Office),
				Department: catalog.DepartmentCode(p.Department), Company: p.Company,
			}
			return in.gate().Invite(ctx, post, invitationLife)
		},
	}
}

const invitationLife = 72 * time.Hour
