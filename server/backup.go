package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"filippo.io/age"

	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/seal"
	"github.com/yimen-gov/yimen/storage/archive"
	"github.com/yimen-gov/yimen/storage/blob"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// backing makes backups of what a configuration names.
type backing struct {
	conf  *Config
	keys  *seal.Keyring
	files blob.Store
	now   func() time.Time
}

// backed tells of a backup.
type backed struct {
	archive.Tail
	At   time.Time // the moment that it shows
	Took time.Duration
}

// write writes a backup: the rows as of one moment, then the files that they
// tell of. Files are only ever added and taken away, so those that the rows
// tell of are there, but for those taken away since.
func (b backing) write(ctx context.Context, w io.Writer, to []age.Recipient) (done backed, err error) {
	begun := b.now()
	snap, err := sqlstore.OpenSnapshot(ctx, b.conf.store(nil, b.now))
	if err != nil {
		return done, err
	}
	defer snap.Close()
	done.At = b.now().UTC()
	out, err := archive.NewWriter(w, to, archive.Head{
		Version: version, Schema: snap.Schema, Engine: b.conf.engineName(), At: done.At, Owner: ownerOf(b.keys), Tables: snap.Tables,
	})
	if err != nil {
		return done, err
	}
	for _, t := range snap.Tables {
		if err := snap.Rows(ctx, t, func(rows [][]any) error { return out.Rows(t.Name, rows) }); err != nil {
			return done, err
		}
	}
	missing, err := b.writeFiles(ctx, snap, out)
	if err != nil {
		return done, err
	}
	done.Tail, err = out.Close(missing)
	done.Took = b.now().Sub(begun)
	return done, err
}

func (b backing) writeFiles(ctx context.Context, snap *sqlstore.Snapshot, out *archive.Writer) (missing []string, err error) {
	err = snap.Files(ctx, func(ids []string) error {
		for _, id := range ids {
			found, err := b.writeFile(ctx, out, id)
			if err != nil {
				return err
			}
			if !found {
				missing = append(missing, id)
			}
			if _, err := b.writeFile(ctx, out, scan.SmallKey(id)); err != nil {
				return err
			}
		}
		return nil
	})
	return missing, err
}

// writeFile adds a file as it lies; not every one has a small picture.
func (b backing) writeFile(ctx context.Context, out *archive.Writer, key string) (found bool, err error) {
	content, err := readFile(ctx, b.files, key)
	if errors.Is(err, blob.ErrNoFile) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("file %s: %w", key, err)
	}
	return true, out.File(key, content)
}

func readFile(ctx context.Context, from blob.Store, key string) ([]byte, error) {
	r, size, err := from.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	content, err := io.ReadAll(r)
	if err == nil && int64(len(content)) != size {
		err = io.ErrUnexpectedEOF
	}
	return content, err
}

// ownerOf tells keys apart without telling anything of them.
func ownerOf(keys *seal.Keyring) string {
	return hex.EncodeToString(keys.Index("backup owner", "")[:8])
}

// errOwner: a database that nobody can open again is no database.
var errOwner = errors.New("the backup was sealed under other keys than those here: bring the key file (YIMEN_KEYS) that belongs to it")

// restored tells of a restore.
type restored struct {
	archive.Tail
	At   time.Time // the moment that the backup shows
	Took time.Duration
}

// read brings a backup back into an empty database and store: every row and
// file is read again and compared before a service may start on it.
func (b backing) read(ctx context.Context, r io.Reader, id age.Identity) (done restored, err error) {
	begun := b.now()
	in, err := archive.NewReader(r, id)
	if err != nil {
		return done, err
	}
	if in.Head.Owner != ownerOf(b.keys) {
		return done, errOwner
	}
	done.At = in.Head.At
	fill, err := sqlstore.OpenRefill(ctx, b.conf.store(nil, b.now), in.Head.Schema)
	if err != nil {
		return done, err
	}
	defer fill.Close()
	done.Tail, err = in.Walk(
		func(t sqlstore.Table, rows [][]any) error { return fill.Add(ctx, t, rows) },
		func(key, _ string, content []byte) error { return b.bring(ctx, key, content) })
	if err != nil {
		return done, err
	}
	for i, t := range in.Head.Tables {
		sum, err := fill.Sum(ctx, t)
		if err != nil {
			return done, err
		}
		if sum != done.Tables[i] {
			return done, fmt.Errorf("the table %s is not what the backup holds: %d rows and %d", t.Name, sum.Rows, done.Tables[i].Rows)
		}
	}
	if err := fill.Finish(ctx); err != nil {
		return done, err
	}
	done.Took = b.now().Sub(begun)
	return done, nil
}

// bring puts a file back and reads it again.
func (b backing) bring(ctx context.Context, key string, content []byte) error {
	if err := b.files.Put(ctx, key, int64(len(content)), bytes.NewReader(content)); err != nil {
		return fmt.Errorf("file %s: %w", key, err)
	}
	kept, err := readFile(ctx, b.files, key)
	if err == nil && !bytes.Equal(kept, content) {
		err = errors.New("the store did not give back what was put there")
	}
	if err != nil {
		return fmt.Errorf("file %s: %w", key, err)
	}
	return nil
}
