package sqlstore

import (
	"context"
	"database/sql"
	"sync"
)

// preparer is a pool of connections or one connection.
type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// prepared keeps each statement it has met, since parsing costs more than
// running most of them.
type prepared struct {
	on    preparer
	stmts sync.Map // query text → *sql.Stmt
}

func newPrepared(on preparer) *prepared { return &prepared{on: on} }

func (p *prepared) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := p.stmts.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := p.on.PrepareContext(ctx, spelled(query))
	if err != nil {
		return nil, err
	}
	if first, loaded := p.stmts.LoadOrStore(query, s); loaded {
		return first.(*sql.Stmt), s.Close()
	}
	return s, nil
}

// exec runs a statement and returns the rows it changed.
//
// The caller's cancellation is left out on purpose: SQLite answers an
// interrupted write by rolling back the whole transaction, which here holds
// other callers' writes too; and every statement is short.
func (p *prepared) exec(ctx context.Context, query string, args ...any) (int64, error) {
	ctx = context.WithoutCancel(ctx)
	s, err := p.stmt(ctx, query)
	if err != nil {
		return 0, err
	}
	res, err := s.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (p *prepared) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	ctx = context.WithoutCancel(ctx)
	s, err := p.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}
