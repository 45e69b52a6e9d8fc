package exchange

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// Hub (数据共享平台) asks bases. Calls may be slow and may fail; they are never
// made inside a transaction.
type Hub interface {
	// Ask puts one question to one base. Error: ErrDown where it did not
	// answer in time, not wholly, or not with its signature.
	Ask(ctx context.Context, q Question) ([]Fact, error)
	// Revoked lists what a base has taken back since a mark of its own, "" =
	// from the beginning, oldest first, with the mark to go on from. Error: ErrDown.
	Revoked(ctx context.Context, source, after string) (list []TakenBack, next string, err error)
}

// Question (共享请求) is what a base is asked, about whom, what for, and by which right.
type Question struct {
	Source  string
	About   citizen.Person
	Item    catalog.ItemCode // the purpose
	Purpose string           // the same in words
	Case    string
	Basis   string
	Consent time.Time // of the person, zero where none is needed
	Wants   []string  // material codes and columns
}

// Fact (共享事实) is one thing that a base told: that there is a material, or what
// stands in a column. One that the base does not have is a fact as well, with
// Given false, so that it is not asked for again at once.
type Fact struct {
	What      string // material code or column
	Given     bool
	Value     string // of a column; of a material, what identifies it
	Ref       string // the base's own name of what it told, by which it takes it back
	FetchedAt time.Time
	EndsAt    time.Time // told anew after that
}

// TakenBack is one record that a base does not stand by any more; Ref "" is
// all that it told.
type TakenBack struct {
	Ref    string
	At     time.Time
	Reason string
}

// ErrDown tells that a base did not answer: the person is asked instead.
var ErrDown = fault.New(fault.Unavailable, "exchange.source_down", "数据共享平台暂时没有应答，请先自行填写或上传，也可以稍后再试").After(60)
