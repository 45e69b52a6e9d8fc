package bench

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// ChildCommand is the hidden command that commit-sigkill starts: WriteOn.
const ChildCommand = "commit-child"

// commitKilled kills a writing process in the middle, again and again on the
// same database, and looks for everything that it had answered. It shows that
// an answer waits for its commit; that a commit waits for the disk is what
// synchronous=FULL and the fsync figures of commit are for.
func commitKilled(ctx context.Context, r *Report) error {
	dir, err := os.MkdirTemp("", "yimen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	kills := 3
	if r.Quick {
		kills = 1
	}
	answered := map[string]bool{}
	for n := range kills {
		if err := killWriting(ctx, r, dir, n*1_000_000, answered); err != nil {
			return err
		}
	}
	lost, err := missing(ctx, dir, answered)
	if err != nil {
		return err
	}
	return errors.Join(
		r.Tell("writes answered before SIGKILL", float64(len(answered)), "writes"),
		r.None("answered writes lost to SIGKILL", lost, "writes"),
	)
}

// killWriting starts a writer, lets it answer for a while and kills it. What it
// had answered is what it had printed as a whole line.
func killWriting(ctx context.Context, r *Report, dir string, from int, answered map[string]bool) error {
	child := r.Self(ctx, "bench", ChildCommand, "--dir", dir, "--from", strconv.Itoa(from))
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	if err != nil {
		return err
	}
	if err := child.Start(); err != nil {
		return err
	}
	defer child.Wait()
	before := len(answered)
	lines := bufio.NewReader(out)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			break // the rest of a line was not answered
		}
		if len(answered) == before {
			time.AfterFunc(r.Length/5, func() { _ = child.Process.Kill() })
		}
		answered[line[:len(line)-1]] = true
	}
	if len(answered) == before {
		return errors.New("the writing process answered nothing")
	}
	return nil
}

// missing counts the answered writes that a newly opened database does not hold.
func missing(ctx context.Context, dir string, answered map[string]bool) (int, error) {
	store, err := openJobs(ctx, dir) // recovers what was left behind
	if err != nil {
		return 0, err
	}
	if err := store.db.Close(); err != nil {
		return 0, err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, databaseFile))
	if err != nil {
		return 0, err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, `SELECT subject FROM job`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	there := map[string]bool{}
	for rows.Next() {
		var subject string
		if err := rows.Scan(&subject); err != nil {
			return 0, err
		}
		there[subject] = true
	}
	lost := 0
	for subject := range answered {
		if !there[subject] {
			lost++
		}
	}
	return lost, rows.Err()
}

// WriteOn writes into the database in dir from all writers, and prints a
// write's subject once it is durable, until it is killed or a write fails.
func WriteOn(ctx context.Context, dir string, from int64, out io.Writer) error {
	store, err := openJobs(ctx, dir)
	if err != nil {
		return err
	}
	defer store.db.Close()
	store.last.Store(from)
	var all sync.WaitGroup
	var printing sync.Mutex
	failed := make([]error, writers)
	for i := range writers {
		all.Go(func() {
			for failed[i] == nil {
				subject := subjectOf(store.last.Add(1))
				if failed[i] = store.put(ctx, subject); failed[i] == nil {
					printing.Lock()
					_, failed[i] = fmt.Fprintln(out, subject)
					printing.Unlock()
				}
			}
		})
	}
	all.Wait()
	return errors.Join(failed...)
}
