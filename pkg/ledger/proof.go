package ledger

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrProof says that a proof does not show what it is said to show.
var ErrProof = fault.New(fault.Invalid, "ledger.proof_invalid", "存证核验未通过，内容可能被改动，请向发证机关核实")

// Proof (存在证明) shows that the log holds a leaf, together with a checkpoint.
type Proof struct {
	Index  int64
	Hashes []Hash // from the leaf's neighbour up
}

// Growth (延续证明) shows that a later checkpoint has all that an earlier one had.
type Growth []Hash

// Prove makes the proof that a checkpoint covers the leaf at index, and checks
// it: hashes that were tampered with give ErrBroken and no proof. Errors:
// ErrNotYet when the leaf is newer than the checkpoint, ErrBroken.
func Prove(ctx context.Context, r Reader, c Checkpoint, index int64) (Proof, error) {
	if index < 0 || index >= c.Size {
		return Proof{}, ErrNotYet
	}
	hashes, err := tlog.ProveRecord(c.Size, index, within(ctx, r))
	if err != nil {
		return Proof{}, fmt.Errorf("ledger: prove: %w", err)
	}
	leaf, err := read(ctx, r, []int64{tlog.StoredHashIndex(0, index)})
	if err != nil {
		return Proof{}, fmt.Errorf("ledger: prove: %w", err)
	}
	if err := tlog.CheckRecord(hashes, c.Size, c.Root, index, leaf[0]); err != nil {
		return Proof{}, ErrBroken.Because(fmt.Errorf("leaf %d: %w", index, err))
	}
	return Proof{Index: index, Hashes: hashes}, nil
}

// Verify checks that the checkpoint covers exactly this leaf. It needs no
// network. Errors: ErrProof, ErrLeaf.
func Verify(c Checkpoint, p Proof, leaf Leaf) error {
	hash, err := leaf.hash()
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(p.Hashes, c.Size, c.Root, p.Index, hash); err != nil {
		return ErrProof.Because(err)
	}
	return nil
}

// ProveGrowth makes the proof that the log only grew between two checkpoints,
// and checks it. Error: ErrBroken, when that is not so.
func ProveGrowth(ctx context.Context, r Reader, earlier, later Checkpoint) (Growth, error) {
	var g Growth
	if earlier.Size > 0 && earlier.Size < later.Size {
		hashes, err := tlog.ProveTree(later.Size, earlier.Size, within(ctx, r))
		if err != nil {
			return nil, fmt.Errorf("ledger: prove growth: %w", err)
		}
		g = Growth(hashes)
	}
	if err := VerifyGrowth(earlier, later, g); err != nil {
		return nil, ErrBroken.Because(fmt.Errorf("from %d to %d leaves: %w", earlier.Size, later.Size, err))
	}
	return g, nil
}

// VerifyGrowth checks that the later checkpoint has all that the earlier one
// had. It needs no network. An empty log is the beginning of every log. Error:
// ErrProof.
func VerifyGrowth(earlier, later Checkpoint, g Growth) error {
	if earlier.Size == 0 {
		return nil
	}
	if err := tlog.CheckTree(tlog.TreeProof(g), later.Size, later.Root, earlier.Size, earlier.Root); err != nil {
		return ErrProof.Because(err)
	}
	return nil
}

// The first line of a proof as text, and the most hashes that one can have.
const (
	proofHeader = "yimen ledger proof v1"
	maxHashes   = 64
)

// String gives the proof as text: a header, the index, and a hash a line.
func (p Proof) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%d\n", proofHeader, p.Index)
	for _, h := range p.Hashes {
		fmt.Fprintln(&b, h)
	}
	return b.String()
}

// ParseProof reads what String gives. Error: ErrProof.
func ParseProof(text string) (Proof, error) {
	p, err := parseProof(text)
	if err != nil {
		return Proof{}, ErrProof.Because(err)
	}
	if p.String() != text {
		return Proof{}, ErrProof.Because(errors.New("not in canonical form"))
	}
	return p, nil
}

func parseProof(text string) (p Proof, err error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if len(lines) < 2 || len(lines) > 2+maxHashes || lines[0] != proofHeader {
		return p, errors.New("not a proof")
	}
	if p.Index, err = strconv.ParseInt(lines[1], 10, 64); err != nil {
		return p, err
	}
	for _, line := range lines[2:] {
		h, err := parseHash(line)
		if err != nil {
			return p, err
		}
		p.Hashes = append(p.Hashes, h)
	}
	return p, nil
}
