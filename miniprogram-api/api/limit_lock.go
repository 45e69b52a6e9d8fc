package api

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrLocked tells that an operation is closed to an account for a while.
var ErrLocked = fault.New(fault.TooMany, "request.locked", "错误次数过多，这项操作已暂停，请稍后再试，或到窗口办理")

// watched counts the wrong attempts of an operation that can be guessed at.
// Attempts that come in together are all let through and all counted; how many
// that can be is bounded by the operation's share.
func watched[In, Out any](a *App, id string, h Handler[In, Out]) Handler[In, Out] {
	code, guarded := locks[id]
	l := a.conf.Limits
	if !guarded || l == nil {
		return h
	}
	return func(ctx context.Context, in *In) (*Out, error) {
		out, err := h(ctx, in)
		if err != nil && fault.From(err).Code == code {
			l.wrong(ctx, id, Who(ctx).Caller())
		}
		return out, err
	}
}

// wrong counts a wrong attempt and closes the operation once there are too
// many. The count outlives the lock, so that waiting does not buy five new
// attempts.
func (l *Limits) wrong(ctx context.Context, id, account string) {
	const plenty = 1 << 30
	l.with(func(c Counter) error {
		_, _, remaining, err := c.Allow(ctx, "wrong:"+tagged(id, account), plenty, lockMemory)
		n := plenty - remaining
		if err != nil || n < lockFree {
			return err
		}
		d := min(lockMost, lockFirst<<min(n-lockFree, 20))
		until := strconv.FormatInt(l.Now().Add(d).Unix(), 10)
		return c.Set(ctx, "locked:"+tagged(id, account), []byte(until), d)
	})
}

// tagged names one account's use of one operation. The braces make a Redis
// Cluster keep all keys of it on one node.
func tagged(id, account string) string { return "{" + id + ":" + account + "}" }

// locked refuses while an operation is closed to the account.
func (l *Limits) locked(ctx context.Context, id, account string) (err error) {
	if _, guarded := locks[id]; !guarded {
		return nil
	}
	l.with(func(c Counter) error {
		value, found, failed := c.Get(ctx, "locked:"+tagged(id, account))
		if failed == nil && found {
			err = l.closed(string(value))
		}
		return failed
	})
	return err
}

func (l *Limits) closed(until string) error {
	sec, _ := strconv.ParseInt(until, 10, 64)
	left := time.Unix(sec, 0).Sub(l.Now())
	if left <= 0 {
		return nil
	}
	return ErrLocked.Saying("错误次数过多，这项操作已暂停，请在 " + waitWords(left) + "后再试，或到窗口办理").After(seconds(left))
}

// waitWords is a time to wait as people say it, rounded up.
func waitWords(d time.Duration) string {
	switch {
	case d <= 2*time.Minute:
		return fmt.Sprintf("%d 秒", seconds(d))
	case d <= 2*time.Hour:
		return fmt.Sprintf("%d 分钟", (d+time.Minute-1)/time.Minute)
	default:
		return fmt.Sprintf("%d 小时", (d+time.Hour-1)/time.Hour)
	}
}
