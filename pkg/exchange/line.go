package exchange

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// Lines (专线系统) are departments' own systems, in which cases may be decided.
// Calls are made from jobs and sweeps, never inside a transaction.
type Lines interface {
	// Send hands over one message. The same id again is the same message.
	// Error: ErrLineDown.
	Send(ctx context.Context, d Dispatch) error
	// Reports lists what a system has said since a mark of its own, in any
	// order, perhaps more than once, with the mark to go on from. Error: ErrLineDown.
	Reports(ctx context.Context, system, after string) (list []Report, next string, err error)
	// Believes lists every case that a system has, and where it stands there.
	// Error: ErrLineDown.
	Believes(ctx context.Context, system string) ([]Belief, error)
}

// Message is one thing that a system has to hear of a case, in the order of Seq.
type Message struct {
	ID     string
	Case   string
	Seq    int // from 1, without gaps
	System string
	Act    string // what was done to the case
	At     time.Time
	SentAt time.Time
}

// Dispatch is a message with the case as it stands when it is sent.
type Dispatch struct {
	Message
	Number    string
	Item      catalog.ItemCode
	State     string
	Person    citizen.Person
	Form      map[string]string
	Materials map[catalog.MaterialCode]string // their states
}

// Report is what a system says of a case: ID names it, Seq orders it.
type Report struct {
	ID      string
	Case    string
	Seq     int // from 1, without gaps
	System  string
	Kind    ReportKind
	Text    string
	Outputs map[string]string // what a granted case has produced
}

// ReportKind says what a report is.
type ReportKind string

// The kinds of reports.
const (
	LineStatus  ReportKind = "status"
	LineGranted ReportKind = "granted"
	LineRefused ReportKind = "refused"
)

// Belief is where a case stands on one side.
type Belief struct {
	Case  string
	State string // open, granted, refused or ended
}

// Difference (差异) is a case of which the two sides believe different things.
type Difference struct {
	ID      string
	Case    string
	System  string
	Ours    string // "" = unknown here
	Theirs  string // "" = unknown there
	FoundAt time.Time
}

// ErrLineDown tells that a system did not answer: it is asked again.
var ErrLineDown = fault.New(fault.Unavailable, "exchange.line_down", "部门业务系统暂时没有应答，系统会自动重试，请稍后再看").After(60)

// Differ compares what both sides believe; what is only theirs comes last.
func Differ(ours, theirs []Belief) (list []Difference) {
	there := map[string]string{}
	for _, b := range theirs {
		there[b.Case] = b.State
	}
	for _, b := range ours {
		if there[b.Case] != b.State {
			list = append(list, Difference{Case: b.Case, Ours: b.State, Theirs: there[b.Case]})
		}
		delete(there, b.Case)
	}
	for _, b := range theirs {
		if state, only := there[b.Case]; only {
			list = append(list, Difference{Case: b.Case, Theirs: state})
			delete(there, b.Case)
		}
	}
	return list
}

// LineTx keeps what goes to and comes from systems with the case.
type LineTx interface {
	// PostLine adds a message as the case's next.
	PostLine(ctx context.Context, m Message) error
	SentLine(ctx context.Context, id string, at time.Time) error
	// KeepReport stores a report, once by its id and once by its place in the case.
	KeepReport(ctx context.Context, r Report, at time.Time) error
	// ReadReport keeps that a report was read and what became of it: "" or why
	// it was not followed.
	ReadReport(ctx context.Context, r Report, note string, at time.Time) error
	// KeepDifferences stores what a reconciliation found in place of what the
	// one before it did.
	KeepDifferences(ctx context.Context, system string, list []Difference) error
	SaveMark(ctx context.Context, source, mark string) error
}

// LineStore reads it.
type LineStore interface {
	// UnsentLine lists a case's messages that are not sent, in order.
	UnsentLine(ctx context.Context, caseID string) ([]Message, error)
	// StaleLine lists cases with messages to a system that were not sent
	// though they are older than that.
	StaleLine(ctx context.Context, system string, before time.Time) ([]string, error)
	// NextReports lists reports whose turn it is in their case.
	NextReports(ctx context.Context, most int) ([]Report, error)
	// Handed lists where the cases that a system was told of stand here.
	Handed(ctx context.Context, system string) ([]Belief, error)
	// Differences lists what the last reconciliations found, of a member's
	// cases, by id after a given one.
	Differences(ctx context.Context, f Flags, after string, most int) ([]Difference, error)
	Mark(ctx context.Context, source string) (string, error)
}
