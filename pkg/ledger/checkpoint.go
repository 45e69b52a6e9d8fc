package ledger

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrCheckpoint says that a checkpoint is not signed by a key we trust, or not
// of this log.
var ErrCheckpoint = fault.New(fault.Invalid, "ledger.checkpoint_invalid", "账本签名无法核验，请向发证机关核实")

// Checkpoint (检查点) is the state of the log at one time: how many leaves it
// has, and the hash that stands for them all.
type Checkpoint struct {
	Origin string
	Size   int64
	Root   Hash
}

// body is the signed text: three lines.
func (c Checkpoint) body() string {
	return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root)
}

func (c Checkpoint) sign(signers ...note.Signer) ([]byte, error) {
	if len(signers) == 0 {
		return nil, errors.New("ledger: no key to sign checkpoints with")
	}
	signed, err := note.Sign(&note.Note{Text: c.body()}, signers...)
	if err != nil {
		return nil, fmt.Errorf("ledger: sign checkpoint: %w", err)
	}
	return signed, nil
}

// Open reads a signed checkpoint of the log named origin and checks it with
// the keys that are trusted: one of them must have signed, and none wrongly.
// Error: ErrCheckpoint.
func Open(signed []byte, origin string, trusted ...note.Verifier) (Checkpoint, error) {
	n, err := note.Open(signed, note.VerifierList(trusted...))
	if err != nil {
		return Checkpoint{}, ErrCheckpoint.Because(err)
	}
	c, err := parse(n.Text)
	if err != nil {
		return Checkpoint{}, ErrCheckpoint.Because(err)
	}
	if c.Origin != origin {
		return Checkpoint{}, ErrCheckpoint.Because(fmt.Errorf("of log %q, not %q", c.Origin, origin))
	}
	return c, nil
}

// parse takes exactly what body gives.
func parse(body string) (Checkpoint, error) {
	lines := strings.Split(body, "\n")
	if len(lines) != 4 {
		return Checkpoint{}, errors.New("not three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("size: %w", err)
	}
	root, err := parseHash(lines[2])
	if err != nil {
		return Checkpoint{}, fmt.Errorf("root: %w", err)
	}
	c := Checkpoint{Origin: lines[0], Size: size, Root: root}
	if size < 0 || c.body() != body {
		return Checkpoint{}, errors.New("not in canonical form")
	}
	return c, nil
}

func parseHash(text string) (h Hash, err error) {
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return h, err
	}
	if copy(h[:], raw) != len(h) || len(raw) != len(h) || h.String() != text {
		return h, errors.New("not a hash")
	}
	return h, nil
}
