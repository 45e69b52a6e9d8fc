package ledger

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Fact (存证事实) is what a leaf stands for, in words: that a licence was
// issued, that a parcel changed hands. The words stay with those whom they
// concern; the log gets their digest. Subject is an id that nobody can guess,
// so that the digest tells nothing to those who do not have the words.
type Fact struct {
	Kind    Kind
	Subject string    // the id of the licence, waybill or bag
	At      time.Time // kept to the millisecond
	About   []Detail
}

// Detail is one thing that a fact says.
type Detail struct{ Name, Value string }

const (
	factHeader = "yimen fact v1"
	factTime   = "2006-01-02T15:04:05.000Z"
)

// Text gives the fact's words: a header, kind, subject and time, and a detail a
// line, its value quoted as Go and JSON do.
func (f Fact) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n%s\n%s\n", factHeader, f.Kind, strconv.Quote(f.Subject), f.At.UTC().Format(factTime))
	for _, d := range f.About {
		fmt.Fprintf(&b, "%s=%s\n", d.Name, strconv.Quote(d.Value))
	}
	return b.String()
}

// Leaf is what enters the log. Error: ErrLeaf.
func (f Fact) Leaf() (Leaf, error) { return leafOf(f.Text()) }

// leafOf reads the words of a fact as far as the leaf needs. Error: ErrLeaf.
func leafOf(text string) (Leaf, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 5 || lines[0] != factHeader || lines[len(lines)-1] != "" {
		return Leaf{}, ErrLeaf.Because(errors.New("not the words of a fact"))
	}
	subject, err := strconv.Unquote(lines[2])
	if err != nil {
		return Leaf{}, ErrLeaf.Because(fmt.Errorf("subject: %w", err))
	}
	at, err := time.Parse(factTime, lines[3])
	if err != nil {
		return Leaf{}, ErrLeaf.Because(err)
	}
	l := Leaf{Kind: Kind(lines[1]), Subject: DigestOf([]byte(subject)), Content: DigestOf([]byte(text)), At: at}
	_, err = l.Canonical()
	return l, err
}
