package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/alecthomas/kong"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/sheet"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

type importCmd struct {
	City string `required:"" placeholder:"DIR" help:"Folder with offices.csv, divisions.csv and catalogue/*.csv."`
}

// Run loads a city as a new edition, or prints every fault and loads nothing.
func (i importCmd) Run(c *Config, s streams, _ *kong.Application) error {
	if at, err := os.Stat(i.City); err != nil {
		return fmt.Errorf("--city: %w", err)
	} else if !at.IsDir() {
		return fmt.Errorf("--city: %s is not a folder", i.City)
	}
	files := os.DirFS(i.City)
	edition, err := city.Read(files)
	if faults, ok := errors.AsType[sheet.Faults](err); ok {
		fmt.Fprintln(s.err, faults.Error())
		return fmt.Errorf("%d faults in %s, nothing was loaded", len(faults), i.City)
	}
	if err != nil {
		return err
	}
	db, err := openStore(c)
	if err != nil {
		return err
	}
	defer db.Close()
	version, fresh, err := addEdition(context.Background(), db, files, edition.Digest, time.Now())
	if err != nil {
		return err
	}
	state := "imported as"
	if !fresh {
		state = "unchanged, still"
	}
	fmt.Fprintf(s.out, "%d items, %d offices: %s edition %d (%s)\n",
		len(edition.Catalogue.Items()), len(edition.Places.Offices()), state, version, edition.Digest[:12])
	return nil
}

// openStore opens the database for a command beside the service.
func openStore(c *Config) (*sqlstore.DB, error) {
	keys, err := keyring(c)
	if err != nil {
		return nil, err
	}
	return sqlstore.Open(context.Background(), c.store(keys, time.Now))
}

func addEdition(ctx context.Context, db *sqlstore.DB, files fs.FS, digest string, now time.Time) (int, bool, error) {
	packed, err := city.Pack(files)
	if err != nil {
		return 0, false, err
	}
	return db.AddEdition(ctx, digest, packed, now)
}

// loadSample makes the sample city the first edition.
func loadSample(ctx context.Context, db *sqlstore.DB, now time.Time) error {
	edition, err := city.Read(foshan.Files)
	if err != nil {
		return err
	}
	_, _, err = addEdition(ctx, db, foshan.Files, edition.Digest, now)
	return err
}
