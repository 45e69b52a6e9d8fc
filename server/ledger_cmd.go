package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/yimen-gov/yimen/pkg/ledger"
)

type ledgerCmd struct {
	Verify     ledgerVerifyCmd     `cmd:"" help:"Check a proof against a checkpoint; needs no network and no database."`
	Audit      ledgerAuditCmd      `cmd:"" help:"Show that nothing was changed or removed, in the log and in the records that it tells of."`
	Checkpoint ledgerCheckpointCmd `cmd:"" help:"Print the signed state of the ledger, to be kept elsewhere."`
}

type ledgerVerifyCmd struct {
	Checkpoint string   `required:"" type:"existingfile" help:"File with the signed checkpoint."`
	Proof      string   `required:"" type:"existingfile" help:"File with the proof."`
	Key        []string `help:"Public key of the ledger, as it comes with each proof; may be repeated. Default: those of this machine."`
}

// Run checks and prints what was proved.
func (v ledgerVerifyCmd) Run(c *Config, s streams) error {
	checkpoint, err := readCheckpoint(c, v.Checkpoint, v.Key)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(v.Proof)
	if err != nil {
		return err
	}
	receipt, err := ledger.ParseReceipt(string(text))
	if err != nil {
		return err
	}
	if err := receipt.Verify(checkpoint); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%sverified: leaf %d of %d in %s\n", receipt.Words, receipt.Proof.Index, checkpoint.Size, checkpoint.Origin)
	return nil
}

// readCheckpoint opens a checkpoint with the keys given, or with our own.
func readCheckpoint(c *Config, path string, keys []string) (none ledger.Checkpoint, err error) {
	signed, err := os.ReadFile(path)
	if err != nil {
		return none, err
	}
	if len(keys) == 0 {
		own, err := ownVerifiers(c)
		if err != nil {
			return none, err
		}
		return ledger.Open(signed, own.origin, own.verifiers...)
	}
	var trusted []note.Verifier
	for _, key := range keys {
		v, err := ledger.NewVerifier(key)
		if err != nil {
			return none, err
		}
		trusted = append(trusted, v)
	}
	return ledger.Open(signed, trusted[0].Name(), trusted...)
}

// ownVerifiers reads the key file without making one: keys that are made now
// have signed nothing.
func ownVerifiers(c *Config) (*ledgerKeys, error) {
	text, err := os.ReadFile(c.ledgerKeyFile())
	if err != nil {
		return nil, fmt.Errorf("no --key, and no key file here: %w", err)
	}
	return parseLedgerKeys(string(text))
}

type ledgerAuditCmd struct {
	Since string `type:"existingfile" placeholder:"CHECKPOINT" help:"File with a checkpoint that was kept elsewhere: nothing before it may have changed."`
}

// errAudit makes the command fail where something was found.
var errAudit = errors.New("the database is not what the ledger tells of")

// Run goes over everything and prints what it found.
func (a ledgerAuditCmd) Run(c *Config, s streams) error {
	ctx := context.Background()
	keys, err := ownVerifiers(c)
	if err != nil {
		return err
	}
	db, err := openStore(c)
	if err != nil {
		return err
	}
	defer db.Close()
	var since ledger.Checkpoint
	if a.Since != "" {
		if since, err = readCheckpoint(c, a.Since, nil); err != nil {
			return err
		}
	}
	report, err := keys.notary(db, time.Now).Inspect(ctx, since, db.Facts(ctx))
	if err != nil {
		return err
	}
	return tellAudit(s, report)
}

func tellAudit(s streams, r ledger.Report) error {
	for _, f := range r.Findings {
		fmt.Fprintf(s.out, "leaf %d  %s  %s\n", f.Index, f.Kind, f.What)
	}
	if r.More > 0 {
		fmt.Fprintf(s.out, "and %d more\n", r.More)
	}
	if len(r.Findings) > 0 {
		return errAudit
	}
	fmt.Fprintf(s.out, "intact: %d leaves, %d records\n", r.Size, r.Facts)
	return nil
}

type ledgerCheckpointCmd struct{}

// Run signs the log as it stands.
func (ledgerCheckpointCmd) Run(c *Config, s streams) error {
	keys, err := ownVerifiers(c)
	if err != nil {
		return err
	}
	db, err := openStore(c)
	if err != nil {
		return err
	}
	defer db.Close()
	signed, _, err := keys.notary(db, time.Now).Checkpoint(context.Background())
	if err != nil {
		return err
	}
	_, err = s.out.Write(signed)
	return err
}
