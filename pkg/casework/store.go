package casework

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/exchange"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Store remembers cases.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	Reader
	exchange.LineStore
	// CasesActedIn lists the cases of a principal that an agent has opened and
	// may act in now, newest first, before a given id.
	CasesActedIn(ctx context.Context, agent, principal citizen.ID, now time.Time, before ID, most int) ([]Case, error)
	// CasesOf lists a person's cases, newest first, before a given id.
	CasesOf(ctx context.Context, who citizen.ID, before ID, most int) ([]Case, error)
	// Worklist lists the open cases that match, oldest first, after a given id.
	Worklist(ctx context.Context, w Work, after ID, most int) ([]Case, error)
	// Overdue lists cases whose supplement was due before the day.
	Overdue(ctx context.Context, before workday.Date, most int) ([]ID, error)
	// Unanswered lists received cases whose answer was due before the day.
	Unanswered(ctx context.Context, before workday.Date, most int) ([]ID, error)
	// Ringing lists the clocks whose last day lies between two days and that
	// have not rung for it: of accepted, or received, cases; nothing rings on
	// the day of acceptance itself.
	Ringing(ctx context.Context, clock ClockKind, kind AlarmKind, from, to workday.Date, most int) ([]Alarm, error)
	// AlarmsOf lists the alarms of a member's cases, newest first, before a cursor.
	AlarmsOf(ctx context.Context, w Work, before string, most int) ([]Alarm, error)
	// OpinionsAsked lists what a department is still asked, by case after a given id.
	OpinionsAsked(ctx context.Context, decides place.DivisionCode, d catalog.DepartmentCode, after ID, most int) ([]Opinion, error)
	// ReviewsAsked lists automatic decisions to be looked at, by case after a given id.
	ReviewsAsked(ctx context.Context, w Work, after ID, most int) ([]Instant, error)
	// MembersAt lists the posts held at an office; of reviewers those of a department.
	MembersAt(ctx context.Context, office place.OfficeCode, department catalog.DepartmentCode) ([]staff.Member, error)
	SuppliesOf(ctx context.Context, id ID) ([]Supply, error)
	// UsesOf lists what a case has taken from bases, Standings where each stands.
	UsesOf(ctx context.Context, id string) ([]exchange.Use, error)
	Standings(ctx context.Context, id string) ([]exchange.Standing, error)
	// Unflagged lists cases that rest on something revoked of which nobody was told.
	Unflagged(ctx context.Context, most int) ([]ID, error)
	// OutputsOf is what a case has produced, by form field.
	OutputsOf(ctx context.Context, id ID) (map[string]string, error)
	// Instant is the automatic decision of a case. Error: ErrNotInstant.
	Instant(ctx context.Context, id ID) (Instant, error)
	Files(ctx context.Context, id ID) ([]File, error)
	// File returns one file of the case. Error: ErrNoFile.
	File(ctx context.Context, id ID, file string) (File, error)
	Events(ctx context.Context, id ID) ([]Event, error)
}

// Reader reads what a decision rests on, inside or outside a transaction.
type Reader interface {
	Agents
	// Case returns a case with its materials. Error: ErrNoCase.
	Case(ctx context.Context, id ID) (Case, error)
	// CaseByNumber finds a case by the number on its papers. Error: ErrNoCase.
	CaseByNumber(ctx context.Context, number string) (Case, error)
	Person(ctx context.Context, id citizen.ID) (citizen.Person, error)
	// LastForm returns what the person filled in last, by field name.
	LastForm(ctx context.Context, who citizen.ID) (map[string]string, error)
	// Licensed lists the names of the valid licences that the person holds.
	Licensed(ctx context.Context, who citizen.ID) ([]string, error)
	NoticesOf(ctx context.Context, id ID) ([]Notice, error)
	// Papers are the originals of a case that are not back with the person.
	Papers(ctx context.Context, id ID) ([]Paper, error)
	// Timing is what stops and prolongs the clocks of a case.
	Timing(ctx context.Context, id ID) (Timing, error)
	Opinions(ctx context.Context, id ID) ([]Opinion, error)
	// Ruling is what settled a joint review, the zero value where nothing did.
	Ruling(ctx context.Context, id ID) (Ruling, error)
	// Relief is the request for more time, the zero value where there is none.
	Relief(ctx context.Context, id ID) (Relief, error)
}

// Agents tells who may act for whom.
type Agents interface {
	// MayActFor says whether somebody may act for a principal in an item now:
	// as agent, as guardian, or as the representative of a legal person.
	MayActFor(ctx context.Context, agent, principal citizen.ID, item catalog.ItemCode, now time.Time) (bool, error)
	// AgentOf is who opened a case for its person, "" = the person.
	AgentOf(ctx context.Context, id ID) (citizen.ID, error)
	// ActsIn says whether somebody may act in a case for its person now.
	ActsIn(ctx context.Context, who citizen.ID, caseID string, now time.Time) (bool, error)
}

// Work selects cases for a worklist: those accepted at an office, or those
// that a department of a division's authority decides.
type Work struct {
	Office     place.OfficeCode
	Decides    place.DivisionCode
	Department catalog.DepartmentCode
}

// Tx is what a change of a case needs.
type Tx interface {
	Reader
	TimingTx
	ReviewTx
	PeopleTx
	exchange.Case
	exchange.LineTx
	// OpenCases lists the person's complete, undecided cases of an item.
	OpenCases(ctx context.Context, who citizen.ID, item catalog.ItemCode) ([]Case, error)
	InsertCase(ctx context.Context, cs Case) error
	// InsertCaseAgent keeps who acts in a new case for its person.
	InsertCaseAgent(ctx context.Context, id ID, agent citizen.ID) error
	// SaveCase stores the case and its materials if it still stands in the
	// state was. Error: ErrNotNow.
	SaveCase(ctx context.Context, cs Case, was State) error
	// RebaseCase stores the edition that the case now stands under and the
	// materials that it asks for.
	RebaseCase(ctx context.Context, cs Case) error
	// GrantCase stores a granted case, if it is accepted and each applicable
	// material is fit. Error: ErrMaterialsDue.
	GrantCase(ctx context.Context, cs Case) error
	// ClaimCase gives an open case to a reviewer if nobody has it. Error: ErrOtherClerk.
	ClaimCase(ctx context.Context, id ID, by staff.ID) error
	// HandOverCase passes a case on if who had it still has: in the department,
	// or at the window. Error: ErrOtherClerk.
	HandOverCase(ctx context.Context, cs Case, to staff.ID, department bool) error
	// TakeCase gives an open case to a clerk if nobody has it. Error: ErrOtherClerk.
	TakeCase(ctx context.Context, cs Case) error
	// CloseCase moves a granted case to closed. Error: ErrNotNow.
	CloseCase(ctx context.Context, id string, at time.Time) error
	// InsertFile stores a file's name. Error: ErrHasFile.
	InsertFile(ctx context.Context, f File) error
	CountFiles(ctx context.Context, id ID) (int, error)
	InsertCommitment(ctx context.Context, c Commitment) error
	// BookedBy says whether who has booked the visit that the case is for: it
	// is open, at the case's office and for its item.
	BookedBy(ctx context.Context, who citizen.ID, cs Case) (bool, error)
	InsertEvent(ctx context.Context, id ID, e Event) error
	Tell(ctx context.Context, n notify.Notice) error
	Enqueue(ctx context.Context, j notify.Job) error
	// InsertLook keeps that a member of staff saw a person's data in full.
	InsertLook(ctx context.Context, l citizen.Look) error
}

// Inspector lets a file in, cleaned, or refuses it; *scan.Guard does.
type Inspector interface {
	Inspect(ctx context.Context, content []byte) (scan.File, error)
}

// TimingTx changes what the clocks of a case depend on.
type TimingTx interface {
	InsertNotice(ctx context.Context, id ID, n Notice) error
	// RuleNotice stores what a supervisor made of a proposed notice. Error: ErrNoNotice.
	RuleNotice(ctx context.Context, id ID, n Notice) error
	// InsertPause stores an interval. Error: ErrPaused where one for the same
	// reason covers its first day.
	InsertPause(ctx context.Context, id ID, p Interval) error
	// EndPause ends the interval that covers a day. Error: ErrNotPaused.
	EndPause(ctx context.Context, id ID, why workday.Reason, on workday.Date) error
	// InsertExtension stores the one extension. Error: workday.ErrExtended.
	InsertExtension(ctx context.Context, id ID, e Extension) error
	// InsertAlarm keeps that a clock rang; told is false where it had before.
	InsertAlarm(ctx context.Context, a Alarm) (told bool, err error)
	// InsertRelief stores a request for more time. Error: ErrReliefAsked.
	InsertRelief(ctx context.Context, id ID, r Relief) error
	// RuleRelief stores the decision on one that is open. Error: ErrNoRelief.
	RuleRelief(ctx context.Context, id ID, r Relief) error
	InsertSupplement(ctx context.Context, id ID, s Supply) error
}

// ReviewTx changes what a decision rests on.
type ReviewTx interface {
	// InsertOpinion asks a department. Error: ErrConsulted.
	InsertOpinion(ctx context.Context, o Opinion) error
	// GiveOpinion stores an opinion that was asked and not given. Error: ErrNoOpinion.
	GiveOpinion(ctx context.Context, o Opinion) error
	// InsertRuling settles a joint review. Error: ErrRuled.
	InsertRuling(ctx context.Context, id ID, r Ruling) error
	InsertInstant(ctx context.Context, in Instant) error
	// AskReview asks for a person, once. Errors: ErrNotInstant, ErrReviewAsked.
	AskReview(ctx context.Context, id ID, text string, at time.Time) error
	// AnswerReview answers it, once. Error: ErrNoReview.
	AnswerReview(ctx context.Context, in Instant) error
	InsertOutput(ctx context.Context, id ID, field, value string) error
	// ForgetReview clears what a first decision rested on: the extension, open
	// pauses, opinions, their ruling and the outputs. Error: ErrLicenceStands.
	ForgetReview(ctx context.Context, id ID) error
}

// PeopleTx finds the people behind posts.
type PeopleTx interface {
	// Member returns a post that is held. Error: staff.ErrNoMember.
	Member(ctx context.Context, id staff.ID) (staff.Member, error)
	// PeopleAt are those who hold these posts; "" is nobody.
	PeopleAt(ctx context.Context, posts []staff.ID) ([]citizen.ID, error)
	// PeopleIn are those with a role at an office; "" = of any department.
	PeopleIn(ctx context.Context, office place.OfficeCode, role staff.Role, d catalog.DepartmentCode) ([]citizen.ID, error)
}

// Files keeps the contents of uploaded files, sealed. Putting the same id
// twice is harmless.
type Files interface {
	Put(ctx context.Context, id string, content []byte) error
	Get(ctx context.Context, id string) ([]byte, error)
}
