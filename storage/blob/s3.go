package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/encrypt"
)

// Config says where an S3 store is. The bucket must exist.
type Config struct {
	Endpoint  string // host or host:port
	Region    string // empty: us-east-1, which most stores of one's own take
	Bucket    string
	AccessKey string
	SecretKey string
	Plain     bool              // HTTP without TLS, on a trusted network only
	PathStyle bool              // the bucket in the path, not in the host name
	Encrypt   bool              // ask the store to encrypt at rest (SSE-S3)
	Transport http.RoundTripper // nil: the usual one; else one that trusts the city's own CA
	Now       func() time.Time
	// Wire, if it is set, puts a watch before the transport to the store.
	Wire func(peer string, next http.RoundTripper) http.RoundTripper
}

const (
	defaultRegion = "us-east-1"
	retries       = 3 // a person is waiting
)

type s3 struct {
	Config
	client minio.Core
}

var _ Store = (*s3)(nil)

// S3 makes a store of a bucket. It does not talk to it yet.
func S3(c Config) (Store, error) {
	if c.Region == "" {
		c.Region = defaultRegion
	}
	lookup := minio.BucketLookupAuto
	if c.PathStyle {
		lookup = minio.BucketLookupPath
	}
	transport, err := c.transport()
	if err != nil {
		return nil, fmt.Errorf("blob: S3: %w", err)
	}
	client, err := minio.NewCore(c.Endpoint, &minio.Options{
		Creds:        credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""),
		Secure:       !c.Plain,
		Transport:    transport,
		Region:       c.Region,
		BucketLookup: lookup,
		MaxRetries:   retries,
	})
	if err != nil {
		return nil, fmt.Errorf("blob: S3: %w", err)
	}
	return &s3{Config: c, client: *client}, nil
}

func (c Config) transport() (t http.RoundTripper, err error) {
	if t = c.Transport; t == nil {
		if t, err = minio.DefaultTransport(!c.Plain); err != nil {
			return nil, err
		}
	}
	if c.Wire != nil {
		t = c.Wire("s3", t)
	}
	return t, nil
}

func (s *s3) Put(ctx context.Context, key string, size int64, r io.Reader) error {
	if err := checkKey(key); err != nil {
		return err
	}
	body := &exact{ctx: ctx, r: r, left: size}
	var src io.Reader = body
	if size == 0 { // the client would not read it at all
		if _, err := io.Copy(io.Discard, body); err != nil {
			return err
		}
		src = new(bytes.Reader)
	}
	_, err := s.client.Client.PutObject(ctx, s.Bucket, key, src, size,
		minio.PutObjectOptions{ContentType: "application/octet-stream", ServerSideEncryption: s.encryption()})
	if failed := body.failed(); failed != nil {
		return failed
	}
	return told(err)
}

func (s *s3) Get(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	if err := checkKey(key); err != nil {
		return nil, 0, err
	}
	body, info, _, err := s.client.GetObject(ctx, s.Bucket, key, minio.GetObjectOptions{})
	if err != nil {
		return nil, 0, told(err)
	}
	return body, info.Size, nil
}

func (s *s3) Delete(ctx context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	err := told(s.client.RemoveObject(ctx, s.Bucket, key, minio.RemoveObjectOptions{}))
	if errors.Is(err, ErrNoFile) {
		return nil
	}
	return err
}

func (s *s3) Form(ctx context.Context, key string, maxBytes int64, expires time.Duration) (Form, error) {
	if err := checkKey(key); err != nil {
		return Form{}, err
	}
	p, err := s.policy(key, maxBytes, s.Now().Add(expires))
	if err != nil {
		return Form{}, fmt.Errorf("blob: form: %w", err)
	}
	url, fields, err := s.client.PresignedPostPolicy(ctx, p)
	if err != nil {
		return Form{}, told(err)
	}
	return Form{URL: url.String(), Fields: fields}, nil
}

// policy is what a form allows.
func (s *s3) policy(key string, maxBytes int64, until time.Time) (*minio.PostPolicy, error) {
	p := minio.NewPostPolicy()
	err := errors.Join(
		p.SetBucket(s.Bucket),
		p.SetKey(key),
		p.SetContentLengthRange(1, maxBytes),
		p.SetExpires(until.UTC()),
	)
	if s.Encrypt { // not by SetEncryption, which adds a field that no condition covers
		err = errors.Join(err, p.SetUserData("server-side-encryption", "AES256"))
	}
	return p, err
}

func (s *s3) encryption() encrypt.ServerSide {
	if s.Encrypt {
		return encrypt.NewSSE()
	}
	return nil
}

// told turns what the client says into our faults: no such file, or a store
// that cannot be used now.
func told(err error) error {
	switch {
	case err == nil:
		return nil
	case minio.ToErrorResponse(err).Code == minio.NoSuchKey:
		return ErrNoFile
	default:
		return ErrUnavailable.Because(err)
	}
}
