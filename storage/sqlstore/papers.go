package sqlstore

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/paper"
)

var (
	_ paper.Store = Store[paper.Tx]{}
	_ paper.Tx    = (*Tx)(nil)
)

const paperColumns = `SELECT id, case_id, kind, event_at, person_id, number, code, title, office, issuer, issued_at, digest`

func readPaper(s scanner, more ...any) (p paper.Paper, err error) {
	var event, issued int64
	err = s.Scan(append([]any{&p.ID, &p.Case, &p.Kind, &event, &p.Person, &p.Number, &p.Code, &p.Title, &p.Office, &p.Issuer, &issued, &p.Digest}, more...)...)
	p.EventAt, p.IssuedAt = moment(event), moment(issued)
	return p, err
}

// readPage reads a paper with its page.
func (q *queries) readPage(s scanner) (paper.Paper, error) {
	var sealed []byte
	p, err := readPaper(s, &sealed)
	if err != nil {
		return p, err
	}
	page, err := q.opened("paper", "page", p.ID, sealed)
	p.Page = []byte(page)
	return p, err
}

// PapersOf implements paper.Store.
func (q *queries) PapersOf(ctx context.Context, cs casework.ID) ([]paper.Paper, error) {
	return all(ctx, q, func(s scanner) (paper.Paper, error) { return readPaper(s) }, paperColumns+` FROM paper WHERE case_id = $1 ORDER BY issued_at, id`, cs)
}

// Paper implements paper.Store.
func (q *queries) Paper(ctx context.Context, id string) (paper.Paper, error) {
	return one(ctx, q, paper.ErrNoPaper, q.readPage, paperColumns+`, page_sealed FROM paper WHERE id = $1`, id)
}

// PaperByCode implements paper.Store.
func (q *queries) PaperByCode(ctx context.Context, code string) (paper.Paper, error) {
	return one(ctx, q, paper.ErrNoPaper, q.readPage, paperColumns+`, page_sealed FROM paper WHERE code = $1`, code)
}

// PaperAbout implements paper.Store.
func (q *queries) PaperAbout(ctx context.Context, cs casework.ID, kind paper.Kind, at time.Time) (paper.Paper, error) {
	return one(ctx, q, paper.ErrNoPaper, q.readPage, paperColumns+`, page_sealed FROM paper WHERE case_id = $1 AND kind = $2 AND event_at = $3`, cs, kind, millis(at))
}

// SignedCommitment implements paper.Store.
func (q *queries) SignedCommitment(ctx context.Context, id casework.ID) (casework.Commitment, error) {
	read := func(s scanner) (c casework.Commitment, err error) {
		var text []byte
		var at int64
		if err := s.Scan(&text, &c.Digest, &c.SignedBy, &c.Level, &at); err != nil {
			return c, err
		}
		c.Case, c.SignedAt = id, moment(at)
		c.Text, err = q.opened("commitment", "text", string(id), text)
		return c, err
	}
	return one(ctx, q, paper.ErrNotYet, read, `SELECT text_sealed, digest, signed_by, level, signed_at FROM commitment WHERE case_id = $1`, id)
}

// InsertPaper implements paper.Tx.
func (tx *Tx) InsertPaper(ctx context.Context, p paper.Paper) error {
	return tx.insert(ctx, paper.ErrIssued, `INSERT INTO paper (id, case_id, kind, event_at, person_id, number, code, title, office, issuer,
		issued_at, page_sealed, digest) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, p.ID, p.Case, p.Kind, millis(p.EventAt),
		p.Person, p.Number, p.Code, p.Title, p.Office, p.Issuer, millis(p.IssuedAt), tx.sealed("paper", "page", p.ID, string(p.Page)), p.Digest)
}
