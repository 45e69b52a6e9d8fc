package notify

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrNoNotice tells that there is no such notice.
var ErrNoNotice = fault.New(fault.NotFound, "notify.not_found", "没有找到这条通知，请刷新后再看")

// Store remembers what people were told.
type Store interface {
	// Notice returns one notice. Error: ErrNoNotice.
	Notice(ctx context.Context, id string) (Notice, error)
	// Notices returns a person's notices, newest first, before a given id.
	Notices(ctx context.Context, who citizen.ID, before string, most int) ([]Notice, error)
	// BeginCall marks, before it is done, that a notice is sent to an account;
	// false where that was marked before: then it may have gone out already,
	// and is not sent again.
	BeginCall(ctx context.Context, notice string, to citizen.AccountID) (fresh bool, err error)
	// UndoCall takes the mark back: it is certain that nothing went out.
	UndoCall(ctx context.Context, notice string, to citizen.AccountID) error
	// AccountsOf returns the accounts that a person can be reached on.
	AccountsOf(ctx context.Context, who citizen.ID) ([]citizen.Account, error)
}
