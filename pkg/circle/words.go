package circle

import (
	"fmt"
	"strings"
	"time"
)

// Words gives the reason for the place in the order, for somebody who sets out
// at now: "步行 6 分钟，到时仍在办公，最早 10:15 有号".
func (r Ranked) Words(now time.Time) string {
	return strings.Join([]string{r.roadWords(), r.doorWords(now), r.queueWords(now)}, "，")
}

// ZoneWords is Words for a self-service zone, where nobody waits for a door or
// a slot: "步行 6 分钟，24 小时自助办理".
func (r Ranked) ZoneWords() string { return r.roadWords() + "，24 小时自助办理" }

func (r Ranked) roadWords() string {
	road := fmt.Sprintf("%s %d 分钟", r.By.Words(), minutes(r.travel()))
	if r.Travel.Model == ModelStraight {
		road = fmt.Sprintf("%s约 %d 分钟（按直线估算）", r.By.Words(), minutes(r.travel()))
	}
	if r.Place == Outside {
		road += "，在服务圈外"
	}
	return road
}

// soon is how near to closing a person is told the hour instead.
const soon = time.Hour

func (r Ranked) doorWords(now time.Time) string {
	arrival := now.Add(r.travel())
	switch {
	case !r.Open && r.OpensAt.IsZero():
		return "到时不办公"
	case !r.Open:
		return "到时不办公，" + clock(now, r.OpensAt) + " 开门"
	case !r.OpenUntil.IsZero() && r.OpenUntil.Sub(arrival) < soon:
		return "到时仍在办公，" + clock(now, r.OpenUntil) + " 下班"
	}
	return "到时仍在办公"
}

func (r Ranked) queueWords(now time.Time) string {
	var said []string
	if r.Wait >= 0 && r.Open {
		said = append(said, waitWords(r.Wait))
	}
	if r.FirstSlot.IsZero() {
		return strings.Join(append(said, "暂无可约号源"), "，")
	}
	return strings.Join(append(said, "最早 "+clock(now, r.FirstSlot)+" 有号"), "，")
}

func waitWords(wait time.Duration) string {
	if wait < time.Minute {
		return "现场无需等候"
	}
	return fmt.Sprintf("现场约等 %d 分钟", minutes(wait))
}

// minutes rounds up: who is told six minutes must not need seven.
func minutes(d time.Duration) int { return int((d + time.Minute - 1) / time.Minute) }

// clock tells a time as one says it on the day of now.
func clock(now, t time.Time) string {
	now, t = now.In(zone), t.In(zone)
	switch days(now, t) {
	case 0:
		return t.Format("15:04")
	case 1:
		return t.Format("明天 15:04")
	}
	return t.Format("1月2日 15:04")
}

// days counts midnights from a to b.
func days(a, b time.Time) int {
	midnight := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone)
	}
	return int(midnight(b).Sub(midnight(a)) / (24 * time.Hour))
}
