package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/catalog"
)

// What is asked of a start, with the whole sample city loaded.
const (
	readyWithin  = 2.0 // seconds
	residentMost = 120 // MB of 10⁶ bytes
)

// start starts this program as the service, in a process of its own: first on
// an empty folder, which loads the sample city, then on what that left.
func start(ctx context.Context, r *Report) error {
	dir, err := os.MkdirTemp("", "yimen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bareTime, err := bareStart(ctx, r)
	if err != nil {
		return err
	}
	for _, which := range []string{"first start", "second start"} {
		if err := startFigures(ctx, r, which, dir, bareTime); err != nil {
			return err
		}
	}
	return nil
}

// bareStart is how long the program takes to do nothing.
func bareStart(ctx context.Context, r *Report) (time.Duration, error) {
	begin := time.Now()
	err := r.Self(ctx, "bench", "--list").Run()
	return time.Since(begin), err
}

func startFigures(ctx context.Context, r *Report, which, dir string, bare time.Duration) error {
	addr, err := freeAddress()
	if err != nil {
		return err
	}
	server := r.Self(ctx, "serve", "--addr", addr, "--data", dir, "--limits", "off")
	server.Env = without(server.Environ(), "YIMEN_")
	var log bytes.Buffer
	server.Stderr = &log
	begin := time.Now()
	if err := server.Start(); err != nil {
		return err
	}
	defer stopServer(server)
	if err := untilReady(ctx, "http://"+addr+"/readyz", begin.Add(60*time.Second)); err != nil {
		return fmt.Errorf("%w: %s", err, log.String())
	}
	ready := time.Since(begin)
	err = r.print(Figure{
		Figure: which + ", process start to /readyz 200, beside the program doing nothing", Value: ready.Seconds(), Unit: "s",
		Limit: new(bare.Seconds()), Ratio: new(ready.Seconds() / bare.Seconds()), Target: new(readyWithin), Met: ready.Seconds() < readyWithin,
	})
	return errors.Join(err, residentFigures(r, which, addr, server.Process.Pid))
}

// residentFigures asks for guides and searches, and looks at the memory before
// and after. Only Linux tells.
func residentFigures(r *Report, which, addr string, pid int) error {
	loaded, err := resident(pid)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	sample, err := catalog.Read(foshan.Files)
	if err != nil {
		return err
	}
	l, err := newLoad(addr, append(guides(sample), searches(typed(sample))...))
	if err != nil {
		return err
	}
	defer l.close()
	const requests = 2_000
	for i := range requests {
		if _, err := l.conns[i%clients].ask(l.requests[i%len(l.requests)]); err != nil {
			return err
		}
	}
	served, err := resident(pid)
	return errors.Join(err,
		r.Under(which+", resident after loading", loaded, "MB", residentMost),
		r.Under(fmt.Sprintf("%s, resident after %d requests on %d connections", which, requests, clients), served, "MB", residentMost),
	)
}

// resident is a process's resident memory in MB.
func resident(pid int) (float64, error) {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/status")
	if err != nil {
		return 0, err
	}
	_, after, ok := strings.Cut(string(status), "VmRSS:")
	if !ok {
		return 0, os.ErrNotExist
	}
	kib, err := strconv.ParseFloat(strings.Fields(after)[0], 64)
	return kib * 1024 / 1e6, err
}

// untilReady asks again and again until it is answered 200.
func untilReady(ctx context.Context, url string, most time.Time) error {
	for time.Now().Before(most) && ctx.Err() == nil {
		res, err := http.Get(url)
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		time.Sleep(2 * time.Millisecond)
	}
	return errors.Join(errors.New("not ready"), ctx.Err())
}

// stopServer asks the server to end and waits for it.
func stopServer(server *exec.Cmd) {
	if server.Process.Signal(os.Interrupt) != nil { // not everywhere can it be asked
		_ = server.Process.Kill()
	}
	_ = server.Wait()
}

// freeAddress is a loopback address that nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// without leaves out variables whose name begins so.
func without(env []string, prefix string) (kept []string) {
	for _, v := range env {
		if !strings.HasPrefix(v, prefix) {
			kept = append(kept, v)
		}
	}
	return kept
}
