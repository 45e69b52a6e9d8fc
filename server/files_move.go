package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"

	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/storage/blob"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

type filesCmd struct {
	Move filesMoveCmd `cmd:"" help:"Move the stored files to another place while the service runs; may be stopped and begun again."`
}

type filesMoveCmd struct {
	To   string `placeholder:"DIR|s3://…" help:"Where to. Default: YIMEN_FILES, where the service runs with YIMEN_FILES_BEFORE already."`
	From string `placeholder:"DIR|s3://…" help:"Where from. Default: YIMEN_FILES_BEFORE."`
	Keep bool   `help:"Leave the files where they were as well."`
}

// Run moves what the database tells of, file by file: copied, read again,
// compared by hash, and only then taken away.
func (f filesMoveCmd) Run(c *Config, s streams, _ *kong.Application) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if f.To == "" {
		f.To = c.files()
	}
	if f.From == "" {
		f.From = c.FilesBefore
	}
	if f.From == "" || f.From == f.To {
		return errors.New("say where from: --from, or YIMEN_FILES_BEFORE; and to another place than that")
	}
	keys, err := c.ownKeys()
	if err != nil {
		return err
	}
	db, err := sqlstore.Open(ctx, c.store(keys, time.Now))
	if err != nil {
		return err
	}
	defer db.Close()
	m := mover{db: db, keep: f.Keep}
	if m.from, _, err = openPlace(f.From, time.Now, true, nil); err != nil {
		return err
	}
	if m.to, _, err = openPlace(f.To, time.Now, true, nil); err != nil {
		return err
	}
	if strings.HasPrefix(f.To, bucketScheme) {
		if _, err := blob.Check(ctx, m.to, keys.Index("blob.owner", "files"), scan.Incoming); err != nil {
			return fmt.Errorf("--to: %w", err)
		}
	}
	err = m.run(ctx)
	fmt.Fprintf(s.out, "%d files moved, %d were there already, %d bytes; %d of the database are on neither side\n", m.moved, m.there, m.bytes, m.missing)
	if err == nil && m.missing > 0 {
		return fmt.Errorf("%d files are on neither side", m.missing)
	}
	return err
}

// mover moves files from one store to another.
type mover struct {
	db                    *sqlstore.DB
	from, to              blob.Store
	keep                  bool
	moved, there, missing int
	bytes                 int64
}

// moveFiles is how many files are moved between two looks at the database.
const moveFiles = 32

// errResealing: a file that is sealed anew on one side while it is copied to
// the other would be there under the old key.
var errResealing = errors.New("the files are being sealed under a new key: move them when that is done (server keys status)")

func (m *mover) run(ctx context.Context) error {
	for after := ""; ctx.Err() == nil; {
		if err := m.quiet(ctx); err != nil {
			return err
		}
		ids, err := m.db.FilesAfter(ctx, after, moveFiles)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := m.one(ctx, id); err != nil {
				return fmt.Errorf("file %s: %w; what is moved is moved, run it again", id, err)
			}
		}
		after = ids[len(ids)-1]
	}
	return ctx.Err()
}

// quiet makes sure that nobody seals files anew meanwhile.
func (m *mover) quiet(ctx context.Context) error {
	list, err := m.db.Resealing(ctx)
	for _, p := range list {
		if p.Place == sqlstore.FilePlace && !p.Done {
			return errResealing
		}
	}
	return err
}

// one moves a file and its small picture, which not every one has.
func (m *mover) one(ctx context.Context, id string) error {
	for _, key := range []string{scan.SmallKey(id), id} {
		found, err := m.key(ctx, key)
		if err != nil {
			return err
		}
		if !found && key == id {
			m.missing++
		}
	}
	named, err := m.db.NamesFile(ctx, id)
	if err != nil || named {
		return err
	}
	return errors.Join(m.to.Delete(ctx, scan.SmallKey(id)), m.to.Delete(ctx, id)) // forgotten while it was copied
}

func (m *mover) key(ctx context.Context, key string) (found bool, err error) {
	content, err := readFile(ctx, m.from, key)
	if errors.Is(err, blob.ErrNoFile) {
		_, err = readFile(ctx, m.to, key)
		if errors.Is(err, blob.ErrNoFile) {
			return false, nil
		}
		m.there++
		return true, err
	}
	if err != nil {
		return false, err
	}
	fresh, err := m.bring(ctx, key, content)
	if err != nil {
		return false, err
	}
	if fresh {
		m.moved++
		m.bytes += int64(len(content))
	} else {
		m.there++
	}
	if m.keep {
		return true, nil
	}
	return true, m.from.Delete(ctx, key)
}

// bring copies a file, unless it is there, and reads it again.
func (m *mover) bring(ctx context.Context, key string, content []byte) (fresh bool, err error) {
	kept, err := readFile(ctx, m.to, key)
	if err == nil && bytes.Equal(kept, content) {
		return false, nil
	}
	if err != nil && !errors.Is(err, blob.ErrNoFile) {
		return false, err
	}
	if err := m.to.Put(ctx, key, int64(len(content)), bytes.NewReader(content)); err != nil {
		return false, err
	}
	if kept, err = readFile(ctx, m.to, key); err != nil {
		return false, err
	}
	if !bytes.Equal(kept, content) {
		return false, errors.New("the target did not give back what was put there")
	}
	return true, nil
}
