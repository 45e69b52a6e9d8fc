package queue

import (
	"context"
	"fmt"

	"github.com/yimen-gov/yimen/pkg/notify"
)

// What people are told about their tickets.
const (
	noticeNear   notify.Kind = "queue.near"
	noticeCalled notify.Kind = "queue.called"
	noticeMissed notify.Kind = "queue.missed"
	noticeClosed notify.Kind = "queue.closed"
)

// tell tells the person of a ticket, if anybody knows who that is.
func (h *Hall) tell(ctx context.Context, tx Tx, t Ticket, kind notify.Kind) error {
	if t.Person == "" {
		return nil
	}
	o, _, err := h.office(ctx, t.Office)
	name := string(t.Office)
	if err == nil {
		name = o.Name
	}
	return tx.Tell(ctx, notify.Notice{To: t.Person, Kind: kind, Subject: string(t.ID), Text: h.sentence(kind, t, name), At: h.Now()})
}

func (h *Hall) sentence(kind notify.Kind, t Ticket, office string) string {
	switch kind {
	case noticeCalled:
		return fmt.Sprintf("%s：请%s到%s办理。", office, t.Label(), windowWords(t.Window))
	case noticeMissed:
		return fmt.Sprintf("%s：%s已过号。如已到场，请联系工作人员重新排队。", office, t.Label())
	case noticeClosed:
		return fmt.Sprintf("%s：今天已下班，%s没有办成，非常抱歉。%d天内再来取号，优先为您办理。", office, t.Label(), h.Rules.CarriedFor)
	default:
		return fmt.Sprintf("%s：%s快到了，前面不超过%d人，请在叫号屏附近等候。", office, t.Label(), h.Rules.NearBefore)
	}
}

// tellNear tells those whose turn has come near, each once.
func (h *Hall) tellNear(ctx context.Context, tx Tx, p Page) error {
	o, _, err := h.office(ctx, p.Office)
	if err != nil {
		return err
	}
	s, err := h.scene(ctx, tx, o, p, h.Now())
	if err != nil {
		return err
	}
	found := s.expect(h.Now())
	for _, t := range s.tickets {
		e, waits := found[t.ID]
		if !waits || t.Told || t.Person == "" || e.Wait < 0 || e.Before > h.Rules.NearBefore {
			continue
		}
		t.Told = true
		t.Version++
		if err := tx.UpdateTicket(ctx, t.Version-1, t); err != nil {
			return err
		}
		if err := h.tell(ctx, tx, t, noticeNear); err != nil {
			return err
		}
	}
	return nil
}
