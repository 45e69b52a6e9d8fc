package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// kept is a data folder with a ledger of some leaves, a proof and a checkpoint
// kept elsewhere.
type kept struct {
	t                       *testing.T
	data, proof, checkpoint string
	public                  []string
}

var remembered = ledger.Fact{Kind: "licence.issued", Subject: "0192", At: time.UnixMilli(1_790_000_000_000)}

func openKept(t *testing.T) *kept {
	data := t.TempDir()
	c := &Config{Env: "development", Data: data}
	keys, err := readLedgerKeys(c)
	require.NoError(t, err)
	db, err := openStore(c)
	require.NoError(t, err)
	defer db.Close()
	ctx := t.Context()
	require.NoError(t, sqlstore.For[licence.Tx](db).InTx(ctx, func(tx licence.Tx) error {
		return tx.Record(ctx, remembered, ledger.Fact{Kind: "licence.revoked", Subject: "0192", At: remembered.At})
	}))
	receipt, signed, err := keys.notary(db, time.Now).Receipt(ctx, remembered)
	require.NoError(t, err)
	k := &kept{t: t, data: data, public: keys.public}
	k.proof, k.checkpoint = k.write("proof", receipt.String()), k.write("checkpoint", string(signed))
	return k
}

func (k *kept) write(name, text string) string {
	path := filepath.Join(k.t.TempDir(), name)
	require.NoError(k.t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func (k *kept) run(args ...string) (int, string) {
	var out, errs bytes.Buffer
	status := run(append(args, "--data", k.data), &out, &errs)
	return status, out.String() + errs.String()
}

func TestAProofIsVerifiedWithoutTheDatabase(t *testing.T) {
	k := openKept(t)
	proof, checkpoint := k.proof, k.checkpoint
	for _, key := range k.public { // on another machine, with either key
		elsewhere := &kept{t: t, data: t.TempDir()}
		status, out := elsewhere.run("ledger", "verify", "--checkpoint", checkpoint, "--proof", proof, "--key", key)
		require.Zero(t, status, out)
		require.Contains(t, out, "licence.issued")
		require.Contains(t, out, "verified: leaf 0 of 2 in yimen.local/ledger")
		require.NoFileExists(t, filepath.Join(elsewhere.data, "yimen.db"))
	}
	status, out := k.run("ledger", "verify", "--checkpoint", checkpoint, "--proof", proof)
	require.Zero(t, status, out)

	text, err := os.ReadFile(proof)
	require.NoError(t, err)
	forged := k.write("forged", string(bytes.Replace(text, []byte("0192"), []byte("0193"), 1)))
	status, out = k.run("ledger", "verify", "--checkpoint", checkpoint, "--proof", forged)
	require.Equal(t, 1, status)
	require.Contains(t, out, "ledger.proof_invalid")

	stranger := openKept(t)
	status, out = k.run("ledger", "verify", "--checkpoint", checkpoint, "--proof", proof, "--key", stranger.public[0])
	require.Equal(t, 1, status)
	require.Contains(t, out, "ledger.checkpoint_invalid")
	status, out = (&kept{t: t, data: t.TempDir()}).run("ledger", "verify", "--checkpoint", checkpoint, "--proof", proof)
	require.Equal(t, 1, status)
	require.Contains(t, out, "no --key")
}

// The leaves tell of licences that this database never had.
func TestAuditFailsWhereTheRecordsAreGone(t *testing.T) {
	k := openKept(t)
	status, out := k.run("ledger", "audit", "--since", k.checkpoint)
	require.Equal(t, 1, status)
	require.Contains(t, out, "leaf 0  licence.issued  in the log, but no longer in the database")
}

func TestAuditFailsWhereTheLogWasCut(t *testing.T) {
	k := openKept(t)
	hand, err := sql.Open("sqlite", filepath.Join(k.data, "yimen.db"))
	require.NoError(t, err)
	_, err = hand.ExecContext(context.Background(), `DELETE FROM ledger_leaf WHERE idx = 1; UPDATE ledger_head SET size = 1; DELETE FROM ledger_checkpoint`)
	require.NoError(t, errors.Join(err, hand.Close()))
	status, out := k.run("ledger", "audit", "--since", k.checkpoint)
	require.Equal(t, 1, status)
	require.Contains(t, out, "ledger.broken")
}

func TestAnEmptyLedgerIsIntact(t *testing.T) {
	k := &kept{t: t, data: t.TempDir()}
	_, err := readLedgerKeys(&Config{Data: k.data})
	require.NoError(t, err)
	status, out := k.run("ledger", "audit")
	require.Zero(t, status, out)
	require.Contains(t, out, "intact: 0 leaves, 0 records")
	status, out = k.run("ledger", "checkpoint")
	require.Zero(t, status, out)
	require.Contains(t, out, "yimen.local/ledger\n0\n")
}

func TestTwoFirstStartsAgreeOnTheLedgersKeys(t *testing.T) {
	c := &Config{Data: t.TempDir()}
	got := make(chan string, 8)
	for range cap(got) {
		go func() {
			keys, err := readLedgerKeys(c)
			if err != nil {
				got <- err.Error()
				return
			}
			got <- keys.public[0]
		}()
	}
	first := <-got
	for range cap(got) - 1 {
		require.Equal(t, first, <-got)
	}
	info, err := os.Stat(c.ledgerKeyFile())
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	for _, wrong := range []string{"", "x", first} {
		_, err := parseLedgerKeys(wrong)
		require.Error(t, err, wrong)
	}
}
