package main

import (
	"context"
	"errors"
	"fmt"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/yimen-gov/yimen/storage/sqlstore"
)

type migrateCmd struct {
	Status migrateStatusCmd `cmd:"" default:"1" help:"Tell what the database has and what this binary knows."`
	Up     migrateUpCmd     `cmd:"" help:"Bring the schema up to date; old binaries go on serving meanwhile."`
}

type migrateStatusCmd struct{}

// Run changes nothing.
func (migrateStatusCmd) Run(c *Config, s streams, _ *kong.Application) error {
	v, err := sqlstore.SchemaOf(context.Background(), c.store(nil, time.Now))
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "schema %d of %d\n", v.Has, v.Knows)
	return nil
}

type migrateUpCmd struct{}

// Run does what a starting service does as well.
func (migrateUpCmd) Run(c *Config, s streams, app *kong.Application) error {
	db, err := sqlstore.Open(context.Background(), c.store(nil, time.Now))
	if err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return err
	}
	return migrateStatusCmd{}.Run(c, s, app)
}

type jobsCmd struct {
	List  jobsListCmd  `cmd:"" default:"1" help:"List what is not done, the given up first."`
	Retry jobsRetryCmd `cmd:"" help:"Give up no more: try again what is dead."`
}

type jobsListCmd struct {
	Most int `default:"100" help:"At most so many."`
}

// Run prints ids, kinds and failures: no personal data is in a job.
func (l jobsListCmd) Run(c *Config, s streams, _ *kong.Application) error {
	db, err := openStore(c)
	if err != nil {
		return err
	}
	defer db.Close()
	list, err := db.WaitingJobs(context.Background(), l.Most)
	if err != nil {
		return err
	}
	for _, w := range list {
		state := "next " + w.At.Format(time.RFC3339)
		if w.Dead {
			state = "dead"
		}
		fmt.Fprintf(s.out, "%s  %s %s  tries %d  %s  %s\n", w.ID, w.Kind, w.Subject, w.Attempt, state, w.Why)
	}
	fmt.Fprintf(s.out, "%d not done\n", len(list))
	return nil
}

type jobsRetryCmd struct {
	ID  string `arg:"" optional:"" help:"The job's id."`
	All bool   `help:"Every dead job."`
}

// Run needs one id, or the word that all are meant.
func (r jobsRetryCmd) Run(c *Config, s streams, _ *kong.Application) error {
	if (r.ID == "") != r.All {
		return errors.New("name one job by its id, or all of them with --all")
	}
	db, err := openStore(c)
	if err != nil {
		return err
	}
	defer db.Close()
	n, err := db.RetryJobs(context.Background(), r.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return errors.New("there is no such dead job")
	}
	fmt.Fprintf(s.out, "%d will be tried again\n", n)
	return nil
}

type dbCmd struct {
	Copy dbCopyCmd `cmd:"" help:"Copy the embedded database into PostgreSQL and compare both; may be stopped and begun again."`
}

type dbCopyCmd struct {
	To string `required:"" help:"Where to: postgres://user:password@host:5432/name, empty or of an earlier copy."`
}

// Run copies from YIMEN_DATA. The keys and the files stay where they are.
func (d dbCopyCmd) Run(c *Config, s streams, _ *kong.Application) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	from, to := c.store(nil, time.Now), c.store(nil, time.Now)
	from.URL, to.URL = "", d.To
	rows, changed := 0, 0
	err := sqlstore.Copy(ctx, from, to, func(t sqlstore.Copied) {
		rows, changed = rows+t.Rows, changed+t.Changed
		fmt.Fprintf(s.out, "%-18s %9d rows  %9d changed  sha256 %s\n", t.Table, t.Rows, t.Changed, t.SHA256)
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "both sides are the same: %d rows, %d changed in this pass\n", rows, changed)
	return nil
}
