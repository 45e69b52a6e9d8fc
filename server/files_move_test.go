package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// realBucket is a bucket of a real S3 server of the test's own.
func realBucket(t *testing.T) (address string) {
	t.Helper()
	program, err := exec.LookPath("versitygw")
	if err != nil {
		if os.Getenv("YIMEN_REQUIRE_REAL") == "1" {
			t.Fatal("versitygw is not on the PATH, and YIMEN_REQUIRE_REAL=1 demands it")
		}
		t.Skip("versitygw is not on the PATH: files are not moved to a real S3 server")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	at := l.Addr().String()
	require.NoError(t, l.Close())
	root := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(root, "files"), 0o700))
	t.Setenv(accessKeyVariable, "key")
	t.Setenv(secretKeyVariable, "a-secret-for-tests")
	cmd := exec.Command(program, "--access", "key", "--secret", "a-secret-for-tests", "--port", at, "posix", root)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	require.Eventually(t, func() bool {
		conn, err := net.DialTimeout("tcp", at, time.Second)
		if err == nil {
			conn.Close()
		}
		return err == nil
	}, 20*time.Second, 50*time.Millisecond)
	return fmt.Sprintf("s3://%s/files?plain", at)
}

// album is a person's files, and the town that keeps them.
type album struct {
	t     *testing.T
	town  *town
	owner *client
	draft string
	files []string
}

func newAlbum(t *testing.T, c *town, files int) *album {
	a := &album{t: t, town: c, owner: c.citizen(t)}
	a.draft = a.owner.permitDraft()
	for range files {
		a.add()
	}
	return a
}

func (a *album) add() {
	a.files = append(a.files, a.owner.upload(a.draft+"/files", permitPhoto, large).ok().text("file"))
}

// readAll reads every file through a link.
func (a *album) readAll() {
	for _, id := range a.files {
		link := a.owner.get(a.draft + "/files/" + id).ok()
		require.Equal(a.t, large, a.owner.fetched(link.text("url")).ok().raw)
		a.owner.fetched(link.text("small_url")).ok()
	}
}

// reading reads them again and again until it is told to stop.
func (a *album) reading() (stop func()) {
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			select {
			case <-end:
				return
			default:
				a.readAll()
			}
		}
	}()
	return func() { close(end); <-ended }
}

// serve starts the town anew with its files here, and before there.
func (a *album) serve(files, before string) {
	require.NoError(a.t, a.town.stop())
	a.town.set = func(c *Config) { c.Files, c.FilesBefore = files, before }
	require.NoError(a.t, a.town.open())
}

// TestFilesAreMovedToABucketAndBackWhilePeopleReadThem: at every moment each
// file can be read, from whichever side; a move that was broken off goes on
// where it was; and nothing is left behind.
func TestFilesAreMovedToABucketAndBackWhilePeopleReadThem(t *testing.T) {
	address := realBucket(t)
	c := newTown(t, tuesday)
	scene := newAlbum(t, c, 4)
	folder := filepath.Join(c.data, "files")
	move := func(from, to string) string {
		stop := scene.reading()
		status, out, errs := commandOn(t, c.data, "files", "move", "--from", from, "--to", to)
		stop()
		require.Zero(t, status, errs)
		return out
	}
	scene.serve(address, folder)
	require.Contains(t, move(folder, address), "on neither side")
	require.Empty(t, stored(t, folder), "nothing is left where they were")
	scene.readAll()
	require.Contains(t, move(folder, address), "0 files moved", "a second run finds nothing to do")
	scene.add()
	require.Empty(t, stored(t, folder), "new files go to the new place")

	scene.serve(folder, address)
	scene.readAll()
	move(address, folder)
	scene.serve(folder, "")
	scene.readAll()

	status, _, errs := commandOn(t, c.data, "files", "move", "--from", folder, "--to", folder)
	require.Equal(t, 1, status)
	requireOneLine(t, errs, "another place")
}

// stored lists the files that lie in a folder.
func stored(t *testing.T, folder string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(folder, "??", "*"))
	require.NoError(t, err)
	return list
}
