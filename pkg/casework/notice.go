package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// NoticeState is where a notice stands.
type NoticeState string

// The states of a notice.
const (
	Given    NoticeState = "given"    // 已告知申请人
	Proposed NoticeState = "proposed" // 待负责人批准
	Rejected NoticeState = "rejected" // 未获批准，不得告知
)

// Notice is what an office tells an applicant to supply (一次性补正告知). All
// of it is told at once; a later one may name something new only with a reason
// and a supervisor's leave (行政许可法 Art. 32, R-01).
type Notice struct {
	Seq       int
	State     NoticeState
	Materials []catalog.MaterialCode
	Text      string // what is wrong, in words
	Reason    string // why something new is asked for
	By        string // the staff id, or system where the rules decided
	At        time.Time
	RuledBy   staff.ID
	RuledAt   time.Time
}

// What can go wrong with a notice.
var (
	ErrNoticeReason = fault.New(fault.Invalid, "casework.notice_reason", "前次告知没有列出这些材料，请说明为何未能一次告知，并报负责人批准")
	ErrNoticeEmpty  = fault.New(fault.Invalid, "casework.notice_empty", "请列出需要补正的材料")
	ErrNoNotice     = fault.New(fault.NotFound, "casework.no_notice", "没有待批准的补正告知，请刷新后再看")
	ErrOwnNotice    = fault.New(fault.Forbidden, "casework.own_notice", "自己提出的再次告知须由另一位负责人批准，请转交其办理")
)

// Notices lists what the applicant of a case was told, or shall be.
func (c *Counter) Notices(ctx context.Context, cs Case) ([]Notice, error) {
	return c.Store.NoticesOf(ctx, cs.ID)
}

// GiveNotice tells the applicant all that is missing or unfit. It is told at
// once where it is the first, or names nothing new; otherwise it waits for a
// supervisor. Errors: ErrNoticeEmpty, ErrNoMaterial, ErrNoticeReason.
func (c *Counter) GiveNotice(ctx context.Context, m staff.Member, id ID, n Notice) (cs Case, given Notice, err error) {
	if len(n.Materials) == 0 {
		return cs, n, ErrNoticeEmpty
	}
	n.By, n.At, n.State = by(m), c.Now(), Given
	cs, err = c.change(ctx, c.inHand(ctx, m, id), Notify, func(tx Tx, cs *Case) (entry, error) {
		for _, code := range n.Materials {
			if _, err := cs.material(code); err != nil {
				return entry{}, err
			}
		}
		before, err := tx.NoticesOf(ctx, cs.ID)
		if err != nil {
			return entry{}, err
		}
		if fresh := unnamed(before, n.Materials); len(before) > 0 && len(fresh) > 0 {
			if n.Reason == "" {
				return entry{}, ErrNoticeReason
			}
			n.State = Proposed
		}
		n.Seq = len(before) + 1
		given = n
		return c.noticed(ctx, tx, cs, n)
	})
	return cs, given, err
}

// noticed stores a notice and, where it is given, what follows from it.
func (c *Counter) noticed(ctx context.Context, tx Tx, cs *Case, n Notice) (entry, error) {
	if err := tx.InsertNotice(ctx, cs.ID, n); err != nil {
		return entry{}, err
	}
	if n.State != Given {
		return entry{actor: n.By, note: string(Proposed), free: n.Reason, then: func(tx Tx) error {
			return c.tellSupervisors(ctx, tx, *cs, noticeProposed, "有一份再次补正告知等待您批准，批准前不得告知申请人")
		}}, nil
	}
	return c.told(ctx, cs, n)
}

// told moves the case and words the notice for the person.
func (c *Counter) told(ctx context.Context, cs *Case, n Notice) (entry, error) {
	item, err := c.Item(ctx, *cs)
	if err != nil {
		return entry{}, err
	}
	cs.AnswerDue = noDay
	if cs.State == Received {
		cs.State, cs.Rule = Notified, "R-01"
	}
	var names []string
	for _, code := range n.Materials {
		if m, err := cs.material(code); err == nil && m.Applies == Unsaid {
			m.Applies = Yes
		}
		names = append(names, requirement(item, code).Material.Name)
	}
	text := "您申请的“" + item.Name + "”还需补正，请一次补齐：" + strings.Join(names, "、")
	if n.Text != "" {
		text += "（" + n.Text + "）"
	}
	return entry{actor: n.By, note: string(Given), free: n.Text, told: notify.CaseNotified, text: text}, nil
}

// unnamed are the materials that no given notice has named.
func unnamed(before []Notice, now []catalog.MaterialCode) (fresh []catalog.MaterialCode) {
	for _, code := range now {
		named := slices.ContainsFunc(before, func(n Notice) bool { return n.State == Given && slices.Contains(n.Materials, code) })
		if !named {
			fresh = append(fresh, code)
		}
	}
	return fresh
}

// noticeProposed asks a supervisor to rule on a second notice.
const noticeProposed notify.Kind = "case.notice_proposed"

// RuleNotice lets a second notice go out, or not. Errors: ErrNoNotice,
// ErrOwnNotice, ErrNotSuper.
func (c *Counter) RuleNotice(ctx context.Context, m staff.Member, id ID, seq int, approve bool) (Case, error) {
	return c.change(ctx, c.supervised(ctx, m, id), Notify, func(tx Tx, cs *Case) (entry, error) {
		list, err := tx.NoticesOf(ctx, cs.ID)
		if err != nil {
			return entry{}, err
		}
		i := slices.IndexFunc(list, func(n Notice) bool { return n.Seq == seq && n.State == Proposed })
		if i < 0 {
			return entry{}, ErrNoNotice
		}
		n := list[i]
		if n.By == by(m) {
			return entry{}, ErrOwnNotice
		}
		n.State, n.RuledBy, n.RuledAt = Rejected, m.ID, c.Now()
		if approve {
			n.State = Given
		}
		if err := tx.RuleNotice(ctx, cs.ID, n); err != nil {
			return entry{}, err
		}
		if !approve {
			return entry{actor: by(m), note: string(Rejected)}, nil
		}
		e, err := c.told(ctx, cs, n)
		e.actor = by(m)
		return e, err
	})
}

// changedSince is why the rules may name something new: the application or the
// catalogue has changed since the first notice, which could not have shown it.
const changedSince = "申请内容或事项要求在前次告知后有变化"

// noticeByRule keeps what an intake told the applicant; a notice of tolerance
// is the notice of R-01 as well.
func (c *Counter) noticeByRule(ctx context.Context, tx Tx, cs *Case, d Decision) error {
	if d.Outcome == Refuse {
		return nil
	}
	before, err := tx.NoticesOf(ctx, cs.ID)
	if err != nil {
		return err
	}
	n := Notice{Seq: len(before) + 1, State: Given, By: system, At: c.Now(), Text: d.Rule.Words()}
	for _, r := range d.Missing {
		n.Materials = append(n.Materials, r.Material)
	}
	if len(before) > 0 && len(unnamed(before, n.Materials)) > 0 {
		n.Reason = changedSince
	}
	return tx.InsertNotice(ctx, cs.ID, n)
}
