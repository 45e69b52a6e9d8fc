package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/yimen-gov/yimen/storage/archive"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// backupVariable holds the keys of backups: public ones to make them, the
// secret one to bring them back.
const backupVariable = "YIMEN_BACKUP_KEY"

type backupCmd struct {
	Make   backupMakeCmd   `cmd:"" default:"withargs" help:"Write a backup while the service runs (the default)."`
	Key    backupKeyCmd    `cmd:"" help:"Make a pair of keys: the public one makes backups, the secret one opens them."`
	Verify backupVerifyCmd `cmd:"" help:"Read a backup to its end and make sure that it adds up; writes nothing."`
}

type backupMakeCmd struct {
	To   string `required:"" placeholder:"DIR|FILE|-" help:"A folder, in which the backup gets a name by its time; a file; or - for the standard output."`
	Keep int    `placeholder:"N" help:"Of the backups in the folder keep the newest N. Default: all."`
}

// Run writes rows and files, encrypted, beside the running service.
func (m backupMakeCmd) Run(c *Config, s streams, _ *kong.Application) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	to, err := archive.Recipients(os.Getenv(backupVariable))
	if err != nil {
		return fmt.Errorf("%s: %w", backupVariable, err)
	}
	b, err := newBacking(c)
	if err != nil {
		return err
	}
	if m.To == "-" {
		done, err := b.write(ctx, s.out, to)
		return tellBackup(streams{s.err, s.err}, "-", done, err)
	}
	place, err := newSpot(m.To, b.now())
	if err != nil {
		return err
	}
	defer place.drop()
	done, err := b.write(ctx, place.file, to)
	if err == nil {
		err = place.keep(m.Keep)
	}
	return tellBackup(s, place.name, done, err)
}

func tellBackup(s streams, name string, done backed, err error) error {
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s: %d rows of %d tables, %d files of %d bytes, as of %s, in %s\n", name, done.Rows(), len(done.Tables),
		done.Files, done.Bytes, done.At.Format(time.RFC3339), done.Took.Round(time.Millisecond))
	if n := len(done.Missing); n > 0 {
		return fmt.Errorf("the backup is written, but %d files that the database tells of are not in the store (removed meanwhile, or lost before), such as %s", n, done.Missing[0])
	}
	return nil
}

func newBacking(c *Config) (backing, error) {
	if err := c.fits(); err != nil {
		return backing{}, err
	}
	keys, err := c.ownKeys()
	if err != nil {
		return backing{}, err
	}
	files, _, err := c.openFiles(time.Now, true, nil)
	return backing{conf: c, keys: keys, files: files, now: time.Now}, err
}

// spot is where a backup is written: beside its name, under which it appears
// when it is whole.
type spot struct {
	name string
	file *os.File
	made bool // the name is ours to make, in a folder of backups
}

const backupSuffix = ".yimen-backup"

func newSpot(to string, now time.Time) (p spot, err error) {
	p.name = to
	if at, err := os.Stat(to); err == nil && at.IsDir() {
		p.name, p.made = filepath.Join(to, now.UTC().Format("20060102T150405Z")+backupSuffix), true
	}
	if _, err := os.Stat(p.name); err == nil {
		return p, fmt.Errorf("%s is there already", p.name)
	}
	p.file, err = os.OpenFile(p.name+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	return p, err
}

// keep makes the backup durable under its name, and clears away old ones.
func (p spot) keep(most int) error {
	if err := errors.Join(p.file.Sync(), p.file.Close()); err != nil {
		return err
	}
	if err := os.Rename(p.file.Name(), p.name); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(p.name))
	if err != nil {
		return err
	}
	if err := errors.Join(folder.Sync(), folder.Close()); err != nil || !p.made || most <= 0 {
		return err
	}
	list, err := filepath.Glob(filepath.Join(filepath.Dir(p.name), "*"+backupSuffix))
	if err != nil || len(list) <= most {
		return err
	}
	slices.Sort(list)
	for _, old := range list[:len(list)-most] {
		if err := os.Remove(old); err != nil {
			return err
		}
	}
	return nil
}

// drop removes what did not become whole.
func (p spot) drop() {
	_ = p.file.Close()
	_ = os.Remove(p.file.Name())
}

type backupKeyCmd struct{}

// Run prints both keys once; nothing keeps them.
func (backupKeyCmd) Run(s streams) error {
	secret, public, err := archive.NewKey()
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "# %s where backups are made:\n%s\n# %s where they are brought back; keep it away from the service:\n%s\n",
		backupVariable, public, backupVariable, secret)
	return nil
}

type backupVerifyCmd struct {
	File string `arg:"" type:"existingfile" help:"The backup."`
}

// Run needs the secret key and nothing of the installation.
func (v backupVerifyCmd) Run(s streams) error {
	in, closed, err := openArchive(v.File)
	if err != nil {
		return err
	}
	defer closed()
	tail, err := in.Walk(func(sqlstore.Table, [][]any) error { return nil }, func(string, string, []byte) error { return nil })
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "whole: %d rows of %d tables, %d files of %d bytes, schema %d, as of %s\n", tail.Rows(), len(tail.Tables),
		tail.Files, tail.Bytes, in.Head.Schema, in.Head.At.Format(time.RFC3339))
	return nil
}

func openArchive(name string) (*archive.Reader, func(), error) {
	id, err := archive.Identity(os.Getenv(backupVariable))
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", backupVariable, err)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	in, err := archive.NewReader(f, id)
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	return in, func() { _ = f.Close() }, nil
}

type restoreCmd struct {
	From string `required:"" placeholder:"FILE|-" help:"The backup, or - for the standard input."`
}

// Run brings a backup back into the database and the store that the settings
// name, both empty. It may be stopped and begun again.
func (r restoreCmd) Run(c *Config, s streams, _ *kong.Application) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	id, err := archive.Identity(os.Getenv(backupVariable))
	if err != nil {
		return fmt.Errorf("%s: %w", backupVariable, err)
	}
	if _, err := ownVerifiers(c); err != nil {
		return fmt.Errorf("bring %s, which belongs to the backup, as well: %w", filepath.Base(c.ledgerKeyFile()), err)
	}
	b, err := newBacking(c)
	if err != nil {
		return err
	}
	var from io.Reader = os.Stdin
	if r.From != "-" {
		f, err := os.Open(r.From)
		if err != nil {
			return err
		}
		defer f.Close()
		from = f
	}
	done, err := b.read(ctx, from, id)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "restored: %d rows of %d tables, %d files of %d bytes, as of %s, in %s\n", done.Rows(), len(done.Tables),
		done.Files, done.Bytes, done.At.Format(time.RFC3339), done.Took.Round(time.Millisecond))
	if n := len(done.Missing); n > 0 {
		fmt.Fprintf(s.out, "%d files were not in the store when the backup was made: %s\n", n, strings.Join(done.Missing[:min(n, 10)], " "))
	}
	return ledgerAuditCmd{}.Run(c, s)
}
