package display

import (
	"bufio"
	"fmt"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// serve streams an office's board. A screen that reconnects says which event it
// saw last; each event being the whole board, it is sent again only where it
// has changed.
func (d *Display) serve(c *fiber.Ctx) error {
	if c.Request().URI().QueryArgs().Len() > 0 {
		return api.ErrInvalid.With(fault.Field{Path: "query", Text: "这里不需要参数，请去掉"})
	}
	c.Set(fiber.HeaderContentType, "text/event-stream")
	if c.Method() == fiber.MethodHead { // whoever asks for the head alone takes no stream
		return nil
	}
	w, err := d.join(c.UserContext(), place.OfficeCode(c.Params("office")), perOfficeMost)
	if err != nil {
		return err
	}
	c.Set("X-Accel-Buffering", "no")
	last, conn := c.Get("Last-Event-ID"), c.Context().Conn()
	c.Context().SetBodyStreamWriter(func(out *bufio.Writer) {
		defer d.leave(w)
		d.stream(out, conn, w, last)
	})
	return nil
}

// stream writes until the screen or the service is gone. The deadline moves
// with each event: a screen may stay for days, but not take forever for one.
func (d *Display) stream(out *bufio.Writer, conn net.Conn, w *watcher, last string) {
	beat := time.NewTicker(heartbeatEvery)
	defer beat.Stop()
	text := fmt.Appendf(nil, "retry: %d\n\n", reconnectMillis)
	for {
		_ = conn.SetWriteDeadline(time.Now().Add(writeLimit))
		if _, err := out.Write(text); err != nil {
			return
		}
		if err := out.Flush(); err != nil {
			return
		}
		select {
		case <-d.closed:
			return
		case <-beat.C:
			text = []byte("event: beat\ndata: 1\n\n") // that a page can hear
		case e := <-w.news:
			if text = e.text; e.id == last {
				text = []byte(": nothing new\n\n")
			}
			last = ""
		}
	}
}
