package sqlstore

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

const pageColumns = `office, day, version, shut, last_a, last_b, last_c, clock, tag_appointments, tag_priorities, tag_walk_ins`

func readPage(s scanner) (p queue.Page, err error) {
	var day string
	var a, b, c, appointments, priorities, walkIns int
	if err := s.Scan(&p.Office, &day, &p.Version, &p.Shut, &a, &b, &c, &p.Clock, &appointments, &priorities, &walkIns); err != nil {
		return p, err
	}
	p.Last = map[queue.Series]int{queue.SeriesA: a, queue.SeriesB: b, queue.SeriesC: c}
	p.Tags = map[queue.Lane]int{queue.Appointments: appointments, queue.Priorities: priorities, queue.WalkIns: walkIns}
	p.Day, err = workday.ParseDate(day)
	return p, err
}

// Page implements queue.Store.
func (q *queries) Page(ctx context.Context, office place.OfficeCode, day workday.Date) (queue.Page, error) {
	p, err := one(ctx, q, errNone, readPage, `SELECT `+pageColumns+` FROM queue_page WHERE office = $1 AND day = $2`, office, day.String())
	if errors.Is(err, errNone) {
		return queue.Page{Office: office, Day: day, Last: map[queue.Series]int{}, Tags: map[queue.Lane]int{}}, nil
	}
	return p, err
}

// TurnPage implements queue.Tx.
func (tx *Tx) TurnPage(ctx context.Context, office place.OfficeCode, day workday.Date) (queue.Page, error) {
	return one(ctx, &tx.queries, errNone, readPage, `INSERT INTO queue_page (office, day, version) VALUES ($1, $2, 1)
		ON CONFLICT (office, day) DO UPDATE SET version = queue_page.version + 1 RETURNING `+pageColumns, office, day.String())
}

// SavePage implements queue.Tx.
func (tx *Tx) SavePage(ctx context.Context, p queue.Page) error {
	return tx.change(ctx, queue.ErrChanged, `UPDATE queue_page SET shut = $4, last_a = $5, last_b = $6, last_c = $7, clock = $8,
		tag_appointments = $9, tag_priorities = $10, tag_walk_ins = $11 WHERE office = $1 AND day = $2 AND version = $3`,
		p.Office, p.Day.String(), p.Version, p.Shut, p.Last[queue.SeriesA], p.Last[queue.SeriesB], p.Last[queue.SeriesC], p.Clock,
		p.Tags[queue.Appointments], p.Tags[queue.Priorities], p.Tags[queue.WalkIns])
}

// Versions implements queue.Store.
func (q *queries) Versions(ctx context.Context, day workday.Date) (map[place.OfficeCode]int64, error) {
	list, err := all(ctx, q, readPage, `SELECT `+pageColumns+` FROM queue_page WHERE day = $1`, day.String())
	versions := make(map[place.OfficeCode]int64, len(list))
	for _, p := range list {
		versions[p.Office] = p.Version
	}
	return versions, err
}

// Unclosed implements queue.Store.
func (q *queries) Unclosed(ctx context.Context, upTo workday.Date) ([]queue.Page, error) {
	read := func(s scanner) (p queue.Page, err error) {
		var day string
		if err := s.Scan(&p.Office, &day); err != nil {
			return p, err
		}
		p.Day, err = workday.ParseDate(day)
		return p, err
	}
	return all(ctx, q, read, `SELECT DISTINCT office, day FROM ticket
		WHERE state IN ('waiting', 'called', 'serving', 'missed', 'parked') AND day <= $1`, upTo.String())
}

// Windows implements queue.Reader.
func (q *queries) Windows(ctx context.Context, office place.OfficeCode) ([]queue.Window, error) {
	read := func(s scanner) (w queue.Window, err error) {
		var lanes, items string
		var opened int64
		err = s.Scan(&w.Office, &w.Number, &lanes, &items, &w.Clerk, &opened)
		w.Lanes, w.Items, w.OpenedAt = words[queue.Lane](lanes), words[catalog.ItemCode](items), moment(opened)
		return w, err
	}
	return all(ctx, q, read, `SELECT office, number, lanes, items, clerk, opened_at FROM queue_window WHERE office = $1 ORDER BY number`, office)
}

// PutWindow implements queue.Tx.
func (tx *Tx) PutWindow(ctx context.Context, w queue.Window) error {
	return tx.insert(ctx, queue.ErrOneWindow, `INSERT INTO queue_window (office, number, lanes, items, clerk, opened_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (office, number) DO UPDATE SET lanes = excluded.lanes, items = excluded.items, clerk = excluded.clerk, opened_at = excluded.opened_at`,
		w.Office, w.Number, listed(w.Lanes), listed(w.Items), w.Clerk, millis(w.OpenedAt))
}

// words undoes listed.
func words[T ~string](text string) (list []T) {
	for word := range strings.SplitSeq(text, ",") {
		if word != "" {
			list = append(list, T(word))
		}
	}
	return list
}

// listed writes codes, which hold no comma, as one text.
func listed[T ~string](list []T) string {
	texts := make([]string, len(list))
	for i, word := range list {
		texts[i] = string(word)
	}
	return strings.Join(texts, ",")
}

type spent struct {
	item catalog.ItemCode
	queue.Spent
}

func readSpent(s scanner) (r spent, err error) {
	var ms int64
	err = s.Scan(&r.item, &r.Count, &ms)
	r.Total = time.Duration(ms) * time.Millisecond
	return r, err
}

// InsertTicketEvent implements queue.Tx.
func (tx *Tx) InsertTicketEvent(ctx context.Context, e queue.Event) error {
	return tx.exec(ctx, `INSERT INTO ticket_event (ticket_id, seq, act, state, lane, window_number, clerk, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		e.Ticket, e.Seq, e.Act, e.State, e.Lane, e.Window, e.Clerk, millis(e.At))
}

// TicketEvents implements queue.Store.
func (q *queries) TicketEvents(ctx context.Context, id queue.ID) ([]queue.Event, error) {
	read := func(s scanner) (e queue.Event, err error) {
		var at int64
		err = s.Scan(&e.Ticket, &e.Seq, &e.Act, &e.State, &e.Lane, &e.Window, &e.Clerk, &at)
		e.At = moment(at)
		return e, err
	}
	return all(ctx, q, read, `SELECT ticket_id, seq, act, state, lane, window_number, clerk, at FROM ticket_event WHERE ticket_id = $1 ORDER BY seq`, id)
}

// LateSlip implements queue.Reader.
func (q *queries) LateSlip(ctx context.Context, by staff.ID, id string) (queue.Kept, error) {
	read := func(s scanner) (k queue.Kept, err error) {
		var hash []byte
		var taken, served, ended, received int64
		err = s.Scan(&k.Clerk, &k.ID, &hash, &k.Number, &k.Item, &k.Priority, &k.Window, &k.Outcome, &taken, &served, &ended, &received,
			&k.Result, &k.Code, &k.Ticket, &k.State)
		copy(k.Hash[:], hash)
		k.TakenAt, k.ServedAt, k.EndedAt, k.ReceivedAt = moment(taken), moment(served), moment(ended), moment(received)
		return k, err
	}
	return one(ctx, q, queue.ErrNoTicket, read, `SELECT clerk, id, hash, number, item, priority, window_number, outcome, taken_at, served_at,
		ended_at, received_at, result, code, ticket_id, state FROM paper_slip WHERE clerk = $1 AND id = $2`, by, id)
}

// KeepSlip implements queue.Tx.
func (tx *Tx) KeepSlip(ctx context.Context, k queue.Kept) error {
	return tx.exec(ctx, `INSERT INTO paper_slip (clerk, id, hash, number, item, priority, window_number, outcome, taken_at, served_at, ended_at,
		received_at, result, code, ticket_id, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		k.Clerk, k.ID, k.Hash[:], k.Number, k.Item, k.Priority, k.Window, k.Outcome, millis(k.TakenAt), millis(k.ServedAt), millis(k.EndedAt),
		millis(k.ReceivedAt), k.Result, k.Code, k.Ticket, k.State)
}
