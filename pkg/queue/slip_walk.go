package queue

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/staff"
)

// walk takes the ticket through what the slip says. One that still waits on a
// day past was closed over.
func (t *Ticket) walk(s Slip, m staff.Member, past bool) (events []Event, err error) {
	acts := slipActs[s.Outcome]
	if s.Outcome == Waiting && past {
		acts = []Act{Close}
	}
	for _, act := range acts {
		if *t, err = t.turned(act); err != nil {
			return nil, err
		}
		at := s.noted(act, t, m)
		t.Version++
		events = append(events, t.event(act, m.ID, at))
	}
	return events, nil
}

// noted writes down when an act was done.
func (s Slip) noted(act Act, t *Ticket, m staff.Member) time.Time {
	switch act {
	case Call:
		t.Window, t.Clerk, t.Calls, t.CalledAt = s.Window, m.ID, 1, later(s.TakenAt, s.ServedAt)
		return t.CalledAt
	case Serve:
		t.ServedAt = s.ServedAt
		return t.ServedAt
	case Finish, Withdraw, Close:
		t.EndedAt = later(s.TakenAt, s.EndedAt)
		return t.EndedAt
	default:
		return later(s.TakenAt, later(s.ServedAt, s.EndedAt))
	}
}

// checkSlip reads a slip. Errors: ErrSlipEnd, ErrSlipTimes, ErrLabel,
// ErrNoWindow, catalog.ErrNoItem, appointment.ErrNotHere.
func (h *Hall) checkSlip(ctx context.Context, m staff.Member, s Slip) (minutes int, err error) {
	o, e, err := h.office(ctx, m.Office)
	if err != nil {
		return 0, err
	}
	_, known := slipActs[s.Outcome]
	finished := s.Outcome == Finished
	switch {
	case !known:
		return 0, ErrSlipEnd
	case s.Number < 1 || s.Number > PaperMost:
		return 0, ErrLabel
	case s.Window < 0 || s.Window > o.Windows:
		return 0, ErrNoWindow
	case s.TakenAt.IsZero() || h.Now().Sub(s.TakenAt) > slipOld,
		finished && (s.ServedAt.IsZero() || s.EndedAt.IsZero()),
		!s.ServedAt.IsZero() && s.ServedAt.Before(s.TakenAt),
		!s.EndedAt.IsZero() && s.EndedAt.Before(later(s.TakenAt, s.ServedAt)):
		return 0, ErrSlipTimes
	}
	return Handover{Item: s.Item}.check(o, e)
}
