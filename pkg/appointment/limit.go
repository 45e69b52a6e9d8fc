package appointment

import (
	"slices"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Limits that keep one person from taking the city's time.
var (
	ErrTooManyHolds = fault.New(fault.Conflict, "appointment.too_many_holds", "您正在占用的号源已达上限，请先确认或放弃其中一个")
	ErrTooManyOpen  = fault.New(fault.Conflict, "appointment.too_many_open", "您未办理的预约（按人数计）已达上限，请先办理或取消其中一个")
	ErrSameDay      = fault.New(fault.Conflict, "appointment.same_day", "您当天已有这个事项的预约或占号，请先改期、取消或放弃它")
	ErrDayMost      = fault.New(fault.Conflict, "appointment.day_most", "您当天在全市的预约（按人数计）已达上限，请换一天，或先取消其中一个")
	ErrAgentMost    = fault.New(fault.Conflict, "appointment.agent_most", "您代他人预约的未办理数量已达上限，请先办理或取消其中一个")
	ErrSuspended    = fault.New(fault.Forbidden, "appointment.suspended", "您多次爽约，已暂停线上预约；如有正当理由，请在“我的预约”提出申诉，也可以直接到现场取号")
	ErrOverlap      = fault.New(fault.Conflict, "appointment.overlap", "您在这个时间已有其他预约或占号，请换一个时段")
)

// admit says whether a person with these other open appointments may have a.
// They are the person's, whatever account, office or day they come from.
// Errors: the limits.
func (r Rules) admit(others []Appointment, a Appointment) error {
	holds, people, today := 0, a.People, a.People
	for _, o := range others {
		sameDay := workday.DateOf(o.StartsAt) == workday.DateOf(a.StartsAt)
		switch {
		case sameDay && o.sharesItem(a):
			return ErrSameDay
		case o.overlaps(a):
			return ErrOverlap
		case o.State == Held:
			holds++
		}
		people += o.People
		if sameDay {
			today += o.People
		}
	}
	switch {
	case a.State == Held && holds >= r.HoldsMost:
		return ErrTooManyHolds
	case people > r.OpenMost:
		return ErrTooManyOpen
	case r.DayMost > 0 && today > r.DayMost:
		return ErrDayMost
	}
	return nil
}

func (a Appointment) sharesItem(b Appointment) bool {
	return slices.ContainsFunc(a.items(), func(i catalog.ItemCode) bool { return slices.Contains(b.items(), i) })
}
