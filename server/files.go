package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/storage/blob"
)

// bucket is where YIMEN_FILES=s3://host/bucket?… points to.
type bucket struct {
	blob.Config
	public *url.URL // the address that phones send files to, nil = the same
}

// The environment that holds the keys of an S3 store: secrets are no flags.
const (
	accessKeyVariable = "YIMEN_S3_ACCESS_KEY"
	secretKeyVariable = "YIMEN_S3_SECRET_KEY"
)

// parseBucket reads s3://host[:port]/bucket with the parameters region, plain
// (HTTP), virtual (the bucket in the host name), encrypt (at rest) and public.
func parseBucket(address string, now func() time.Time) (b bucket, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return b, fmt.Errorf("YIMEN_FILES: %w", err)
	}
	name := strings.Trim(u.Path, "/")
	if u.Host == "" || name == "" || strings.Contains(name, "/") || u.User != nil {
		return b, errors.New("YIMEN_FILES: write s3://host[:port]/bucket, keys in " + accessKeyVariable + " and " + secretKeyVariable)
	}
	q := u.Query()
	b.Config = blob.Config{
		Endpoint: u.Host, Bucket: name, Region: q.Get("region"), Plain: q.Has("plain"), PathStyle: !q.Has("virtual"), Encrypt: q.Has("encrypt"),
		AccessKey: os.Getenv(accessKeyVariable), SecretKey: os.Getenv(secretKeyVariable), Now: now,
	}
	if b.AccessKey == "" || b.SecretKey == "" {
		return b, errors.New("YIMEN_FILES names an S3 store: " + accessKeyVariable + " and " + secretKeyVariable + " are missing")
	}
	if public := q.Get("public"); public != "" {
		if b.public, err = url.Parse(public); err != nil || b.public.Host == "" {
			return b, errors.New("YIMEN_FILES: public is the address that phones reach the store at, such as https://files.example.gov.cn")
		}
	}
	return b, nil
}

// bucketScheme is what the address of a bucket begins with.
const bucketScheme = "s3://"

// wiring puts a watch before a transport; nil is none.
type wiring func(peer string, next http.RoundTripper) http.RoundTripper

// openFiles opens where files are kept. Where they are on the move, those that
// lie where they were before are still found.
func (c *Config) openFiles(now func() time.Time, beside bool, wire wiring) (blob.Store, *url.URL, error) {
	store, public, err := openPlace(c.files(), now, beside, wire)
	if err != nil || c.FilesBefore == "" {
		return store, public, err
	}
	before, _, err := openPlace(c.FilesBefore, now, true, wire)
	if err != nil {
		return nil, nil, fmt.Errorf("YIMEN_FILES_BEFORE: %w", err)
	}
	return blob.Both{First: store, Before: before}, public, nil
}

// openPlace opens a bucket, or a directory; one that a running service has
// open as well is opened beside it.
func openPlace(address string, now func() time.Time, beside bool, wire wiring) (blob.Store, *url.URL, error) {
	if strings.HasPrefix(address, bucketScheme) {
		b, err := parseBucket(address, now)
		if err != nil {
			return nil, nil, err
		}
		b.Wire = wire
		store, err := blob.S3(b.Config)
		return store, b.public, err
	}
	open := blob.Dir
	if beside {
		open = blob.Beside
	}
	store, err := open(address)
	return store, nil, err
}

// storeCheck is how long a start waits for the store of files.
const storeCheck = 20 * time.Second

// checkFiles makes sure that the store can be used and is this installation's.
func (in *instance) checkFiles(ctx context.Context, store blob.Store) error {
	ctx, cancel := context.WithTimeout(ctx, storeCheck)
	defer cancel()
	if both, ok := store.(blob.Both); ok {
		store = both.First
	}
	if !strings.HasPrefix(in.conf.Files, bucketScheme) {
		return nil
	}
	swept, err := blob.Check(ctx, store, in.rooms.keys.Index("blob.owner", "files"), scan.Incoming)
	if err != nil {
		return fmt.Errorf("the store that YIMEN_FILES names cannot be used: %w", err)
	}
	if swept {
		in.log.Info("the store of files has no lifecycles: abandoned uploads are cleared by this service alone")
	}
	return nil
}

// direct lets phones send files to the store themselves.
type direct struct {
	store  blob.Store
	public *url.URL
}

var _ scan.Direct = direct{}

func (d direct) Form(ctx context.Context, key string, most int, life time.Duration) (scan.Form, error) {
	f, err := d.store.Form(ctx, key, int64(most), life)
	if err != nil || d.public == nil {
		return scan.Form(f), err
	}
	at, err := url.Parse(f.URL)
	if err != nil {
		return scan.Form{}, err
	}
	at.Scheme, at.Host = d.public.Scheme, d.public.Host
	return scan.Form{URL: at.String(), Fields: f.Fields}, nil
}

func (d direct) Fetch(ctx context.Context, key string, most int) ([]byte, error) {
	r, _, err := d.store.Get(ctx, key)
	if errors.Is(err, blob.ErrNoFile) {
		return nil, scan.ErrParts
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	content, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err != nil {
		return nil, blob.ErrUnavailable.Because(err)
	}
	return content, nil
}

func (d direct) Remove(ctx context.Context, key string) error { return d.store.Delete(ctx, key) }

// intake hands uploads in to cases.
type intake struct{ counter *casework.Counter }

var _ scan.Cases = intake{}

func (i intake) MayAttach(ctx context.Context, who string, cs string, m catalog.MaterialCode) error {
	return i.counter.MayAttach(ctx, citizen.ID(who), casework.ID(cs), m)
}

func (i intake) Attach(ctx context.Context, u scan.Upload, content []byte) error {
	if _, err := i.counter.Store.File(ctx, casework.ID(u.Case), u.ID); !errors.Is(err, casework.ErrNoFile) {
		return err
	}
	f, err := i.counter.Keep(ctx, citizen.ID(u.Person), casework.ID(u.Case), casework.Upload{ID: u.ID, Material: u.Material, Name: u.Name, Content: content})
	if err != nil {
		return err
	}
	if _, err = i.counter.Add(ctx, citizen.ID(u.Person), f); errors.Is(err, casework.ErrHasFile) {
		return nil
	}
	return err
}
