package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/place"
)

// TakeSeats implements appointment.Tx. One statement makes the cells that are
// not there yet, takes one seat in each, and does so only where the quota of
// none of them is used up: the guard of everything that takes a seat. The
// capacity in the row is the one of its last taking, for the CHECK beside it.
// Most visits need one cell, which SQLite takes in half the time without the
// list of cells.
func (tx *Tx) TakeSeats(ctx context.Context, c appointment.Claim, q appointment.Quota) error {
	if c.Window != 0 {
		return tx.takeWindow(ctx, c)
	}
	s, from, to := c.Seat(), millis(c.From), millis(c.To)
	switch {
	case q.All < 1 || s.Ordinary > q.Ordinary || s.Agents > q.Agents || s.Online > q.Online:
		return appointment.ErrSlotFull
	case cells(c.From, c.To) == 1:
		return tx.change(ctx, appointment.ErrSlotFull, `INSERT INTO seat (office, starts_at, capacity, taken, ordinary, agents, online)
			VALUES ($1, $2, $3, 1, $4, $5, $6)
			ON CONFLICT (office, starts_at) DO UPDATE SET taken = seat.taken + 1, capacity = excluded.capacity,
				ordinary = seat.ordinary + excluded.ordinary, agents = seat.agents + excluded.agents, online = seat.online + excluded.online
				WHERE seat.taken < excluded.capacity AND (excluded.ordinary = 0 OR seat.ordinary < $7)
				AND (excluded.agents = 0 OR seat.agents < $8) AND (excluded.online = 0 OR seat.online < $9)`,
			c.Office, from, q.All, s.Ordinary, s.Agents, s.Online, q.Ordinary, q.Agents, q.Online)
	}
	n, err := tx.run.exec(ctx, `WITH RECURSIVE cell (at) AS (
			SELECT CAST($2 AS BIGINT) UNION ALL SELECT at + $4 FROM cell WHERE at + $4 < $3)
		INSERT INTO seat (office, starts_at, capacity, taken, ordinary, agents, online)
		SELECT $1, at, $5, 1, CAST($6 AS INTEGER), CAST($7 AS INTEGER), CAST($8 AS INTEGER) FROM cell WHERE NOT EXISTS (
			SELECT 1 FROM seat WHERE office = $1 AND starts_at >= $2 AND starts_at < $3 AND (taken >= $5
				OR $6 > 0 AND ordinary >= $9 OR $7 > 0 AND agents >= $10 OR $8 > 0 AND online >= $11))
		ON CONFLICT (office, starts_at) DO UPDATE SET taken = seat.taken + 1, capacity = excluded.capacity,
			ordinary = seat.ordinary + excluded.ordinary, agents = seat.agents + excluded.agents, online = seat.online + excluded.online
			WHERE seat.taken < excluded.capacity`,
		c.Office, from, to, appointment.Cell.Milliseconds(), q.All, s.Ordinary, s.Agents, s.Online, q.Ordinary, q.Agents, q.Online)
	return whole(n, c, err)
}

// whole tells that not all cells were to be had: fewer than all, but none, only
// where others write at the same time.
func whole(n int64, c appointment.Claim, err error) error {
	if err == nil && n != cells(c.From, c.To) {
		return appointment.ErrSlotFull
	}
	return err
}

// takeWindow takes a window that was asked for: its rows are the visits.
func (tx *Tx) takeWindow(ctx context.Context, c appointment.Claim) error {
	n, err := tx.run.exec(ctx, `WITH RECURSIVE cell (at) AS (
			SELECT CAST($3 AS BIGINT) UNION ALL SELECT at + $5 FROM cell WHERE at + $5 < $4)
		INSERT INTO window_seat (office, window_no, starts_at)
		SELECT $1, CAST($2 AS INTEGER), at FROM cell WHERE NOT EXISTS (
			SELECT 1 FROM window_seat WHERE office = $1 AND window_no = $2 AND starts_at >= $3 AND starts_at < $4)
		ON CONFLICT (office, window_no, starts_at) DO NOTHING`,
		c.Office, c.Window, millis(c.From), millis(c.To), appointment.Cell.Milliseconds())
	return whole(n, c, err)
}

// GiveSeats implements appointment.Tx. That a cell is missing is a defect.
func (tx *Tx) GiveSeats(ctx context.Context, c appointment.Claim) (err error) {
	var n int64
	s := c.Seat()
	if c.Window != 0 {
		n, err = tx.run.exec(ctx, `DELETE FROM window_seat WHERE office = $1 AND window_no = $4 AND starts_at >= $2 AND starts_at < $3`,
			c.Office, millis(c.From), millis(c.To), c.Window)
	} else {
		n, err = tx.run.exec(ctx, `UPDATE seat SET taken = taken - 1, ordinary = ordinary - $4, agents = agents - $5, online = online - $6
			WHERE office = $1 AND starts_at >= $2 AND starts_at < $3`,
			c.Office, millis(c.From), millis(c.To), s.Ordinary, s.Agents, s.Online)
	}
	if err == nil && n != cells(c.From, c.To) {
		return fmt.Errorf("give seats back at %s from %d to %d: %d cells", c.Office, millis(c.From), millis(c.To), n)
	}
	return err
}

func cells(from, to time.Time) int64 { return int64(to.Sub(from) / appointment.Cell) }

// Seats implements appointment.Store.
func (q *queries) Seats(ctx context.Context, office place.OfficeCode, from, to time.Time) ([]appointment.Seat, error) {
	read := func(s scanner) (c appointment.Seat, err error) {
		var at int64
		err = s.Scan(&c.Window, &at, &c.Taken, &c.Ordinary, &c.Agents, &c.Online)
		c.StartsAt = moment(at)
		return c, err
	}
	return all(ctx, q, read, `SELECT 0, starts_at, taken, ordinary, agents, online FROM seat
		WHERE office = $1 AND starts_at >= $2 AND starts_at < $3 AND taken > 0
		UNION ALL SELECT window_no, starts_at, 1, 0, 0, 0 FROM window_seat WHERE office = $1 AND starts_at >= $2 AND starts_at < $3`,
		office, millis(from), millis(to))
}

// QuietAt implements appointment.Store.
func (q *queries) QuietAt(ctx context.Context, office place.OfficeCode, from, to, now time.Time) ([]appointment.Quiet, error) {
	return all(ctx, q, readQuiet, quietColumns+`WHERE office = $1 AND from_at < $3 AND to_at > $2 AND ends_at <= $4`,
		office, millis(from), millis(to), millis(now))
}

const quietColumns = `SELECT id, office, window_no, from_at, to_at, channel, priority, ends_at FROM quiet_seat `

func readQuiet(s scanner) (seat appointment.Quiet, err error) {
	var from, to, until int64
	c := &seat.Claim
	err = s.Scan(&seat.ID, &c.Office, &c.Window, &from, &to, &c.Channel, &c.Priority, &until)
	c.From, c.To, seat.Until = moment(from), moment(to), moment(until)
	return seat, err
}

// DropQuiet implements appointment.Tx.
func (tx *Tx) DropQuiet(ctx context.Context, id string) error {
	return tx.change(ctx, appointment.ErrChanged, `DELETE FROM quiet_seat WHERE id = $1`, id)
}

// VisitsFor implements appointment.Store. No visit is as long as a day.
func (q *queries) VisitsFor(ctx context.Context, office place.OfficeCode, item catalog.ItemCode, from, to, now time.Time, but appointment.ID) ([]appointment.Span, error) {
	read := func(s scanner) (span appointment.Span, err error) {
		var starts, ends int64
		err = s.Scan(&starts, &ends)
		span.From, span.To = moment(starts), moment(ends)
		return span, err
	}
	return all(ctx, q, read, `SELECT starts_at, ends_at FROM appointment WHERE office = $1 AND starts_at > $2 AND starts_at < $4
		AND ends_at > $3 AND state IN ('held', 'booked', 'checked_in', 'served') AND NOT (state = 'held' AND lapses_at <= $5)
		AND (item = $6 OR ' ' || more_items || ' ' LIKE '% ' || $6 || ' %') AND id <> $7`,
		office, millis(from.AddDate(0, 0, -1)), millis(from), millis(to), millis(now), item, but)
}
