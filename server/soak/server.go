package soak

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"sync"
	"time"
)

// server is the server as a process of its own, always on the same addresses.
type server struct {
	make      func(ctx context.Context, ahead time.Duration) *exec.Cmd
	url, play string
	http      *http.Client

	mu      sync.Mutex
	process *exec.Cmd
	said    *bytes.Buffer
	ended   chan struct{} // closed when the process has ended
}

func newServer(ctx context.Context, a Appointments) (*server, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	play, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s := &server{
		url: "http://" + addr, play: "http://" + play,
		http: &http.Client{Timeout: 15 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: a.Visitors}},
		make: func(ctx context.Context, ahead time.Duration) *exec.Cmd {
			return a.Serve(ctx, addr, play, a.Dir, ahead)
		},
	}
	return s, s.start(ctx, 0)
}

// start starts the process and waits until it is ready.
func (s *server) start(ctx context.Context, ahead time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said = &bytes.Buffer{}
	s.process = s.make(ctx, ahead)
	s.process.Stdout, s.process.Stderr = s.said, s.said
	if err := s.process.Start(); err != nil {
		return err
	}
	ended, process := make(chan struct{}), s.process
	s.ended = ended
	go func() { defer close(ended); _ = process.Wait() }()
	for most := time.Now().Add(time.Minute); time.Now().Before(most) && ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
		res, err := s.http.Get(s.url + "/readyz")
		if err != nil {
			continue
		}
		res.Body.Close()
		if res.StatusCode == http.StatusOK {
			return nil
		}
	}
	_ = process.Process.Kill()
	<-ended // so that nothing writes into what is read next
	return errors.Join(fmt.Errorf("the server is not ready: %s", s.said), ctx.Err())
}

// kill ends the process at once, in the middle of whatever it does. The error
// says that it had ended by itself, and what it said last.
func (s *server) kill() error {
	if err := s.check(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.process.Process.Kill()
	<-s.ended
	return nil
}

// check is an error where the server has ended by itself.
func (s *server) check() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.ended:
		return fmt.Errorf("the server ended by itself: %s", s.said)
	default:
		return nil
	}
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
