package main

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// screen is a display in a hall that listens to its stream.
type screen struct {
	t      *testing.T
	lines  *bufio.Scanner
	hangUp context.CancelFunc
	last   string // the id of the last event
}

// watch connects a screen, which says what it saw last.
func (c *town) watch(t *testing.T, office, last string) *screen {
	t.Helper()
	return c.listen(t, "/api/v1/offices/"+office+"/display/events", last, "")
}

// listen opens a stream.
func (c *town) listen(t *testing.T, path, last, token string) *screen {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+path, nil)
	require.NoError(t, err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	resp, err := (&http.Client{Transport: &http.Transport{}}).Do(req)
	require.NoError(t, err)
	t.Cleanup(func() { resp.Body.Close() })
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	return &screen{t: t, lines: lines, hangUp: cancel, last: last}
}

// line is the next one that says something, a comment among them; "" at the end.
func (s *screen) line() string {
	for s.lines.Scan() {
		if text := s.lines.Text(); text != "" && !strings.HasPrefix(text, "retry:") {
			return text
		}
	}
	return ""
}

// board waits for the next board.
func (s *screen) board() map[string]any {
	s.t.Helper()
	for text := s.line(); text != ""; text = s.line() {
		if id, ok := strings.CutPrefix(text, "id: "); ok {
			s.last = id
		}
		if data, ok := strings.CutPrefix(text, "data: "); ok {
			var board map[string]any
			require.NoError(s.t, json.Unmarshal([]byte(data), &board))
			return board
		}
	}
	require.Fail(s.t, "the stream ended")
	return nil
}

// until waits for a board on which a number was called last.
func (s *screen) until(number string) map[string]any {
	s.t.Helper()
	for {
		if b := s.board(); textAt(b, "calls.0.number") == number {
			return b
		}
	}
}

// TestAScreenShowsEveryCall, also one that was made while it was away or the
// service restarted; and it names nobody.
func TestAScreenShowsEveryCall(t *testing.T) {
	c := newTown(t, tuesday)
	clerk, p := c.clerk(t, townOffice).onDuty(3), c.citizen(t)
	clerk.ticket(map[string]any{"person": map[string]string{"name": p.person.Name, "number": p.person.IDNumber, "purpose": "现场取号"}}).ok()
	clerk.ticket(nil).ok()
	s := c.watch(t, townOffice, "")
	first := s.board()
	require.Equal(t, 2.0, at(first, "lanes.2.waiting"))
	require.NotEmpty(t, textAt(first, "basis"))

	clerk.next().ok()
	called := s.until("B001")
	require.Equal(t, []any{3.0, "called"}, []any{at(called, "calls.0.window"), at(called, "calls.0.state")})
	require.NotContains(t, string(encoded(called)), p.person.Name)

	s.hangUp()
	clerk.act(clerkTicket(clerk), "skip").ok()
	clerk.next().ok()
	again := c.watch(t, townOffice, s.last)
	again.until("B002")

	require.NoError(t, c.stop(), "a screen that listens does not keep the service from stopping")
	for again.line() != "" { // the stream ends
	}
	require.NoError(t, c.open())
	same := c.watch(t, townOffice, again.last)
	require.Contains(t, same.line(), ": nothing new", "what it has seen is not sent again")
	clerk.act(clerkTicket(clerk), "serve").ok()
	require.Equal(t, "serving", textAt(same.board(), "calls.0.state"))
	clerk.get("/api/v1/offices/" + townOffice + "/display").ok()
}

// clerkTicket is the ticket in the office's only hand.
func clerkTicket(p *client) string {
	for _, e := range p.get("/api/v1/village/tickets").ok().list("items") {
		if e["state"] == "called" {
			return e["id"].(string)
		}
	}
	return ""
}

// TestABoardIsNotStreamedFromNowhere: unknown offices, parameters and methods
// are problems like any other.
func TestABoardIsNotStreamedFromNowhere(t *testing.T) {
	c := sharedTown(t)
	p := c.nobody(t)
	p.get("/api/v1/offices/0-A/display").refused(http.StatusNotFound, "place.no_office")
	p.get("/api/v1/offices/0-A/display/events").refused(http.StatusNotFound, "place.no_office")
	p.get("/api/v1/offices/%FF/display/events").refused(http.StatusBadRequest, "request.malformed")
	p.get("/api/v1/offices/"+townOffice+"/display/events?last=1").refused(http.StatusUnprocessableEntity, "request.invalid")
	p.post("/api/v1/offices/"+townOffice+"/display/events", nil).refused(http.StatusMethodNotAllowed, "request.method")
	r := p.send(request{method: http.MethodHead, path: "/api/v1/offices/" + townOffice + "/display/events"})
	require.Equal(t, http.StatusOK, r.status)
	require.Empty(t, r.raw)
}

// TestTheWaitCountsWhereToGo: an office with a long queue says so, and is not
// offered before one nearby without.
func TestTheWaitCountsWhereToGo(t *testing.T) {
	c := newTown(t, tuesday)
	clerk := c.clerk(t, townOffice).onDuty(1)
	ask := func() map[string]any {
		require.NoError(t, c.in.rooms.guide.Refresh(t.Context()))
		for _, o := range c.nobody(t).get("/api/v1/items/" + permitItem + "/offices?lng=113.112&lat=23.03&datum=wgs84&limit=20").ok().list("items") {
			if textAt(o, "office.code") == townOffice {
				return o
			}
		}
		return nil
	}
	before := ask()
	require.NotNil(t, before)
	require.Equal(t, 0.0, before["wait_seconds"])
	for range 5 {
		clerk.ticket(nil).ok()
	}
	after := ask()
	if after != nil { // it may have been passed by others
		require.GreaterOrEqual(t, after["wait_seconds"], float64(time.Hour/time.Second))
	}
}

// TestOnesOwnPlaceIsPushedToThePhone until the ticket is over, and to nobody
// else.
func TestOnesOwnPlaceIsPushedToThePhone(t *testing.T) {
	c := newTown(t, tuesday)
	clerk, p := c.clerk(t, townOffice).onDuty(3), c.citizen(t)
	clerk.ticket(nil).ok()
	id := clerk.ticket(map[string]any{"person": map[string]string{"name": p.person.Name, "number": p.person.IDNumber, "purpose": "现场取号"}}).ok().text("id")
	path := "/api/v1/tickets/" + id + "/events"
	c.nobody(t).get(path).refused(http.StatusUnauthorized, "session.missing")
	c.citizen(t).get(path).refused(http.StatusNotFound, "queue.no_ticket")
	p.get(path+"?x=1").refused(http.StatusUnprocessableEntity, "request.invalid")
	p.get("/api/v1/tickets/"+unknownID+"/events").refused(http.StatusNotFound, "queue.no_ticket")

	phone := c.listen(t, path, "", p.token)
	require.Equal(t, []any{"waiting", 1.0}, []any{at(phone.board(), "state"), at(p.get("/api/v1/tickets/"+id).ok().body, "people_before")})
	clerk.served()
	require.Equal(t, 0.0, at(phone.board(), "people_before"))
	require.Equal(t, id, clerk.next().ok().text("id"))
	called := phone.board()
	for at(called, "state") != "called" {
		called = phone.board()
	}
	require.Equal(t, 3.0, at(called, "window"))
	clerk.act(id, "serve").ok()
	clerk.act(id, "finish").ok()
	for phone.line() != "" { // it ends by itself
	}
}
