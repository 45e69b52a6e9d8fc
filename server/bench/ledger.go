package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/ledger"
	"github.com/yimen-gov/yimen/pkg/licence"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// What is asked of the ledger.
const (
	appendMost = 15 // percent of the transaction
	proofMost  = 1  // ms
	verifyMost = 1  // ms

	benchLog = "yimen.bench/ledger"
)

// ledgerCost measures what a leaf costs the transaction that it goes with, and
// what a proof costs on a large log.
func ledgerCost(ctx context.Context, r *Report) error {
	dir, err := os.MkdirTemp("", "yimen-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	return errors.Join(appendFigure(ctx, r, dir), proofFigures(ctx, r, dir))
}

// appendFigure races deliveries with the ledger against deliveries without.
func appendFigure(ctx context.Context, r *Report, dir string) error {
	with, err := parcelsIn(ctx, dir, "with", true)
	if err != nil {
		return err
	}
	defer with.db.Close()
	without, err := parcelsIn(ctx, dir, "without", false)
	if err != nil {
		return err
	}
	defer without.db.Close()
	batch, times := 500, 11
	if r.Quick {
		batch, times = 50, 3
	}
	var shares []float64
	for range times {
		if err := errors.Join(with.stock(ctx, batch), without.stock(ctx, batch)); err != nil {
			return err
		}
		long, err := with.deliver(ctx, batch)
		if err != nil {
			return err
		}
		short, err := without.deliver(ctx, batch)
		if err != nil {
			return err
		}
		shares = append(shares, 100*(1-short.Seconds()/long.Seconds()))
	}
	return r.Under("share of a delivery's transaction that its leaf costs, median", median(shares), "%", appendMost)
}

// proofFigures grow a log and prove leaves of it.
func proofFigures(ctx context.Context, r *Report, dir string) error {
	leaves := 1_000_000
	switch {
	case r.Quick:
		leaves = 5_000
	case r.Large:
		leaves = 10_000_000
	}
	j, err := openJobs(ctx, filepath.Join(dir, "log"))
	if err != nil {
		return err
	}
	defer j.db.Close()
	if err := growLog(ctx, j.db, leaves); err != nil {
		return err
	}
	notary, err := benchNotary(j.db)
	if err != nil {
		return err
	}
	proofs, checks, err := prove(ctx, notary, leaves)
	if err != nil {
		return err
	}
	what := fmt.Sprintf(" at %d leaves, ", leaves)
	return errors.Join(
		r.Under("inclusion proof from the database"+what+"median", milliseconds(percentile(proofs, 0.5)), "ms", proofMost),
		r.Tell("inclusion proof from the database"+what+"p99", milliseconds(percentile(proofs, 0.99)), "ms"),
		r.Under("verification of a proof"+what+"median", milliseconds(percentile(checks, 0.5)), "ms", verifyMost),
		r.Tell("verification of a proof"+what+"p99", milliseconds(percentile(checks, 0.99)), "ms"),
	)
}

// factOf is the i-th fact of the grown log.
func factOf(i int) ledger.Fact {
	return ledger.Fact{Kind: "licence.issued", Subject: fmt.Sprint("licence ", i), At: time.UnixMilli(int64(i + 1))}
}

func growLog(ctx context.Context, db *sqlstore.DB, leaves int) error {
	const page = 5000
	for from := 0; from < leaves; from += page {
		facts := make([]ledger.Fact, min(page, leaves-from))
		for i := range facts {
			facts[i] = factOf(from + i)
		}
		err := sqlstore.For[licence.Tx](db).InTx(ctx, func(tx licence.Tx) error { return tx.Record(ctx, facts...) })
		if err != nil {
			return err
		}
	}
	return nil
}

func benchNotary(db *sqlstore.DB) (*ledger.Notary, error) {
	secret, public, err := ledger.GenerateKey(rand.Reader, ledger.Ed25519, benchLog)
	if err != nil {
		return nil, err
	}
	signer, err := ledger.NewSigner(secret, rand.Reader)
	if err != nil {
		return nil, err
	}
	n := &ledger.Notary{Store: db, Log: ledger.Log{Origin: benchLog}, Now: time.Now}
	n.Log.Signers = append(n.Log.Signers, signer)
	verifier, err := ledger.NewVerifier(public)
	n.Verifiers = append(n.Verifiers, verifier)
	return n, err
}

// prove asks for proofs of leaves all over the log, as the route does, and
// checks each.
func prove(ctx context.Context, n *ledger.Notary, leaves int) (proofs, checks []time.Duration, err error) {
	const asked = 1000
	for i := range asked {
		start := time.Now()
		receipt, signed, err := n.Receipt(ctx, factOf(i*7919%leaves))
		if err != nil {
			return nil, nil, err
		}
		middle := time.Now()
		c, err := ledger.Open(signed, benchLog, n.Verifiers...)
		if err := errors.Join(err, receipt.Verify(c)); err != nil {
			return nil, nil, err
		}
		proofs, checks = append(proofs, middle.Sub(start)), append(checks, time.Since(middle))
	}
	slices.Sort(proofs)
	slices.Sort(checks)
	return proofs, checks, nil
}
