package ledger

import (
	"errors"
	"strings"
)

// Receipt (存证凭证) is what a person keeps beside a checkpoint: the words of a
// fact and the proof that the log holds them. The two check each other without
// a network.
type Receipt struct {
	Words string // of the fact
	Proof Proof
}

// String gives the words, an empty line, and the proof.
func (r Receipt) String() string { return r.Words + "\n" + r.Proof.String() }

// ParseReceipt reads what String gives. Error: ErrProof.
func ParseReceipt(text string) (r Receipt, err error) {
	words, proof, ok := strings.Cut(text, "\n\n")
	if !ok {
		return r, ErrProof.Because(errors.New("no empty line between the words and the proof"))
	}
	r.Words = words + "\n"
	r.Proof, err = ParseProof(proof)
	return r, err
}

// Verify checks that the checkpoint covers exactly these words. Error: ErrProof.
func (r Receipt) Verify(c Checkpoint) error {
	leaf, err := leafOf(r.Words)
	if err != nil {
		return ErrProof.Because(err)
	}
	return Verify(c, r.Proof, leaf)
}
