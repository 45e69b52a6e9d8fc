// Package queue (排队叫号) decides who is called next to which window: tickets,
// the merging of appointments, walk-ins and priorities, calling, and how long
// one still has to wait.
package queue

import (
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// ID names a ticket; nobody guesses it.
type ID string

// Ticket is somebody's place in an office's queue on one day (排队号).
type Ticket struct {
	ID     ID
	Office place.OfficeCode
	Day    workday.Date
	Series Series // with Number what is printed and called; it never changes
	Number int
	Lane   Lane // where it queues now

	Item        catalog.ItemCode
	Minutes     int        // planned at the window
	Person      citizen.ID // "" where nobody was asked who they are
	Appointment appointment.ID
	Origin      Origin
	Priority    Priority // "" = none
	Carries     ID       // the ticket that an earlier day left undone, "" = none

	State      State
	Version    int       // counts its changes
	Due        time.Time // not called before, unless the window would stand idle; zero = any time
	Place      time.Time // orders a lane: the earlier first
	OnlyWindow int       // transferred to this window; 0 = any
	Window     int       // called to; 0 = none
	Clerk      staff.ID  // who has it in hand, or had it last
	Calls      int       // calls since it was last chosen
	Returns    int       // how often it came back after it was missed
	Told       bool      // that its turn is near

	TakenAt, CalledAt, ServedAt, EndedAt time.Time // zero = not yet
}

// Origin says how a ticket came about.
type Origin string

// The origins.
const (
	Booked Origin = "appointment" // checked in
	Kiosk  Origin = "kiosk"       // at a terminal of the office
	Desk   Origin = "staff"       // given by staff
	Phone  Origin = "phone"       // by phone, near the office
	Paper  Origin = "paper"       // from the pre-printed block, entered later
)

// Priority is why somebody goes before others; staff have seen it.
type Priority string

// The priorities. Carried is ours to give back: an earlier day closed with this
// person waiting.
const (
	Elderly  Priority = "elderly"  // 老年人
	Pregnant Priority = "pregnant" // 孕妇
	Disabled Priority = "disabled" // 残疾人
	Veteran  Priority = "veteran"  // 军人、退役军人
	Carried  Priority = "carried"  // 上次未办
)

// Lane is one of the lines that are merged.
type Lane string

// The lanes.
const (
	Appointments Lane = "appointments"
	Priorities   Lane = "priorities"
	WalkIns      Lane = "walk_ins"
)

// Lanes are all lanes, in the order in which a tie is broken.
var Lanes = []Lane{Appointments, Priorities, WalkIns}

var laneWords = map[Lane]string{Appointments: "预约", Priorities: "优先", WalkIns: "现场取号"}

// Words is the lane in Chinese.
func (l Lane) Words() string { return laneWords[l] }

// Series is the letter on a ticket.
type Series string

// The series: one a lane, and one for the paper block, whose numbers the
// service never gives out itself.
const (
	SeriesA Series = "A"
	SeriesB Series = "B"
	SeriesC Series = "C"
	SeriesP Series = "P"
)

var seriesOf = map[Lane]Series{Appointments: SeriesA, WalkIns: SeriesB, Priorities: SeriesC}

// Label is what is printed and called, such as "A012".
func (t Ticket) Label() string { return fmt.Sprintf("%s%03d", t.Series, t.Number) }

// Errors about one ticket.
var (
	ErrNoTicket = fault.New(fault.NotFound, "queue.no_ticket", "没有找到这个排队号，请核对后再看")
	ErrChanged  = fault.New(fault.Conflict, "queue.changed", "这个排队号刚刚有变化，请刷新后再操作")
)
