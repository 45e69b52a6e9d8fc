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
	as    *dialect
	stmts sync.Map // query text → *sql.Stmt
}

func newPrepared(on preparer, as *dialect) *prepared { return &prepared{on: on, as: as} }

func (p *prepared) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if s, ok := p.stmts.Load(query); ok {
		return s.(*sql.Stmt), nil
	}
	s, err := p.on.PrepareContext(ctx, p.as.query(query))
	if err != nil {
		return nil, err
	}
	if first, loaded := p.stmts.LoadOrStore(query, s); loaded {
		return first.(*sql.Stmt), s.Close()
	}
	return s, nil
}

// exec runs a statement and returns the rows it changed.
func (p *prepared) exec(ctx context.Context, query string, args ...any) (int64, error) {
	ctx, cancel := p.within(ctx)
	defer cancel()
	end := traced(ctx, query)
	s, err := p.stmt(ctx, query)
	if err != nil {
		end(err)
		return 0, plain(err)
	}
	res, err := s.ExecContext(ctx, args...)
	end(err)
	if err != nil {
		return 0, plain(err)
	}
	return res.RowsAffected()
}

// query asks; ctx comes from within.
func (p *prepared) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	end := traced(ctx, query)
	s, err := p.stmt(ctx, query)
	if err != nil {
		end(err)
		return nil, plain(err)
	}
	rows, err := s.QueryContext(ctx, args...)
	end(err)
	return rows, plain(err)
}

// within is the time that a statement has.
//
// The caller's cancellation is left out on purpose: SQLite answers an
// interrupted write by rolling back the whole transaction, which holds other
// callers' writes too; PostgreSQL's connection is lost with it. Every statement
// is short.
func (p *prepared) within(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx = context.WithoutCancel(ctx)
	if p.as.limit == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, p.as.limit)
}
