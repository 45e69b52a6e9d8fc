package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// EngineVar names the environment variable that says which engine tests run
// on: sqlite, or postgres for a private PostgreSQL.
const EngineVar = "YIMEN_TEST_DB"

// OnPostgres says whether these tests run on PostgreSQL.
func OnPostgres() bool { return os.Getenv(EngineVar) == "postgres" }

// server is the process's own PostgreSQL.
var server struct {
	sync.Mutex
	dir  string
	cmd  *exec.Cmd
	err  error
	made atomic.Int64
}

// Postgres gives the address of an empty database of a PostgreSQL of the
// tests' own. Where there is none on the machine, the test is skipped, or fails
// with YIMEN_REQUIRE_REAL=1. Whoever calls it calls StopPostgres at the end.
func Postgres(t testing.TB) (url string) {
	t.Helper()
	url, err := NewDatabase()
	if errors.Is(err, errNoPostgres) && os.Getenv("YIMEN_REQUIRE_REAL") == "" {
		t.Skip(err)
	}
	require.NoError(t, err)
	return url
}

// NewDatabase is Postgres where there is no test at hand.
func NewDatabase() (url string, err error) {
	server.Lock()
	defer server.Unlock()
	if server.cmd == nil && server.err == nil {
		server.dir, server.cmd, server.err = startPostgres()
	}
	if server.err != nil {
		return "", server.err
	}
	name := fmt.Sprintf("yimen_%d", server.made.Add(1))
	return address(server.dir, name), createDatabase(server.dir, name, grown)
}

// grown has the schema already: a copy of it is quicker than to make it.
const grown = "yimen_grown"

func createDatabase(dir, name, template string) error {
	admin, err := sql.Open("pgx", address(dir, "postgres"))
	if err != nil {
		return err
	}
	defer admin.Close()
	_, err = admin.ExecContext(context.Background(), "CREATE DATABASE "+name+" TEMPLATE "+template)
	return err
}

func grow(dir string) error {
	if err := createDatabase(dir, grown, "template0"); err != nil {
		return err
	}
	db, err := sqlstore.Open(context.Background(), sqlstore.Config{URL: address(dir, grown), Now: time.Now})
	if err != nil {
		return err
	}
	return db.Close()
}

// StopPostgres ends the tests' PostgreSQL, if one was started.
func StopPostgres() {
	server.Lock()
	defer server.Unlock()
	if server.cmd == nil {
		return
	}
	_ = server.cmd.Process.Signal(syscall.SIGINT) // fast shutdown
	_ = server.cmd.Wait()
	_ = os.RemoveAll(server.dir)
	server.cmd = nil
}

// address of a database, over a socket that only this machine has.
func address(dir, name string) string {
	return (&url.URL{Scheme: "postgres", Path: "/" + name, RawQuery: url.Values{"host": {dir}, "user": {"yimen"}, "password": {"yimen"}}.Encode()}).String()
}

var errNoPostgres = errors.New("there is no PostgreSQL on this machine: initdb and postgres are neither in PATH nor in /usr/lib/postgresql")

func startPostgres() (dir string, cmd *exec.Cmd, err error) {
	bin, err := postgresBin()
	if err != nil {
		return "", nil, err
	}
	if dir, err = os.MkdirTemp("", "ypg"); err != nil {
		return "", nil, err
	}
	who, err := unprivileged(dir)
	if err != nil {
		return dir, nil, err
	}
	data, secret := filepath.Join(dir, "data"), filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("yimen\n"), 0o644); err != nil {
		return dir, nil, err
	}
	init := exec.Command(filepath.Join(bin, "initdb"), "-D", data, "-U", "yimen", "-E", "UTF8", "--no-locale", "--no-sync",
		"--auth=scram-sha-256", "--pwfile="+secret)
	init.SysProcAttr, init.Dir = who, dir
	if out, err := init.CombinedOutput(); err != nil {
		return dir, nil, fmt.Errorf("initdb: %w\n%s", err, out)
	}
	cmd = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "max_connections=200")
	cmd.SysProcAttr, cmd.Dir = who, dir
	if err := cmd.Start(); err != nil {
		return dir, nil, err
	}
	if err := answers(dir); err != nil {
		return dir, cmd, err
	}
	return dir, cmd, grow(dir)
}

// postgresBin is where the programs lie: in PATH, or where Debian puts them.
func postgresBin() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errNoPostgres
	}
	return filepath.Dir(found[len(found)-1]), nil
}

// unprivileged makes the folder that of somebody else where root runs the
// tests: PostgreSQL refuses to run as root.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true} // an interrupt of the tests is not its own
	if os.Getuid() != 0 {
		return attr, nil
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(nobody.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(nobody.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, os.Chown(dir, int(uid), int(gid))
}

// answers waits until the server does.
func answers(dir string) (err error) {
	db, err := sql.Open("pgx", address(dir, "postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	for range 200 {
		if err = db.Ping(); err == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("the tests' PostgreSQL does not answer: %w", err)
}
