package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"testing/fstest"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Schema is what a database has and what this binary knows, both as the number
// of the last migration.
type Schema struct{ Has, Knows int64 }

// migrate brings the schema up to what this binary knows, and refuses a
// database that a newer binary has already moved on.
func migrate(ctx context.Context, db *sql.DB, d *dialect) error {
	p, err := provider(db, d)
	if err != nil {
		return err
	}
	s, err := versions(ctx, p)
	if err != nil || s.Has == s.Knows {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// SchemaOf reads a database's schema without changing it.
func SchemaOf(ctx context.Context, c Config) (Schema, error) {
	driver, source, d := "sqlite", dsn(c.Path), sqliteDialect
	if c.URL != "" {
		driver, source, d = "pgx", c.URL, postgresDialect
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return Schema{}, err
	}
	defer db.Close()
	p, err := provider(db, d)
	if err != nil {
		return Schema{}, err
	}
	return versions(ctx, p)
}

// versions refuses a schema that is newer than this binary.
func versions(ctx context.Context, p *goose.Provider) (s Schema, err error) {
	if s.Has, s.Knows, err = p.GetVersions(ctx); err != nil {
		return s, fmt.Errorf("read the schema version: %w", err)
	}
	if s.Has > s.Knows {
		return s, fmt.Errorf("the database has schema %d, this binary knows %d: use the newer binary", s.Has, s.Knows)
	}
	return s, nil
}

func provider(db *sql.DB, d *dialect) (*goose.Provider, error) {
	files, err := schema(d)
	if err != nil {
		return nil, err
	}
	var options []goose.ProviderOption
	if d == postgresDialect { // instances that start together migrate one after the other
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, err
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	return goose.NewProvider(d.goose, db, files, options...)
}

// schema is the migrations as this engine is to read them.
func schema(d *dialect) (fs.FS, error) {
	files := fstest.MapFS{}
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files[path.Base(name)] = &fstest.MapFile{Data: []byte(d.schema(string(text)))}
	}
	return files, nil
}
