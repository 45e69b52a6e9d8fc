package appointment

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Channel is the way in which a seat is taken (渠道).
type Channel string

// The channels. Walk-ins take no seat: windows are kept for them.
const (
	Online Channel = "online" // 本人线上预约
	Agent  Channel = "agent"  // 代办人代为预约
	Office Channel = "office" // 电话或现场，由工作人员预约
)

// Priority is why somebody comes before others (优先对象).
type Priority string

// The reasons. All but age are what the person declares; staff look at
// check-in.
const (
	NoPriority Priority = ""
	Elderly    Priority = "elderly"  // 65周岁以上（老年人权益保障法）
	Pregnant   Priority = "pregnant" // 孕妇
	Disabled   Priority = "disabled" // 残疾人（残疾人保障法）
	Veteran    Priority = "veteran"  // 退役军人、现役军人（退役军人保障法）
)

// Seen is what staff found of a declared priority at check-in.
type Seen string

// What they found.
const (
	Unseen   Seen = ""
	Shown    Seen = "shown"
	NotShown Seen = "not_shown"
)

// elderlyAge is the age from which one is served first, in years.
const elderlyAge = 65

// ErrNotElderly refuses a priority that the identity number contradicts.
var ErrNotElderly = fault.New(fault.Conflict, "appointment.not_elderly", "老年人优先仅限65周岁以上，请改为普通预约，或选择符合的优先类别")

// mayClaim checks what can be known of a declared priority.
// Error: ErrNotElderly.
func mayClaim(p Priority, who citizen.Person, on workday.Date) error {
	if p != Elderly {
		return nil
	}
	if who.Number.IsZero() {
		return ErrNotElderly
	}
	y, m, day := who.Number.Birth()
	birthday := time.Date(y+elderlyAge, m, day, 0, 0, 0, 0, workday.Zone)
	if !on.Time().Before(birthday) {
		return nil
	}
	return ErrNotElderly
}
