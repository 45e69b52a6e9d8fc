package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/seal"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/storage/blob"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// command runs the command line on a data folder.
func command(t *testing.T, data string, args ...string) (status int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	status = run(append([]string{"--data", data}, args...), &o, &e)
	return status, o.String(), e.String()
}

// TestKeysAreRotatedWhileTheServiceRuns: people go on working meanwhile, then
// nothing is left under the old key, and it can go.
func TestKeysAreRotatedWhileTheServiceRuns(t *testing.T) {
	h := newHouse(t)
	h.journey()
	citizen := h.token(h.people()[0].OpenID)
	cs := h.api.found(http.MethodPost, "/api/v1/cases")[0].out["id"].(string)
	file := h.api.found(http.MethodPost, "/files")[0]
	_, wholeBefore := h.ask(http.MethodGet, "/api/v1/cases/"+cs, citizen, nil)

	status, out, errs := command(t, h.conf.Data, "keys", "retire", "1")
	require.Equal(t, 1, status, out)
	require.Contains(t, errs, "current")

	asked, stop := h.busy(citizen, cs)
	status, out, errs = command(t, h.conf.Data, "keys", "rotate", "--suite", "aes")
	stop()
	require.Equal(t, 0, status, errs)
	require.Contains(t, out, "key 2 (aes) added")
	require.Contains(t, out, "done: ")
	require.NotZero(t, asked())

	_, out, _ = command(t, h.conf.Data, "keys", "status")
	require.Regexp(t, `(?m)^1 +sm4 +old +0 +0$`, out)
	require.Regexp(t, `(?m)^2 +aes +current +[1-9][0-9]* +2$`, out)
	require.Contains(t, out, "rotation done")
	require.Contains(t, out, " 0 could not be opened", "every row of the journey opens at the place that the list says")

	status, _, errs = command(t, h.conf.Data, "keys", "retire", "1")
	require.Equal(t, 0, status, errs)
	require.Eventually(t, func() bool { return !strings.Contains(h.keysText(), "\n1:") && h.in.rooms.keys.Current() == 2 }, 5*time.Second, 20*time.Millisecond)
	time.Sleep(1100 * time.Millisecond) // the service looks at its keys every second
	status, wholeAfter := h.ask(http.MethodGet, "/api/v1/cases/"+cs, citizen, nil)
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, wholeBefore, wholeAfter)
	status, answer := h.ask(http.MethodGet, "/api/v1/cases/"+cs+"/files/"+file.out["file"].(string), citizen, nil)
	require.Equal(t, http.StatusOK, status)
	var link struct {
		URL   string
		Small string `json:"small_url"`
	}
	require.NoError(t, json.Unmarshal([]byte(answer), &link))
	for _, at := range []string{link.URL, link.Small} {
		status, photo := h.ask(http.MethodGet, at, citizen, nil)
		require.Equal(t, http.StatusOK, status)
		require.True(t, strings.HasPrefix(photo, "\xff\xd8\xff"))
	}
}

func (h *house) keysText() string {
	text, err := os.ReadFile(filepath.Join(h.conf.Data, "keys.txt"))
	require.NoError(h.t, err)
	return string(text)
}

// busy lets a citizen read and write without a pause; every answer must be 200.
func (h *house) busy(citizen, cs string) (asked func() int, stop func()) {
	ctx, cancel := context.WithCancel(h.t.Context())
	var n atomic.Int64
	var all sync.WaitGroup
	all.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			status, body := h.ask(http.MethodGet, "/api/v1/cases/"+cs, citizen, nil)
			if status == http.StatusOK {
				status, body = h.ask(http.MethodGet, "/api/v1/messages", citizen, nil)
			}
			if status != http.StatusOK {
				h.t.Errorf("while keys were rotated: %d %s", status, body)
				return
			}
			n.Add(1)
			time.Sleep(20 * time.Millisecond) // below the account's limit
		}
	})
	return func() int { return int(n.Load()) }, func() { cancel(); all.Wait() }
}

// TestAServiceFinishesARotationThatWasStopped: what a stopped command began,
// the running service ends, files included.
func TestAServiceFinishesARotationThatWasStopped(t *testing.T) {
	h := newHouse(t)
	h.journey()
	v, err := openVault(t.Context(), h.conf)
	require.NoError(t, err)
	defer v.db.Close()
	require.NoError(t, v.begin(t.Context(), streams{&bytes.Buffer{}, &bytes.Buffer{}}, seal.SM4))
	require.Eventually(t, func() bool {
		list, err := v.db.Resealing(t.Context())
		require.NoError(t, err)
		return !open(list)
	}, 20*time.Second, 100*time.Millisecond)
	values, files, err := v.under(t.Context())
	require.NoError(t, err)
	require.Zero(t, values[1]+files[1])
	require.Equal(t, 2, files[2])
	require.NotContains(t, h.log.String(), "sweep failed")
}

func TestNothingIsRetiredThatIsStillNeeded(t *testing.T) {
	data := t.TempDir()
	c := &Config{Data: data}
	_, err := keyring(c)
	require.NoError(t, err)
	_, err = c.keyFile().add(seal.AES)
	require.NoError(t, err)
	v, err := openVault(t.Context(), c)
	require.NoError(t, err)
	old, err := c.keyFile().read()
	require.NoError(t, err)
	delete(old.Keys, 2)
	old.Current = 1
	ring, err := seal.NewKeyring(old)
	require.NoError(t, err)
	db, err := sqlstore.Open(t.Context(), sqlstore.Config{Path: c.database(), Keys: ring, Now: time.Now})
	require.NoError(t, err)
	require.NoError(t, invited(t, db))
	require.NoError(t, v.db.Close())
	require.NoError(t, db.Close())

	status, _, errs := command(t, data, "keys", "retire", "1")
	require.Equal(t, 1, status)
	require.Contains(t, errs, "1 values and 0 files are sealed under key 1")
	status, _, errs = command(t, data, "keys", "retire", "7")
	require.Equal(t, 1, status)
	require.Contains(t, errs, "there is no key 7")

	status, out, errs := command(t, data, "keys", "rotate")
	require.Equal(t, 0, status, errs)
	require.Contains(t, out, "key 3 (sm4) added")
	for _, id := range []string{"1", "2"} {
		status, _, errs = command(t, data, "keys", "retire", id)
		require.Equal(t, 0, status, errs)
	}
	status, _, errs = command(t, data, "keys", "retire", "3")
	require.Equal(t, 1, status, errs)
	keys, err := c.keyFile().read()
	require.NoError(t, err)
	require.Len(t, keys.Keys, 1)
	require.Equal(t, old.IndexKey, keys.IndexKey)
}

func TestTwoWhoAddKeysAtOnceLoseNone(t *testing.T) {
	c := &Config{Data: t.TempDir()}
	_, err := keyring(c)
	require.NoError(t, err)
	var added atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for {
				if _, err := c.keyFile().add(seal.SM4); err == nil {
					added.Add(1)
					return
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	all.Wait()
	keys, err := c.keyFile().read()
	require.NoError(t, err)
	require.Len(t, keys.Keys, 9)
	left, err := os.ReadDir(c.Data)
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing else is left lying about")
	info, err := left[0].Info()
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

func TestTwoFirstStartsAtOnceAgreeOnOneKey(t *testing.T) {
	c := &Config{Data: filepath.Join(t.TempDir(), "new")}
	sealed := make([][]byte, 8)
	at := seal.Place{Table: "t", Column: "c", Row: "r"}
	var all sync.WaitGroup
	for i := range sealed {
		all.Go(func() {
			if ring, err := keyring(c); err == nil {
				sealed[i] = ring.Seal([]byte("x"), at)
			} else {
				t.Error(err)
			}
		})
	}
	all.Wait()
	ring, err := keyring(c)
	require.NoError(t, err)
	for _, s := range sealed {
		_, err := ring.Open(s, at)
		require.NoError(t, err)
	}
}

func TestAServiceNoticesAChangedKeyFileAndKeepsABrokenOneOut(t *testing.T) {
	c := &Config{Data: t.TempDir()}
	ring, err := keyring(c)
	require.NoError(t, err)
	w := &keyWatch{file: c.keyFile(), keys: ring}
	require.NoError(t, w.look(t.Context()))
	_, err = c.keyFile().add(seal.AES)
	require.NoError(t, err)
	require.NoError(t, w.look(t.Context()))
	require.Equal(t, uint8(2), ring.Current())
	require.NoError(t, os.WriteFile(string(c.keyFile()), []byte("rubbish"), 0o600))
	require.Error(t, w.look(t.Context()))
	require.Equal(t, uint8(2), ring.Current())
	sealed := ring.Seal([]byte("x"), seal.Place{Table: "t"})
	_, err = ring.Open(sealed, seal.Place{Table: "t"})
	require.NoError(t, err)
}

func TestAFileIsSealedAnewAndAnotherProcessCleansNothingUp(t *testing.T) {
	root := filepath.Join(t.TempDir(), "files")
	service, err := blob.Dir(root)
	require.NoError(t, err)
	half := filepath.Join(root, "tmp", "half-written")
	require.NoError(t, os.WriteFile(half, []byte("x"), 0o600))
	beside, err := blob.Beside(root)
	require.NoError(t, err)
	require.FileExists(t, half)

	c := &Config{Data: t.TempDir()}
	ring, err := keyring(c)
	require.NoError(t, err)
	mine, theirs := blob.Sealed{Store: service, Keys: ring}, blob.Sealed{Store: beside, Keys: ring}
	require.NoError(t, mine.Put(t.Context(), "f", []byte("photo")))
	_, err = c.keyFile().add(seal.AES)
	require.NoError(t, err)
	keys, err := c.keyFile().read()
	require.NoError(t, err)
	require.NoError(t, ring.Renew(keys))
	for _, want := range []bool{true, false} {
		changed, err := theirs.Reseal(t.Context(), "f")
		require.NoError(t, err)
		require.Equal(t, want, changed)
	}
	key, err := mine.KeyOf(t.Context(), "f")
	require.NoError(t, err)
	require.Equal(t, uint8(2), key)
	content, err := mine.Get(t.Context(), "f")
	require.NoError(t, err)
	require.Equal(t, "photo", string(content))
	_, err = theirs.Reseal(t.Context(), "none")
	require.ErrorIs(t, err, blob.ErrNoFile)
}

// invited stores one sealed value.
func invited(t *testing.T, db *sqlstore.DB) error {
	name, err := citizen.ParseName("甄样本")
	require.NoError(t, err)
	return sqlstore.For[staff.Tx](db).InTx(t.Context(), func(tx staff.Tx) error {
		return tx.InsertInvitation(t.Context(), staff.Invitation{Post: staff.Member{Role: staff.Courier, Name: name, Company: "样例快递"}})
	})
}
