package rating

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Store remembers ratings.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	// RatingsOf lists a person's ratings, newest first, before a time.
	RatingsOf(ctx context.Context, who citizen.ID, before time.Time, most int) ([]Rating, error)
	// RatingsAt lists those of an office, or of all for "", newest first,
	// before a time; waiting: only bad ones without a reply.
	RatingsAt(ctx context.Context, office place.OfficeCode, waiting bool, before time.Time, most int) ([]Rating, error)
	// OverdueRatings lists bad ones whose reply was due before a day and that
	// nobody has been told of.
	OverdueRatings(ctx context.Context, day workday.Date, most int) ([]Rating, error)
	// Tallies counts ratings from a time to before another, of an office or all.
	Tallies(ctx context.Context, office place.OfficeCode, from, to time.Time) ([]Tally, error)
	// Unrated lists cases decided and visits served after a time that nobody
	// has rated or was invited to rate.
	Unrated(ctx context.Context, since time.Time, most int) ([]Rating, error)
}

// Tx is what rating needs.
type Tx interface {
	// InsertRating stores the rating of a decided case or a visit that is the
	// person's own, or one in which they act for another; the store adds whose
	// it is, office and item. Errors: casework.ErrNoCase, ErrNoVisit,
	// ErrTooEarly, ErrRated.
	InsertRating(ctx context.Context, r Rating) (Rating, error)
	// Rating returns one. Error: ErrNoRating.
	Rating(ctx context.Context, subject string) (Rating, error)
	// ReplyRating stores a reply, where there is none. Error: ErrReplied.
	ReplyRating(ctx context.Context, r Rating) error
	// EscalateRating notes that a late one was told of. Error: ErrReplied,
	// where there is a reply by now or it was told before.
	EscalateRating(ctx context.Context, subject string, at time.Time) error
	// InviteRating notes an invitation. Error: ErrRated, where there is one.
	InviteRating(ctx context.Context, subject string, at time.Time) error
	// Holders are the persons who hold a post, at an office or, for "", any.
	Holders(ctx context.Context, role staff.Role, office place.OfficeCode) ([]citizen.ID, error)
	Tell(ctx context.Context, n notify.Notice) error
}

// What can go wrong with a rating.
var (
	ErrTooEarly = fault.New(fault.Conflict, "rating.too_early", "办理还没有结束，暂时不能评价，请等办结或办完后再来")
	ErrUnfit    = fault.New(fault.Invalid, "rating.unfit", "评价内容含有不宜提交的文字，请修改后再提交")
	ErrRated    = fault.New(fault.Conflict, "rating.rated", "这次服务您已经评价过了，感谢您的意见；如要补充，请联系受理网点")
	ErrNoVisit  = fault.New(fault.NotFound, "rating.no_visit", "没有找到这次到访，请在“我的预约”里查看")
	ErrNoRating = fault.New(fault.NotFound, "rating.not_found", "没有找到这条评价，请刷新后再试")
	ErrReplied  = fault.New(fault.Conflict, "rating.replied", "这条评价已经答复过了，请刷新后查看")
	ErrReply    = fault.New(fault.Invalid, "rating.reply", "答复须写明核实情况和处理结果，请用5至500个字填写")
)

// Rules are the city's settings.
type Rules struct {
	ReplyDays int           // working days to answer a bad rating
	InviteFor time.Duration // how long after it has ended people are invited to rate
}

// DefaultRules: five working days, as for ordinary complaints.
func DefaultRules() Rules { return Rules{ReplyDays: 5, InviteFor: 48 * time.Hour} }

// Box takes ratings.
type Box struct {
	Store    Store
	Words    citizen.Words // nil = every text is fit
	Calendar *workday.Calendar
	Rules    Rules
	Now      func() time.Time
}

const (
	noticeBad     notify.Kind = "rating.bad"     // to the office's managers
	noticeLate    notify.Kind = "rating.late"    // to the administrators
	noticeReplied notify.Kind = "rating.replied" // to the person
	noticeInvite  notify.Kind = "rating.invited" // to the person
	sweepMost                 = 100
)

// Rate keeps what a person says about his own decided case or his visit, once.
// A bad one sets the office a day to reply by. Errors: ErrInvalid, ErrUnfit,
// casework.ErrNoCase, ErrNoVisit, ErrTooEarly, ErrRated.
func (b *Box) Rate(ctx context.Context, r Rating) (Rating, error) {
	r.Text, r.At = strings.TrimSpace(r.Text), b.Now()
	if err := r.check(); err != nil {
		return r, err
	}
	if citizen.Said(ctx, b.Words, r.Person, r.Text) != nil {
		return r, ErrUnfit
	}
	if r.Grade.Bad() {
		r.DueOn = b.Calendar.Add(workday.DateOf(r.At), b.Rules.ReplyDays)
	}
	err := b.Store.InTx(ctx, func(tx Tx) (err error) {
		if r, err = tx.InsertRating(ctx, r); err != nil || !r.Grade.Bad() {
			return err
		}
		return b.tell(ctx, tx, staff.OfficeManager, r.Office, notify.Notice{Kind: noticeBad, Subject: r.Subject,
			Text: "本网点收到一条不满意评价，请核实整改，并在" + r.DueOn.String() + "前答复"})
	})
	return r, err
}

// tell tells everybody who holds a post.
func (b *Box) tell(ctx context.Context, tx Tx, role staff.Role, office place.OfficeCode, n notify.Notice) error {
	list, err := tx.Holders(ctx, role, office)
	if err != nil {
		return err
	}
	for _, who := range list {
		n.To, n.At = who, b.Now()
		if err := tx.Tell(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// Reply answers a rating of the manager's own office; the person is told.
// Errors: ErrReply, ErrNoRating, staff.ErrOtherOffice, ErrReplied.
func (b *Box) Reply(ctx context.Context, m staff.Member, subject, text string) (r Rating, err error) {
	text = strings.TrimSpace(text)
	if n := utf8.RuneCountInString(text); n < 5 || n > textMost || strings.ContainsFunc(text, invisible) {
		return r, ErrReply
	}
	err = b.Store.InTx(ctx, func(tx Tx) error {
		if r, err = tx.Rating(ctx, subject); err != nil {
			return err
		}
		if r.Office != m.Office {
			return staff.ErrOtherOffice
		}
		r.Reply, r.RepliedBy, r.RepliedAt = text, m.ID, b.Now()
		if err := tx.ReplyRating(ctx, r); err != nil {
			return err
		}
		return tx.Tell(ctx, notify.Notice{To: r.Person, Kind: noticeReplied, Subject: r.Subject, At: b.Now(),
			Text: "您的评价有了答复，请在“我的评价”查看；如仍不满意，可拨打12345反映"})
	})
	return r, err
}

// Sweep tells the administrators of bad ratings that nobody has answered in
// time, each once, and invites people to rate what has just ended.
func (b *Box) Sweep(ctx context.Context) (told int, err error) {
	late, err := b.Store.OverdueRatings(ctx, workday.DateOf(b.Now()), sweepMost)
	if err != nil {
		return 0, err
	}
	for _, r := range late {
		err := b.Store.InTx(ctx, func(tx Tx) error { return b.escalate(ctx, tx, r) })
		if err != nil && !errors.Is(err, ErrReplied) {
			return told, err
		}
		told++
	}
	return told, b.invite(ctx)
}

func (b *Box) escalate(ctx context.Context, tx Tx, r Rating) error {
	if err := tx.EscalateRating(ctx, r.Subject, b.Now()); err != nil {
		return err
	}
	return b.tell(ctx, tx, staff.Administrator, "", notify.Notice{Kind: noticeLate, Subject: r.Subject,
		Text: "网点" + string(r.Office) + "有一条不满意评价逾期未答复，请督办"})
}

func (b *Box) invite(ctx context.Context) error {
	list, err := b.Store.Unrated(ctx, b.Now().Add(-b.Rules.InviteFor), sweepMost)
	if err != nil {
		return err
	}
	for _, r := range list {
		err := b.Store.InTx(ctx, func(tx Tx) error {
			if err := tx.InviteRating(ctx, r.Subject, b.Now()); err != nil {
				return err
			}
			return tx.Tell(ctx, notify.Notice{To: r.Person, Kind: noticeInvite, Subject: r.Subject, At: b.Now(),
				Text: invitations[r.Kind]})
		})
		if err != nil && !errors.Is(err, ErrRated) {
			return err
		}
	}
	return nil
}

var invitations = map[Kind]string{
	OfCase:  "您的办件已有结果，请在“我的评价”为这次服务打分，差评将在规定时间内得到答复",
	OfVisit: "感谢您到窗口办事，请在“我的评价”为这次服务打分，差评将在规定时间内得到答复",
}

// Mine lists one's ratings with their replies, newest first.
func (b *Box) Mine(ctx context.Context, who citizen.ID, before time.Time, most int) ([]Rating, error) {
	return b.Store.RatingsOf(ctx, who, before, most)
}

// At lists the ratings of a manager's office; who watches over the city sees all.
func (b *Box) At(ctx context.Context, m staff.Member, waiting bool, before time.Time, most int) ([]Rating, error) {
	return b.Store.RatingsAt(ctx, within(m), waiting, before, most)
}

// within is the office that a member sees the ratings of, "" for all.
func within(m staff.Member) place.OfficeCode {
	if m.Role == staff.Administrator || m.Role == staff.Auditor {
		return ""
	}
	return m.Office
}
