package soak

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrNoPeer says that a program is missing on this machine.
var ErrNoPeer = errors.New("not on this machine")

// peer is a program that the service leans on, or an instance of the service:
// a process that can be killed, stopped and started again.
type peer struct {
	name    string
	command func() *exec.Cmd
	up      func(ctx context.Context) error // nil once it answers
	process *exec.Cmd
	said    bytes.Buffer
	ended   chan struct{}
}

// start starts it and waits until it answers.
func (p *peer) start(ctx context.Context) error {
	p.process, p.ended = p.command(), make(chan struct{})
	if p.process.SysProcAttr == nil {
		p.process.SysProcAttr = &syscall.SysProcAttr{}
	}
	p.process.SysProcAttr.Setpgid = true // an interrupt of ours is not its own
	p.said = bytes.Buffer{}
	p.process.Stdout, p.process.Stderr = &p.said, &p.said
	if err := p.process.Start(); err != nil {
		return fmt.Errorf("start %s: %w", p.name, err)
	}
	process, ended := p.process, p.ended
	go func() { defer close(ended); _ = process.Wait() }()
	var err error
	for most := time.Now().Add(time.Minute); time.Now().Before(most) && ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
		if err = p.up(ctx); err == nil {
			return nil
		}
	}
	p.kill()
	return fmt.Errorf("%s does not answer: %w: %s", p.name, err, p.said.String())
}

// kill ends it at once, with all that it has started.
func (p *peer) kill() {
	if p.process == nil {
		return
	}
	p.signal(syscall.SIGKILL)
	<-p.ended
}

// freeze stops it in the middle of whatever it does; thaw lets it go on.
func (p *peer) freeze() { p.signal(syscall.SIGSTOP) }
func (p *peer) thaw()   { p.signal(syscall.SIGCONT) }

// signal reaches the process and those that it has started.
func (p *peer) signal(s syscall.Signal) {
	pid := p.process.Process.Pid
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid)) // none where there is no such file
	_ = syscall.Kill(pid, s)
	for text := range strings.FieldsSeq(string(children)) {
		if child, err := strconv.Atoi(text); err == nil {
			_ = syscall.Kill(child, s)
		}
	}
}

// answersOn is up for whoever listens on an address.
func answersOn(address string) func(context.Context) error {
	return func(ctx context.Context) error {
		d := net.Dialer{Timeout: time.Second}
		conn, err := d.DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		return conn.Close()
	}
}

// found looks for a program in PATH, and where Debian puts PostgreSQL's.
func found(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	list, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil || len(list) == 0 {
		return "", fmt.Errorf("%s is %w", name, ErrNoPeer)
	}
	return list[len(list)-1], nil
}

// unprivileged is who PostgreSQL runs as where root starts it, which it refuses.
func unprivileged(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() != 0 {
		return attr, nil
	}
	nobody, err := user.Lookup("nobody")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.Atoi(nobody.Uid)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.Atoi(nobody.Gid)
	if err != nil {
		return nil, err
	}
	attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attr, os.Chown(dir, uid, gid)
}

// cluster is a PostgreSQL with a standby that follows it, written to disk on
// both before anybody is answered.
type cluster struct {
	dir              string
	primary, standby *peer
	url              string // names both, for the one that takes writes
}

// newCluster makes both under dir. Error: ErrNoPeer.
func newCluster(ctx context.Context, dir string) (c *cluster, err error) {
	for _, name := range []string{"initdb", "postgres", "pg_basebackup"} {
		if _, err := found(name); err != nil {
			return nil, err
		}
	}
	home := filepath.Join(dir, "pg")
	if err := os.Mkdir(home, 0o755); err != nil {
		return nil, err
	}
	who, err := unprivileged(home)
	if err != nil {
		return nil, err
	}
	run := func(name string, args ...string) error {
		path, err := found(name)
		if err != nil {
			return err
		}
		cmd := exec.CommandContext(ctx, path, args...)
		cmd.SysProcAttr, cmd.Dir = who, home
		if out, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", name, err, out)
		}
		return nil
	}
	c = &cluster{dir: home}
	one, two := filepath.Join(home, "one"), filepath.Join(home, "two")
	if err := run("initdb", "-D", one, "-U", "yimen", "-E", "UTF8", "--no-locale", "--no-sync", "--auth=trust"); err != nil {
		return nil, err
	}
	if c.primary, err = c.postgres("primary", one, who); err != nil {
		return nil, err
	}
	if err := c.primary.start(ctx); err != nil {
		return nil, err
	}
	host, port, _ := net.SplitHostPort(c.primary.name[len("primary "):])
	if err := run("pg_basebackup", "-D", two, "-h", host, "-p", port, "-U", "yimen", "-R", "-X", "stream", "-c", "fast"); err != nil {
		return nil, err
	}
	if c.standby, err = c.postgres("standby", two, who); err != nil {
		return nil, err
	}
	c.url = fmt.Sprintf("postgres://yimen@%s,%s/postgres?target_session_attrs=read-write&connect_timeout=2",
		c.primary.name[len("primary "):], c.standby.name[len("standby "):])
	return c, c.standby.start(ctx)
}

func (c *cluster) postgres(role, data string, who *syscall.SysProcAttr) (*peer, error) {
	path, err := found("postgres")
	if err != nil {
		return nil, err
	}
	at, err := freeAddress()
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		return nil, err
	}
	args := []string{"-D", data, "-h", host, "-p", port, "-k", c.dir, "-c", "max_connections=120", "-c", "shared_buffers=64MB"}
	if role == "primary" {
		args = append(args, "-c", "synchronous_standby_names=*")
	}
	return &peer{name: role + " " + at, up: answersOn(at), command: func() *exec.Cmd {
		cmd := exec.Command(path, args...)
		attr := *who
		cmd.SysProcAttr, cmd.Dir = &attr, c.dir
		return cmd
	}}, nil
}

// promote makes the standby take over.
func (c *cluster) promote(ctx context.Context) error {
	path, err := found("pg_ctl")
	if err != nil {
		return err
	}
	who, err := unprivileged(c.dir)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, path, "promote", "-D", filepath.Join(c.dir, "two"), "-w", "-t", "30")
	cmd.SysProcAttr, cmd.Dir = who, c.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("promote: %w: %s", err, out)
	}
	return nil
}

// redisNodes are six nodes of one Redis Cluster: three lead, three follow.
const redisNodes = 6

// lowAddress is a free address whose port leaves room for the nodes' own talk,
// which is 10000 above it.
func lowAddress() (at, port string, err error) {
	for range 1000 {
		if at, err = freeAddress(); err != nil {
			return "", "", err
		}
		_, port, err = net.SplitHostPort(at)
		if n, wrong := strconv.Atoi(port); err == nil && wrong == nil && n+10000 < 1<<16 {
			return at, port, nil
		}
	}
	return "", "", errors.New("no port below 55536 is free")
}

func newRedisCluster(ctx context.Context, dir string) (nodes []*peer, url string, err error) {
	path, err := found("redis-server")
	if err != nil {
		return nil, "", err
	}
	cli, err := found("redis-cli")
	if err != nil {
		return nil, "", err
	}
	create := []string{"--cluster", "create"}
	for i := range redisNodes {
		at, port, err := lowAddress()
		if err != nil {
			return nil, "", err
		}
		home := filepath.Join(dir, "redis"+port)
		if err := os.Mkdir(home, 0o700); err != nil {
			return nil, "", err
		}
		n := &peer{name: fmt.Sprintf("redis %d", i+1), up: answersOn(at), command: func() *exec.Cmd {
			return exec.Command(path, "--bind", "127.0.0.1", "--port", port, "--dir", home, "--save", "", "--cluster-enabled", "yes", "--cluster-node-timeout", "2000")
		}}
		if err := n.start(ctx); err != nil {
			return nodes, "", err
		}
		nodes, create = append(nodes, n), append(create, at)
	}
	out, err := exec.CommandContext(ctx, cli, append(create, "--cluster-replicas", "1", "--cluster-yes")...).CombinedOutput()
	if err != nil {
		return nodes, "", fmt.Errorf("make the Redis Cluster: %w: %s", err, out)
	}
	return nodes, "redis://" + create[2] + "?cluster=true&addr=" + strings.Join(create[3:], "&addr="), nil
}

// newBucket is an S3 server with one bucket.
func newBucket(ctx context.Context, dir string) (*peer, string, error) {
	path, err := found("versitygw")
	if err != nil {
		return nil, "", err
	}
	at, err := freeAddress()
	if err != nil {
		return nil, "", err
	}
	root := filepath.Join(dir, "s3")
	if err := os.MkdirAll(filepath.Join(root, "files"), 0o700); err != nil {
		return nil, "", err
	}
	p := &peer{name: "S3 " + at, up: answersOn(at), command: func() *exec.Cmd {
		return exec.Command(path, "--access", BucketKey, "--secret", BucketSecret, "--port", at, "posix", root)
	}}
	return p, "s3://" + at + "/files?plain", p.start(ctx)
}

// The key of the bucket that is made for a soak.
const (
	BucketKey    = "soak"
	BucketSecret = "soak-secret-of-nobody"
)
