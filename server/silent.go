package main

import (
	"net"
	"sync"
	"sync/atomic"
)

// silent is a listener that remembers which connections have not said a word
// yet. Phones and load balancers open some ahead of need; nothing is in hand on
// them, so they are not waited for when the service stops.
type silent struct {
	net.Listener
	mu   sync.Mutex
	open map[*silentConn]struct{}
}

func newSilent(l net.Listener) *silent {
	return &silent{Listener: l, open: map[*silentConn]struct{}{}}
}

// Accept waits for a connection.
func (s *silent) Accept() (net.Conn, error) {
	conn, err := s.Listener.Accept()
	if err != nil {
		return nil, err
	}
	c := &silentConn{Conn: conn, of: s}
	s.mu.Lock()
	s.open[c] = struct{}{}
	s.mu.Unlock()
	return c, nil
}

func (s *silent) forget(c *silentConn) {
	s.mu.Lock()
	delete(s.open, c)
	s.mu.Unlock()
}

// hangUp closes the connections on which nothing was said.
func (s *silent) hangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		_ = c.Conn.Close()
	}
}

// silentConn is a connection until its first byte; then it is like any other.
type silentConn struct {
	net.Conn
	of    *silent
	spoke atomic.Bool
}

func (c *silentConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 && c.spoke.CompareAndSwap(false, true) {
		c.of.forget(c)
	}
	return n, err
}

func (c *silentConn) Close() error {
	if !c.spoke.Load() {
		c.of.forget(c)
	}
	return c.Conn.Close()
}
