package hub

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
)

// keyLeast is the fewest bytes of a secret.
const keyLeast = 16

// Keys are the keys by the name of the base or system.
type Keys map[string]Key

// ReadKeys reads a line a base or system: its name, the id of the key, and the
// secret in hex, parted by blanks. Empty lines and those that begin with # are
// left out. The error names the line and never what stands in it.
func ReadKeys(r io.Reader) (Keys, error) {
	keys := Keys{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		parts := strings.Fields(text)
		if len(parts) != 3 {
			return nil, fmt.Errorf("line %d: a name, the id of its key and the secret in hex", n)
		}
		secret, err := hex.DecodeString(parts[2])
		if err != nil || len(secret) < keyLeast {
			return nil, fmt.Errorf("line %d: the secret is at least %d bytes in hex", n, keyLeast)
		}
		if _, twice := keys[parts[0]]; twice {
			return nil, fmt.Errorf("line %d: the name stands there twice", n)
		}
		keys[parts[0]] = Key{ID: parts[1], Secret: secret}
	}
	return keys, lines.Err()
}

// byID finds a key by its id.
func (k Keys) byID(id string) (name string, key Key, ok bool) {
	for name, key := range k {
		if key.ID == id {
			return name, key, true
		}
	}
	return "", Key{}, false
}
