package cache

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

// ErrNotOurs says that the keys of the server belong to somebody else: another
// city under the same prefix, or another application. Nothing is written then.
var ErrNotOurs = errors.New("the keys of this Redis belong to somebody else")

// ErrNotLetIn says that the server refuses us: password, rights or number of
// the database are wrong.
var ErrNotLetIn = errors.New("this Redis does not let us in")

// A server of another application may be large; its keys are looked at in
// pieces of a thousand, so many at most.
const (
	lookPiece  = 1000
	lookPieces = 50
)

// Claim finds out whether the keys under our prefix are ours, and marks them as
// ours where nobody has. owner tells one city from another, and is no secret.
// Errors: ErrNotOurs, ErrNotLetIn, ErrUnavailable.
func (r *Redis) Claim(ctx context.Context, owner string) error {
	set, err := r.client.SetNX(ctx, r.prefix+"owner", owner, 0).Result()
	if err != nil {
		return claimed(err)
	}
	if !set {
		return r.compare(ctx, owner)
	}
	foreign, err := r.foreign(ctx)
	if err == nil && foreign == "" {
		return nil
	}
	if gone := r.client.Del(ctx, r.prefix+"owner").Err(); gone != nil {
		return claimed(gone)
	}
	if err != nil {
		return claimed(err)
	}
	return fmt.Errorf("%w: %q is no key of ours", ErrNotOurs, foreign)
}

func (r *Redis) compare(ctx context.Context, owner string) error {
	found, err := r.client.Get(ctx, r.prefix+"owner").Result()
	switch {
	case err != nil:
		return claimed(err)
	case found != owner:
		return fmt.Errorf("%w: another city keeps its state under %q", ErrNotOurs, r.prefix)
	}
	return nil
}

// claimed tells a server that cannot be reached from one that will never
// serve us as it is.
func claimed(err error) error {
	switch word, _, _ := strings.Cut(err.Error(), " "); word {
	case "WRONGTYPE":
		return fmt.Errorf("%w: the owner's mark is no text", ErrNotOurs)
	case "NOAUTH", "WRONGPASS", "NOPERM", "ERR":
		return fmt.Errorf("%w: %w", ErrNotLetIn, err)
	}
	return ErrUnavailable.Because(err)
}

// foreign finds a key under our prefix that we would not have made, "" where
// there is none.
func (r *Redis) foreign(ctx context.Context) (key string, err error) {
	cluster, ok := r.client.(*redis.ClusterClient)
	if !ok {
		return r.foreignAt(ctx, r.client)
	}
	err = cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
		found, err := r.foreignAt(ctx, node)
		if found != "" {
			return errFound{found}
		}
		return err
	})
	if found, ok := errors.AsType[errFound](err); ok {
		return found.key, nil
	}
	return "", err
}

// errFound ends the walk over a cluster's nodes.
type errFound struct{ key string }

func (e errFound) Error() string { return e.key }

func (r *Redis) foreignAt(ctx context.Context, node redis.Cmdable) (string, error) {
	var cursor uint64
	for range lookPieces {
		keys, next, err := node.Scan(ctx, cursor, r.prefix+"*", lookPiece).Result()
		if err != nil {
			return "", err
		}
		for _, key := range keys {
			if rest := strings.TrimPrefix(key, r.prefix); rest != "owner" && !strings.HasPrefix(rest, "v:") && !strings.HasPrefix(rest, "n:") {
				return key, nil
			}
		}
		if cursor = next; cursor == 0 {
			return "", nil
		}
	}
	return "", nil
}
