package bench

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"time"
)

// clients is how many connections ask at once.
const clients = 64

// load asks one server for a list of addresses on connections that stay open.
// Each connection begins elsewhere and takes every 64th, so that no two ask for
// the same at the same time. It does as little as possible itself, since it takes its share of
// the machine from the server: requests are ready bytes, an answer is read for
// its status and its length only.
type load struct {
	conns    []*loadConn
	requests [][]byte
}

type loadConn struct {
	net.Conn
	in   *bufio.Reader
	next int
}

// newLoad connects to addr and asks for targets, such as "/api/v1/items/X".
func newLoad(addr string, targets []string) (*load, error) { return newLoadWith(addr, targets, "") }

// newLoadWith sends header lines as well, each with its line's end.
func newLoadWith(addr string, targets []string, headers string) (*load, error) {
	l := &load{}
	for _, target := range targets {
		l.requests = append(l.requests, []byte("GET "+target+" HTTP/1.1\r\nHost: "+addr+"\r\n"+headers+"\r\n"))
	}
	for i := range clients {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			l.close()
			return nil, err
		}
		l.conns = append(l.conns, &loadConn{conn, bufio.NewReaderSize(conn, 32<<10), i})
	}
	return l, nil
}

func (l *load) close() {
	for _, c := range l.conns {
		c.Close()
	}
}

// run asks on all connections until the deadline.
func (l *load) run(_ context.Context, until time.Time) ([]time.Duration, error) {
	var all sync.WaitGroup
	took := make([][]time.Duration, len(l.conns))
	failed := make([]error, len(l.conns))
	for i, c := range l.conns {
		all.Go(func() {
			for start := time.Now(); failed[i] == nil && start.Before(until); {
				_, failed[i] = c.ask(l.requests[c.next%len(l.requests)])
				c.next += clients
				end := time.Now()
				took[i] = append(took[i], end.Sub(start))
				start = end
			}
		})
	}
	all.Wait()
	var each []time.Duration
	for i := range took {
		if failed[i] != nil {
			return nil, failed[i]
		}
		each = append(each, took[i]...)
	}
	return each, nil
}

// ask sends one request and reads its answer: the body's length in bytes. Any
// answer but 200 is an error.
func (c *loadConn) ask(request []byte) (length int, err error) {
	if _, err := c.Write(request); err != nil {
		return 0, err
	}
	status, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if !strings.HasPrefix(string(status), "HTTP/1.1 200") {
		return 0, fmt.Errorf("%s: %s", strings.SplitN(string(request), "\r", 2)[0], strings.TrimSpace(string(status)))
	}
	if length, err = c.headers(); err != nil {
		return 0, err
	}
	_, err = c.in.Discard(length)
	return length, err
}

// headers reads up to the body and gives its length.
func (c *loadConn) headers() (length int, err error) {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= len("\r\n") {
			return length, nil
		}
		const name = "content-length:"
		if len(line) > len(name) && strings.EqualFold(string(line[:len(name)]), name) {
			if length, err = strconv.Atoi(textproto.TrimString(string(line[len(name):]))); err != nil {
				return 0, err
			}
		}
	}
}

// sizes asks for each target once and gives the mean length of the answers.
func (l *load) sizes() (mean int, err error) {
	sum := 0
	for _, request := range l.requests {
		n, err := l.conns[0].ask(request)
		if err != nil {
			return 0, err
		}
		sum += n
	}
	return sum / len(l.requests), nil
}
