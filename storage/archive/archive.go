// Package archive (备份) decides what a backup looks like: one encrypted file
// that holds every row and every stored file as of one moment, with the sums
// by which it is known to be whole. It is the same for both engines and both
// stores of files.
package archive

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"filippo.io/age"

	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// format is the number of this layout.
const format = 1

// Errors of reading a backup.
var (
	ErrDamaged = errors.New("the backup is damaged or was cut off: it does not add up")
	ErrKey     = errors.New("the key does not open this backup")
	ErrFormat  = errors.New("this is no backup that this binary can read")
)

// Head stands first in a backup.
type Head struct {
	Format  int              `json:"format"`
	Version string           `json:"version"` // of the binary
	Schema  int64            `json:"schema"`
	Engine  string           `json:"engine"`
	At      time.Time        `json:"at"`    // the moment that the backup shows
	Owner   string           `json:"owner"` // of the keys that sealed what is in it
	Tables  []sqlstore.Table `json:"tables"`
}

// Tail stands last: what everything adds up to.
type Tail struct {
	Tables  []sqlstore.Sum `json:"tables"`
	Files   int            `json:"files"`
	Bytes   int64          `json:"bytes"` // of files
	SHA256  string         `json:"sha256"`
	Missing []string       `json:"missing,omitempty"` // files that rows tell of and the store did not have
}

// Rows is how many rows there are.
func (t Tail) Rows() (n int) {
	for _, s := range t.Tables {
		n += s.Rows
	}
	return n
}

// The names inside a backup.
const (
	headName = "yimen.json"
	rowsName = "rows/"
	fileName = "files/"
	tailName = "sums.json"
	sumField = "YIMEN.sha256" // of a file's content
)

// NewKey makes a pair: the secret one opens backups, the public one makes them.
func NewKey() (secret, public string, err error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", err
	}
	return id.String(), id.Recipient().String(), nil
}

// Recipients reads the keys that a backup is made for, comma separated: public
// ones (age1…), so that the machine that makes backups cannot read them, or
// secret ones.
func Recipients(keys string) (list []age.Recipient, err error) {
	for key := range strings.SplitSeq(keys, ",") {
		key = strings.TrimSpace(key)
		if id, err := age.ParseX25519Identity(key); err == nil {
			list = append(list, id.Recipient())
			continue
		}
		r, err := age.ParseX25519Recipient(key)
		if err != nil {
			return nil, errors.New("the backup key is neither a public key (age1…) nor a secret one (AGE-SECRET-KEY-1…); server backup key makes a pair")
		}
		list = append(list, r)
	}
	return list, nil
}

// Identity reads the key that opens backups.
func Identity(key string) (age.Identity, error) {
	id, err := age.ParseX25519Identity(strings.TrimSpace(key))
	if err != nil {
		return nil, fmt.Errorf("a backup is opened with a secret key (AGE-SECRET-KEY-1…)")
	}
	return id, nil
}
