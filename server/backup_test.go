package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/server/demo"
	"github.com/yimen-gov/yimen/storage/archive"
	"github.com/yimen-gov/yimen/storage/blob"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// elsewhere is another machine: a data folder with the keys of the first and nothing
// else, and where the tests run on PostgreSQL a database of its own.
func elsewhere(t *testing.T, keysOf string) (data string) {
	t.Helper()
	data = t.TempDir()
	for _, name := range []string{"keys.txt", "ledger-keys.txt"} {
		text, err := os.ReadFile(filepath.Join(keysOf, name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(data, name), text, 0o600))
	}
	return data
}

// commandOn runs a command on a data folder and its database.
func commandOn(t *testing.T, data string, args ...string) (status int, out, errs string) {
	t.Helper()
	return command(t, data, append([]string{"--db", databaseOf(data)}, args...)...)
}

// TestABackupMadeWhilePeopleWriteComesBackOnAnotherMachine: rows, files and
// ledger, all that was answered before it began, and it is read by nobody
// without the secret key.
func TestABackupMadeWhilePeopleWriteComesBackOnAnotherMachine(t *testing.T) {
	c := newTown(t, tuesday)
	_, err := demo.Play(t.Context(), c.in.stage(c.url, c.clock), &bytes.Buffer{})
	require.NoError(t, err)
	before := c.citizen(t)
	secret, public, err := archive.NewKey()
	require.NoError(t, err)

	writing, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-writing:
				return
			default:
				c.visitor(t)
			}
		}
	}()
	folder := t.TempDir()
	t.Setenv(backupVariable, public)
	begun := time.Now()
	status, out, errs := commandOn(t, c.data, "backup", "--to", folder, "--keep", "1")
	close(writing)
	<-stopped
	require.Zero(t, status, errs)
	t.Logf("backup in %s: %s", time.Since(begun), out)
	list, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	require.Len(t, list, 1, "nothing half made is left")
	backup := list[0]
	content, err := os.ReadFile(backup)
	require.NoError(t, err)
	require.NotContains(t, string(content), before.person.Name)
	status, _, errs = commandOn(t, c.data, "backup", "verify", backup)
	require.Equal(t, 1, status)
	require.Contains(t, errs, "secret key", "the public key opens nothing")

	t.Setenv(backupVariable, secret)
	status, out, errs = commandOn(t, c.data, "backup", "verify", backup)
	require.Zero(t, status, errs)
	require.Contains(t, out, "whole: ")
	refuseDamaged(t, c.data, content)

	data := elsewhere(t, c.data)
	cut := filepath.Join(t.TempDir(), "cut")
	require.NoError(t, os.WriteFile(cut, content[:len(content)*3/4], 0o600))
	status, _, errs = commandOn(t, data, "restore", "--from", cut)
	require.Equal(t, 1, status)
	requireOneLine(t, errs, "damaged or was cut off")
	_, err = openTown(data, tuesday)
	require.ErrorIs(t, err, sqlstore.ErrHalf, "no service starts on half a city")

	begun = time.Now()
	status, out, errs = commandOn(t, data, "restore", "--from", backup)
	require.Zero(t, status, errs)
	t.Logf("restore in %s: %s", time.Since(begun), out)
	require.Contains(t, out, "intact: ", "the ledger is audited")
	status, _, errs = commandOn(t, data, "restore", "--from", backup)
	require.Equal(t, 1, status)
	requireOneLine(t, errs, "holds a city already")

	again, err := openTown(data, tuesday)
	require.NoError(t, err)
	defer func() { require.NoError(t, again.close()) }()
	there := before.in(t)
	there.town = again
	there.get("/api/v1/me").ok()
	files, err := again.in.db.FilesAfter(t.Context(), "", 100)
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, id := range files {
		_, err := blob.Sealed{Store: again.in.rooms.files, Keys: again.in.rooms.keys}.Get(t.Context(), id)
		require.NoError(t, err)
	}
}

// refuseDamaged: a byte changed anywhere, or the end missing.
func refuseDamaged(t *testing.T, data string, content []byte) {
	t.Helper()
	for _, at := range []int{10, 300, len(content) / 2, len(content) - 1} {
		bad := bytes.Clone(content)
		bad[at] ^= 1
		name := filepath.Join(t.TempDir(), "bad")
		require.NoError(t, os.WriteFile(name, bad, 0o600))
		status, _, errs := commandOn(t, data, "backup", "verify", name)
		require.Equal(t, 1, status, "byte %d", at)
		require.Equal(t, 1, strings.Count(strings.TrimSpace(errs), "\n")+1, errs)
	}
}

// TestABackupUnderOtherKeysIsRefused before anything is written.
func TestABackupUnderOtherKeysIsRefused(t *testing.T) {
	c := sharedTown(t)
	c.nobody(t).get("/livez")
	secret, _, err := archive.NewKey()
	require.NoError(t, err)
	t.Setenv(backupVariable, secret)
	file := filepath.Join(t.TempDir(), "backup")
	status, _, errs := commandOn(t, c.data, "backup", "--to", file)
	require.Zero(t, status, errs)
	other := newTown(t, tuesday)
	data := elsewhere(t, other.data)
	status, _, errs = commandOn(t, data, "restore", "--from", file)
	require.Equal(t, 1, status)
	requireOneLine(t, errs, "other keys")
	status, _, errs = commandOn(t, t.TempDir(), "restore", "--from", file)
	require.Equal(t, 1, status)
	requireOneLine(t, errs, "ledger-keys.txt")
	require.Equal(t, http.StatusOK, other.nobody(t).get("/readyz").status)
}
