package citizen

import (
	"context"
	"crypto/sha256"
	"io"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// How long a code for the pages is good, and how long a sign-in with it lasts:
// the screens of an office are shared, so no longer than a shift.
const (
	PageCodeLife = 3 * time.Minute
	PageLife     = 12 * time.Hour
)

// PageCode lets its account sign in to the pages once, on whatever screen it
// is typed. Only the hash is kept.
type PageCode struct {
	Hash    [32]byte
	Account AccountID
	EndsAt  time.Time
}

// ErrWrongPageCode tells that a code lets nobody in.
var ErrWrongPageCode = fault.New(fault.Invalid, "citizen.wrong_page_code", "登录码不对、已用过或已过期，请在小程序“我的—网页登录”重新取一个再输入")

// pageLetters leaves out those that look like others.
const pageLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"

// NewPageCode makes a code that the account's phone shows; the one before it
// is void. Eight of 32 letters: 40 bits for three minutes.
func (d *Door) NewPageCode(ctx context.Context, who AccountID) (code string, endsAt time.Time, err error) {
	b := make([]byte, 8)
	if _, err := io.ReadFull(d.Random, b); err != nil {
		return "", endsAt, err
	}
	for i := range b {
		b[i] = pageLetters[int(b[i])%len(pageLetters)]
	}
	endsAt = d.Now().Add(PageCodeLife)
	return string(b), endsAt, d.Store.InTx(ctx, func(tx Tx) error {
		return tx.ReplacePageCode(ctx, PageCode{hashPageCode(string(b)), who, endsAt})
	})
}

// EnterPages turns a code into a session and its token. Error: ErrWrongPageCode.
func (d *Door) EnterPages(ctx context.Context, code string, device Device) (token string, s Session, err error) {
	token, s, err = d.newSession(device, PageLife)
	if err != nil {
		return "", s, err
	}
	err = d.Store.InTx(ctx, func(tx Tx) error {
		if s.Account, err = tx.UsePageCode(ctx, hashPageCode(code), d.Now()); err != nil {
			return err
		}
		return tx.InsertSession(ctx, s)
	})
	return token, s, err
}

// hashPageCode hashes a code as people type it: small letters, gaps, dashes.
func hashPageCode(code string) [32]byte {
	plain := strings.NewReplacer(" ", "", "-", "", "　", "").Replace(strings.ToUpper(code))
	return sha256.Sum256([]byte("page-code|" + plain))
}
