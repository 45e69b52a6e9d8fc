package sqlstore

import (
	"context"
	"errors"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/notify"
)

// Picture is an uploaded picture whose content nobody has judged yet.
type Picture struct {
	File string
	Who  citizen.ID
}

// UncheckedPictures lists pictures that came after a time and were not asked
// about, oldest first.
func (q *queries) UncheckedPictures(ctx context.Context, since time.Time, most int) ([]Picture, error) {
	read := func(s scanner) (p Picture, err error) { return p, s.Scan(&p.File, &p.Who) }
	return all(ctx, q, read, `SELECT f.id, c.person_id FROM case_file f JOIN cases c ON c.id = f.case_id
		LEFT JOIN media_check m ON m.file_id = f.id WHERE f.added_at > $1 AND f.media LIKE 'image/%' AND m.file_id IS NULL
		ORDER BY f.added_at LIMIT $2`, millis(since), most)
}

// AskedAbout keeps that a picture was sent to be judged, under a trace id.
func (db *DB) AskedAbout(ctx context.Context, file, trace string) error {
	return db.write(ctx, func(tx *Tx) error {
		return tx.exec(ctx, `INSERT INTO media_check (trace_id, file_id, state, asked_at) VALUES ($1, $2, 'asked', $3)
			ON CONFLICT (file_id) DO NOTHING`, trace, file, millis(db.now()))
	})
}

// judged is a picture with its case and who handles that.
type judged struct {
	file, cs string
	clerk    citizen.ID
}

// Judge keeps the verdict on a picture. One that is not clearly fit stands in
// the record of its case, and the clerk who has the case in hand is told. A
// trace id that is not ours, or was judged before, changes nothing.
func (db *DB) Judge(ctx context.Context, trace, verdict string, label int) error {
	now := db.now()
	err := db.write(ctx, func(tx *Tx) error {
		err := tx.change(ctx, errNone, `UPDATE media_check SET state = $2, label = $3, answered_at = $4
			WHERE trace_id = $1 AND state = 'asked'`, trace, verdict, label, millis(now))
		if err != nil || verdict == "pass" {
			return err
		}
		read := func(s scanner) (j judged, err error) { return j, s.Scan(&j.file, &j.cs, &j.clerk) }
		j, err := one(ctx, &tx.queries, errNone, read, `SELECT f.id, f.case_id, coalesce(a.person_id, '') FROM media_check m
			JOIN case_file f ON f.id = m.file_id JOIN cases c ON c.id = f.case_id
			LEFT JOIN staff s ON s.id = c.clerk LEFT JOIN account a ON a.id = s.account_id WHERE m.trace_id = $1`, trace)
		if err != nil {
			return err
		}
		if err := tx.LogCase(ctx, j.cs, string(casework.Doubt), "system", j.file, now); err != nil || j.clerk == "" {
			return err
		}
		return tx.Tell(ctx, notify.Notice{To: j.clerk, Kind: notify.PictureDoubted, Subject: j.cs, At: now,
			Text: "您经办的办件有一张图片疑似含有不宜内容，请打开该办件的文件清单核实处理"})
	})
	if errors.Is(err, errNone) {
		return nil
	}
	return err
}
