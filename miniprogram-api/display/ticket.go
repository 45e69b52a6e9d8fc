package display

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/queue"
)

// follower tells one phone of its ticket.
type follower struct {
	app   *api.App
	d     *Display
	token string
	id    queue.ID
}

// serveTicket streams a person's own place in the queue: whenever the office's
// board changes, their ticket is looked at again.
func (d *Display) serveTicket(app *api.App) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if c.Request().URI().QueryArgs().Len() > 0 {
			return api.ErrInvalid.With(fault.Field{Path: "query", Text: "这里不需要参数，请去掉"})
		}
		token := strings.Clone(c.Get(fiber.HeaderAuthorization)) // the phone's answer outlives the request
		f := follower{app, d, token, queue.ID(strings.Clone(c.Params("id")))}
		t, err := f.look(c.UserContext())
		if err != nil {
			return err
		}
		c.Set(fiber.HeaderContentType, "text/event-stream")
		if c.Method() == fiber.MethodHead {
			return nil
		}
		w, err := d.join(c.UserContext(), t.Office, phonesMost)
		if err != nil {
			return err
		}
		c.Set("X-Accel-Buffering", "no")
		conn := c.Context().Conn()
		c.Context().SetBodyStreamWriter(func(out *bufio.Writer) {
			defer d.leave(w)
			f.stream(out, conn, w)
		})
		return nil
	}
}

// look is the ticket as it stands, for as long as its person is signed in.
func (f follower) look(ctx context.Context) (queue.Turn, error) {
	who, err := f.app.Admitted(ctx, f.token, "my-ticket")
	if err != nil {
		return queue.Turn{}, err
	}
	return f.d.Hall.Mine(ctx, who.Account.Person, f.id)
}

// stream writes the ticket whenever it says something new, until it is over or
// the phone, the session or the service is gone.
func (f follower) stream(out *bufio.Writer, conn net.Conn, w *watcher) {
	beat := time.NewTicker(heartbeatEvery)
	defer beat.Stop()
	text, last, ended := fmt.Sprintf("retry: %d\n\n", reconnectMillis), "", false
	for {
		_ = conn.SetWriteDeadline(time.Now().Add(writeLimit))
		if _, err := out.WriteString(text); err != nil || out.Flush() != nil || ended {
			return
		}
		select {
		case <-f.d.closed:
			return
		case <-beat.C:
			text = ": still here\n\n"
		case <-w.news:
			news, done, err := f.event()
			if err != nil {
				return
			}
			if text, ended = news, done; news == last {
				text = ": nothing new\n\n"
			}
			last = news
		}
	}
}

// event is the ticket as it stands, and whether that was the last of it.
func (f follower) event() (text string, ended bool, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), writeLimit)
	defer cancel()
	t, err := f.look(ctx)
	if err != nil {
		return "", false, err
	}
	data, err := json.Marshal(citizen.TurnFrom(t))
	return fmt.Sprintf("event: ticket\ndata: %s\n\n", data), t.State.Over(), err
}
