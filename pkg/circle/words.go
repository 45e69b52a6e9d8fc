package circle

import (
	"strconv"
	"time"
)

// AppendWords appends the reason for the place in the order, for somebody who
// sets out at now: "步行 6 分钟，到时仍在办公，最早 10:15 有号".
func (r *Ranked) AppendWords(b []byte, now time.Time) []byte {
	b = r.appendRoad(b)
	b = r.appendDoor(append(b, "，"...), now)
	return r.appendQueue(append(b, "，"...), now)
}

// AppendZoneWords is AppendWords for a self-service zone, where nobody waits
// for a door or a slot: "步行 6 分钟，24 小时自助办理".
func (r *Ranked) AppendZoneWords(b []byte) []byte {
	return append(r.appendRoad(b), "，24 小时自助办理"...)
}

func (r *Ranked) appendRoad(b []byte) []byte {
	rough := r.Travel.Model == ModelStraight
	b = append(b, r.By.Words()...)
	if rough {
		b = append(b, "约"...)
	}
	b = appendMinutes(append(b, ' '), r.travel())
	if rough {
		b = append(b, "（按直线估算）"...)
	}
	if r.Place == Outside {
		b = append(b, "，在服务圈外"...)
	}
	return b
}

// soon is how near to closing a person is told the hour instead.
const soon = time.Hour

func (r *Ranked) appendDoor(b []byte, now time.Time) []byte {
	switch {
	case !r.Open && r.OpensAt.IsZero():
		return append(b, "到时不办公"...)
	case !r.Open:
		return append(appendClock(append(b, "到时不办公，"...), now, r.OpensAt), " 开门"...)
	case !r.OpenUntil.IsZero() && r.OpenUntil.Sub(now.Add(r.travel())) < soon:
		return append(appendClock(append(b, "到时仍在办公，"...), now, r.OpenUntil), " 下班"...)
	}
	return append(b, "到时仍在办公"...)
}

func (r *Ranked) appendQueue(b []byte, now time.Time) []byte {
	if r.Wait >= 0 && r.Open {
		b = append(appendWait(b, r.Wait), "，"...)
	}
	if r.FirstSlot.IsZero() {
		return append(b, "暂无可约号源"...)
	}
	return append(appendClock(append(b, "最早 "...), now, r.FirstSlot), " 有号"...)
}

func appendWait(b []byte, wait time.Duration) []byte {
	if wait < time.Minute {
		return append(b, "现场无需等候"...)
	}
	return appendMinutes(append(b, "现场约等 "...), wait)
}

// appendMinutes rounds up: who is told six minutes must not need seven.
func appendMinutes(b []byte, d time.Duration) []byte {
	return append(strconv.AppendInt(b, int64((d+time.Minute-1)/time.Minute), 10), " 分钟"...)
}

// appendClock tells a time as one says it on the day of now.
func appendClock(b []byte, now, t time.Time) []byte {
	t = t.In(zone)
	switch day(t) - day(now) {
	case 0:
	case 1:
		b = append(b, "明天 "...)
	default:
		b = t.AppendFormat(b, "1月2日 ")
	}
	return t.AppendFormat(b, "15:04")
}

// day counts midnights in Asia/Shanghai.
func day(t time.Time) int64 { return (t.Unix() + 8*3600) / (24 * 3600) }
