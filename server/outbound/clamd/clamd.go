// Package clamd asks a ClamAV daemon whether a file carries a virus, by its
// INSTREAM command (clamd(8)).
package clamd

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/scan"
)

// Daemon is where clamd listens.
type Daemon struct {
	network, address string
	Timeout          time.Duration // of one examination
}

var _ scan.Doctor = (*Daemon)(nil)

const (
	piece      = 64 << 10 // bytes sent at a time
	answerMost = 4 << 10
	patience   = 10 * time.Second
)

// Parse reads tcp://host:port or unix:///path.
func Parse(address string) (*Daemon, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("clamd: %w", err)
	}
	switch {
	case u.Scheme == "tcp" && u.Port() != "":
		return &Daemon{"tcp", u.Host, patience}, nil
	case u.Scheme == "unix" && u.Path != "":
		return &Daemon{"unix", u.Path, patience}, nil
	}
	return nil, fmt.Errorf("clamd: %q is neither tcp://host:port nor unix:///path", address)
}

// Examine implements scan.Doctor. Whatever is not a clear "OK" is no leave.
func (d *Daemon) Examine(ctx context.Context, content []byte) error {
	said, err := d.ask(ctx, content)
	if err != nil {
		return scan.ErrUnchecked.Because(err)
	}
	switch {
	case said == "stream: OK":
		return nil
	case strings.HasPrefix(said, "stream: ") && strings.HasSuffix(said, " FOUND"):
		return scan.ErrInfected
	default:
		return scan.ErrUnchecked.Because(fmt.Errorf("clamd said %q", said))
	}
}

func (d *Daemon) ask(ctx context.Context, content []byte) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, d.Timeout)
	defer cancel()
	conn, err := new(net.Dialer).DialContext(ctx, d.network, d.address)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if until, ok := ctx.Deadline(); ok {
		if err := conn.SetDeadline(until); err != nil {
			return "", err
		}
	}
	// A daemon that has seen enough answers and closes before all is sent.
	sent := send(conn, content)
	said, err := io.ReadAll(io.LimitReader(conn, answerMost))
	if len(said) == 0 {
		return "", errors.Join(sent, err, errors.New("no answer"))
	}
	return string(bytes.TrimRight(said, "\x00\r\n")), nil
}

// send writes the command and the file, each piece behind its length.
func send(w io.Writer, content []byte) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	for len(content) > 0 {
		n := min(piece, len(content))
		if _, err := w.Write(binary.BigEndian.AppendUint32(nil, uint32(n))); err != nil {
			return err
		}
		if _, err := w.Write(content[:n]); err != nil {
			return err
		}
		content = content[n:]
	}
	_, err := w.Write([]byte{0, 0, 0, 0})
	return err
}
