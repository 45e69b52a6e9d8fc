package clamd

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/scan"
)

// play is a daemon that finds one virus, in whatever contains its name.
func play(t *testing.T, network, address string, most int, answer func(content []byte) string) string {
	l, err := net.Listen(network, address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				if content, ok := receive(conn, most); ok {
					_, _ = io.WriteString(conn, answer(content)+"\x00")
				}
			}()
		}
	}()
	return l.Addr().String()
}

func receive(conn net.Conn, most int) (content []byte, ok bool) {
	command := make([]byte, len("zINSTREAM\x00"))
	if _, err := io.ReadFull(conn, command); err != nil || string(command) != "zINSTREAM\x00" {
		return nil, false
	}
	for len(content) <= most {
		var length [4]byte
		if _, err := io.ReadFull(conn, length[:]); err != nil {
			return nil, false
		}
		n := binary.BigEndian.Uint32(length[:])
		if n == 0 {
			return content, true
		}
		part := make([]byte, n)
		if _, err := io.ReadFull(conn, part); err != nil {
			return nil, false
		}
		content = append(content, part...)
	}
	return content, true
}

func verdict(content []byte) string {
	if bytes.Contains(content, []byte("EICAR")) {
		return "stream: Eicar-Test-Signature FOUND"
	}
	return "stream: OK"
}

func TestAVirusIsToldFromAFile(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "clamd")
	play(t, "unix", socket, 1<<20, verdict)
	for _, at := range []string{"tcp://" + play(t, "tcp", "127.0.0.1:0", 1<<20, verdict), "unix://" + socket} {
		d, err := Parse(at)
		require.NoError(t, err)
		require.NoError(t, d.Examine(t.Context(), bytes.Repeat([]byte("photo"), 40_000)))
		require.NoError(t, d.Examine(t.Context(), nil))
		require.ErrorIs(t, d.Examine(t.Context(), append(make([]byte, 150_000), "EICAR"...)), scan.ErrInfected)
	}
}

func TestWhatIsNotClearlyWellIsNotWell(t *testing.T) {
	for _, said := range []string{
		"", "INSTREAM size limit exceeded. ERROR", "stream: Can't allocate memory ERROR", "UNKNOWN COMMAND", "stream: OK FOUND ERROR", "OK",
	} {
		d, err := Parse("tcp://" + play(t, "tcp", "127.0.0.1:0", 1000, func([]byte) string { return said }))
		require.NoError(t, err)
		require.ErrorIs(t, d.Examine(t.Context(), make([]byte, 500_000)), scan.ErrUnchecked, said)
	}
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, nobody.Close())
	d, err := Parse("tcp://" + nobody.Addr().String())
	require.NoError(t, err)
	require.ErrorIs(t, d.Examine(t.Context(), nil), scan.ErrUnchecked)

	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer silent.Close()
	d, err = Parse("tcp://" + silent.Addr().String())
	require.NoError(t, err)
	d.Timeout = 50 * time.Millisecond
	require.ErrorIs(t, d.Examine(t.Context(), nil), scan.ErrUnchecked)
}

func TestAnAddressIsPlain(t *testing.T) {
	for _, bad := range []string{"", "localhost:3310", "http://localhost:3310", "tcp://localhost", "unix://", "://"} {
		_, err := Parse(bad)
		require.Error(t, err, bad)
	}
}
