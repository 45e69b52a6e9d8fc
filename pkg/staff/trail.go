package staff

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// TrailKind is what an entry of the audit trail is about.
type TrailKind string

// The kinds of entries.
const (
	TrailLook        TrailKind = "look"         // 查看个人信息
	TrailPostTaken   TrailKind = "post_taken"   // 上岗
	TrailPostLeft    TrailKind = "post_left"    // 离岗
	TrailAgency      TrailKind = "agency"       // 代办授权
	TrailAgencyEnded TrailKind = "agency_ended" // 代办授权终止
	TrailBypass      TrailKind = "bypass"       // 免核验放行
)

// Entry (审计记录) is one thing that somebody did with another's data or rights.
type Entry struct {
	Kind    TrailKind
	ID      string // of the look, post, agency or case
	At      time.Time
	Actor   ID // the member of staff; "" = the person, an agent, or the command line
	Role    Role
	Office  place.OfficeCode // of the actor
	Person  citizen.ID       // whom it is about, "" = nobody
	Name    string           // of that person, masked
	What    string           // what was looked at, which role, which kind of agency
	Purpose string           // as the actor wrote it
}

// TrailSearch selects entries; zero values select all.
type TrailSearch struct {
	Kind     TrailKind
	Actor    ID
	Person   citizen.ID
	From, To time.Time // To itself is not in it
	After    TrailMark
	Most     int
}

// TrailMark is a place in the trail: behind that entry.
type TrailMark struct {
	At   time.Time
	Kind TrailKind
	ID   string
}

// ErrTrailCursor refuses a place that is none.
var ErrTrailCursor = fault.New(fault.Invalid, "staff.trail_cursor", "翻页位置已失效，请回到第一页重新查看")

// Cursor is the entry's place as text.
func (e Entry) Cursor() string {
	return strconv.FormatInt(e.At.UnixMilli(), 10) + "." + string(e.Kind) + "." + e.ID
}

// ParseTrailMark reads a cursor; "" is the beginning. Error: ErrTrailCursor.
func ParseTrailMark(cursor string) (TrailMark, error) {
	if cursor == "" {
		return TrailMark{}, nil
	}
	part := strings.SplitN(cursor, ".", 3)
	if len(part) != 3 {
		return TrailMark{}, ErrTrailCursor
	}
	at, err := strconv.ParseInt(part[0], 10, 64)
	if err != nil {
		return TrailMark{}, ErrTrailCursor
	}
	return TrailMark{At: time.UnixMilli(at), Kind: TrailKind(part[1]), ID: part[2]}, nil
}

// Trail lists what staff did with persons' data and rights, newest first.
func (g *Gate) Trail(ctx context.Context, s TrailSearch) ([]Entry, error) {
	return g.Store.Trail(ctx, s)
}
