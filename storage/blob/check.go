package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/lifecycle"
)

// What makes a store unusable, told when the service starts.
var (
	ErrNoBucket  = errors.New("the bucket does not exist: make it, or correct the name")
	ErrForeign   = errors.New("the bucket belongs to somebody else: another account's, or another installation keeps its files in it")
	ErrClock     = errors.New("this machine's clock and the store's differ by too much: set the clock (NTP), then start again")
	ErrKeyPair   = errors.New("the store does not know the access key, or the secret does not fit it")
	ErrNoKeeping = errors.New("the store did not give back what was put there")
)

// ownerKey holds the mark of the installation whose files a bucket keeps.
const ownerKey = "owner"

// Check tries a store before anybody relies on it: it is there, keeps what is
// put into it, and is this installation's, which mark tells from others.
// What lies under the prefix abandoned is to go after a day; a store that
// cannot do so by itself leaves that to our own sweep, and tells by swept.
// Errors: ErrNoBucket, ErrForeign, ErrClock, ErrKeyPair, ErrNoKeeping, and
// those of the network.
func Check(ctx context.Context, s Store, mark []byte, abandoned string) (swept bool, err error) {
	if err := checkOwner(ctx, s, mark); err != nil {
		return false, plainly(err)
	}
	remote, ok := s.(*s3)
	if !ok {
		return false, nil
	}
	if err := remote.expire(ctx, abandoned); err != nil {
		return true, nil // many stores of one's own have no lifecycles
	}
	return false, nil
}

// checkOwner reads the mark, or leaves it in a store that is new.
func checkOwner(ctx context.Context, s Store, mark []byte) error {
	have, err := whole(ctx, s, ownerKey)
	if errors.Is(err, ErrNoFile) {
		if err := s.Put(ctx, ownerKey, int64(len(mark)), bytes.NewReader(mark)); err != nil {
			return err
		}
		have, err = whole(ctx, s, ownerKey)
		if err == nil && !bytes.Equal(have, mark) {
			return ErrNoKeeping
		}
	}
	if err != nil {
		return err
	}
	if !bytes.Equal(have, mark) {
		return ErrForeign
	}
	return nil
}

func whole(ctx context.Context, s Store, key string) ([]byte, error) {
	r, _, err := s.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

// plainly says in words of ours what an S3 store means.
func plainly(err error) error {
	if err == nil {
		return nil
	}
	said := minio.ToErrorResponse(cause(err)).Code
	switch said {
	case minio.NoSuchBucket:
		return fmt.Errorf("%w (%s)", ErrNoBucket, said)
	case minio.AccessDenied, "AllAccessDisabled", "PermanentRedirect":
		return fmt.Errorf("%w (%s)", ErrForeign, said)
	case minio.RequestTimeTooSkewed:
		return fmt.Errorf("%w (%s)", ErrClock, said)
	case minio.InvalidAccessKeyID, minio.SignatureDoesNotMatch:
		return fmt.Errorf("%w (%s)", ErrKeyPair, said)
	default:
		return err
	}
}

// cause is the client's own error within ours.
func cause(err error) error {
	if told, ok := errors.AsType[minio.ErrorResponse](err); ok {
		return told
	}
	return err
}

// expire asks the store to clear away what lies under a prefix after a day.
func (s *s3) expire(ctx context.Context, prefix string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	rules := lifecycle.NewConfiguration()
	rules.Rules = []lifecycle.Rule{{
		ID: "abandoned-uploads", Status: "Enabled", RuleFilter: lifecycle.Filter{Prefix: prefix},
		Expiration:                     lifecycle.Expiration{Days: 1},
		AbortIncompleteMultipartUpload: lifecycle.AbortIncompleteMultipartUpload{DaysAfterInitiation: 1},
	}}
	return s.client.SetBucketLifecycle(ctx, s.Bucket, rules)
}
