package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/yimen-gov/yimen/miniprogram-api/callback"
	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
)

// The mini-program that the local WeChat plays for. Nothing of it is secret.
const (
	sandboxAppID  = "wxlocal0000000001"
	sandboxSecret = "local-wechat-secret"
	sandboxToken  = "local-wechat-token"
	sandboxAESKey = "localWeChatLocalWeChatLocalWeChatLocalWeCha"
)

// sandboxTemplate is the one message template of the local WeChat.
var sandboxTemplate = sandbox.Template{ID: "local-notice", Fields: []string{"thing1", "time2"}, LongTerm: true}

// newSandbox makes a local WeChat that pushes to a service's address, or, for
// "", to nobody. Three words stand for what its content check finds.
func newSandbox(now func() time.Time, service string) *sandbox.Sandbox {
	push := ""
	if service != "" {
		push = service + callback.Path
	}
	return sandbox.New(sandbox.Options{
		AppID: sandboxAppID, Secret: sandboxSecret, Token: sandboxToken, EncodingAESKey: sandboxAESKey, PushURL: push, Now: now,
		Persons: sandbox.DefaultPersons(), Templates: []sandbox.Template{sandboxTemplate},
		RiskyWords: []string{"赌博", "涉黄"}, ReviewWords: []string{"加微信"},
	})
}

type sandboxCmd struct {
	Listen  string `default:"127.0.0.1:9080" help:"Address to listen on."`
	Service string `default:"http://127.0.0.1:8080" help:"Address of the service, for message pushes."`
}

// Run plays WeChat until it is told to stop.
func (b sandboxCmd) Run(s streams, _ *kong.Application) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	l, err := net.Listen("tcp", b.Listen)
	if err != nil {
		return fmt.Errorf("listen for the local WeChat: %w", err)
	}
	return b.serve(ctx, l, s)
}

func (b sandboxCmd) serve(ctx context.Context, l net.Listener, s streams) error {
	at := "http://" + l.Addr().String()
	fmt.Fprintf(s.out, "page     %s/sandbox/\nservice  YIMEN_WECHAT_BASE_URL=%s server\nCtrl-C ends it\n", at, at)
	return serveUntil(ctx, l, newSandbox(time.Now, b.Service))
}

// serveUntil serves on a listener until the context ends.
func serveUntil(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	if err := server.Close(); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
