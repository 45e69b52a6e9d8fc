package sqlstore

import (
	"errors"
	"regexp"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// dialect is all in which the two engines differ in what they are told and in
// what they answer; how they commit stands in the files of their commits.
type dialect struct {
	goose  goose.Dialect
	query  func(string) string // how a query is spelled
	schema func(string) string // how a migration is spelled
	far    bool                // each statement is a journey to another process
	limit  time.Duration       // the longest that a statement may take, 0 where nothing can come between
}

var (
	sqliteDialect   = &dialect{goose: goose.DialectSQLite3, query: spelled, schema: spelled}
	postgresDialect = &dialect{goose: goose.DialectPostgres, query: asItIs, schema: wide, far: true, limit: statementMost + 2*time.Second}
)

func asItIs(query string) string { return query }

var (
	integers = regexp.MustCompile(`\bINTEGER\b`)
	texts    = regexp.MustCompile(`\bTEXT\b`)
)

// wide makes of PostgreSQL's columns what they are on SQLite: whole numbers of
// 64 bits, and texts that sort by their bytes in whatever database they lie.
func wide(ddl string) string {
	return texts.ReplaceAllString(integers.ReplaceAllString(ddl, "BIGINT"), `TEXT COLLATE "C"`)
}

// ErrText refuses text that the database cannot hold.
var ErrText = fault.New(fault.Invalid, "storage.text", "内容含有无法保存的字符，请删去后再提交")

// isDuplicate says whether a UNIQUE or PRIMARY KEY constraint refused a row.
func isDuplicate(err error) bool {
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return e.Code == "23505"
	}
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && (e.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE || e.Code() == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

// plain tells what is nobody's defect as what it is: text with a zero byte, or
// a database that is busy, restarting or out of reach.
func plain(err error) error {
	e, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case !ok && err != nil && lost(err):
		return ErrBusy.Because(err)
	case !ok:
		return err
	case e.Code == "22021": // a character that UTF-8 does not have
		return ErrText.Because(err)
	case passing(e.Code):
		return ErrBusy.Because(err)
	}
	return err
}

// passing says whether a failure may be gone at the next try: class 40
// serialization and deadlock, 53 resources, 55P03 lock, 57 operator and
// time-out, 08 connection, 25006 a standby that is just taking over.
func passing(code string) bool {
	switch code[:2] {
	case "40", "53", "57", "08":
		return true
	}
	return code == "55P03" || code == "25006" || code == "25P03"
}

// repeatable says whether the same may succeed at the next try.
func repeatable(err error) bool {
	if err == nil || errors.Is(err, ErrUnsure) {
		return false
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok {
		return passing(e.Code)
	}
	return lost(err)
}
