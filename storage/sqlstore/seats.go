package sqlstore

import (
	"context"
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/place"
)

// TakeSeats implements appointment.Tx. One statement makes the cells that are
// not there yet, takes one window in each, and does so only where none of them
// is full: the guard of everything that takes a seat. The capacity in the row
// is the one of its last taking, for the CHECK beside it. Most visits need one
// cell, which SQLite takes in half the time without the list of cells.
func (tx *Tx) TakeSeats(ctx context.Context, office place.OfficeCode, from, to time.Time, capacity int) error {
	switch {
	case capacity < 1:
		return appointment.ErrSlotFull
	case cells(from, to) == 1:
		return tx.change(ctx, appointment.ErrSlotFull, `INSERT INTO seat (office, starts_at, capacity, taken)
			VALUES ($1, $2, $3, 1)
			ON CONFLICT (office, starts_at) DO UPDATE SET taken = seat.taken + 1, capacity = excluded.capacity
				WHERE seat.taken < excluded.capacity`, office, millis(from), capacity)
	}
	n, err := tx.run.exec(ctx, `WITH RECURSIVE cell (at) AS (
			SELECT CAST($2 AS BIGINT) UNION ALL SELECT at + $4 FROM cell WHERE at + $4 < $3)
		INSERT INTO seat (office, starts_at, capacity, taken)
		SELECT $1, at, $5, 1 FROM cell WHERE NOT EXISTS (
			SELECT 1 FROM seat WHERE office = $1 AND starts_at >= $2 AND starts_at < $3 AND taken >= $5)
		ON CONFLICT (office, starts_at) DO UPDATE SET taken = seat.taken + 1, capacity = excluded.capacity
			WHERE seat.taken < excluded.capacity`,
		office, millis(from), millis(to), appointment.Cell.Milliseconds(), capacity)
	if err != nil {
		return err
	}
	if n != cells(from, to) { // fewer than all only where others write at the same time
		return appointment.ErrSlotFull
	}
	return nil
}

// GiveSeats implements appointment.Tx. That a cell is missing is a defect.
func (tx *Tx) GiveSeats(ctx context.Context, office place.OfficeCode, from, to time.Time) error {
	n, err := tx.run.exec(ctx, `UPDATE seat SET taken = taken - 1 WHERE office = $1 AND starts_at >= $2 AND starts_at < $3`,
		office, millis(from), millis(to))
	if err == nil && n != cells(from, to) {
		return fmt.Errorf("give seats back at %s from %d to %d: %d cells", office, millis(from), millis(to), n)
	}
	return err
}

func cells(from, to time.Time) int64 { return int64(to.Sub(from) / appointment.Cell) }

// Seats implements appointment.Store.
func (q *queries) Seats(ctx context.Context, office place.OfficeCode, from, to time.Time) ([]appointment.Seat, error) {
	read := func(s scanner) (c appointment.Seat, err error) {
		var at int64
		err = s.Scan(&at, &c.Taken)
		c.StartsAt = moment(at)
		return c, err
	}
	return all(ctx, q, read, `SELECT starts_at, taken FROM seat
		WHERE office = $1 AND starts_at >= $2 AND starts_at < $3 AND taken > 0`, office, millis(from), millis(to))
}
