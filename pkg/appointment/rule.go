package appointment

import (
	"cmp"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Unsaid stands for what a rule leaves to the next wider one.
const Unsaid = -1

// Rule is what an office, or the city, says of its appointments or of those
// for one item. Each number may be Unsaid.
type Rule struct {
	Office   place.OfficeCode // "" = every office
	Item     catalog.ItemCode // "" = every item
	Lead     int              // minutes before its start until which a slot can be booked
	Horizon  int              // dates that can be booked, today among them
	Release  int              // minutes after midnight: when one more date is released (放号)
	Quiet    int              // minutes, about, for which a seat given up is shown to nobody
	WalkIn   int              // windows kept for walk-ins
	Priority int              // seats at a time kept for those with priority
	Agents   int              // seats at a time that agents may have at most
	Online   int              // seats at a time that can be had online at most
}

// Plan is what holds for an office beside the city's edition.
type Plan struct {
	Times place.Timetable
	Rules []Rule
	Days  []workday.Entry // the city's arrangement of holidays
}

// rules are those for a visit with these items: of each number the most
// particular one said, and of several items the strictest.
func (p *Plan) rules(base Rules, items ...catalog.ItemCode) Rules {
	if len(p.Rules) == 0 {
		return base
	}
	all := p.rulesFor(base, "")
	for i, item := range items {
		one := p.rulesFor(base, item)
		if i == 0 {
			all = one
			continue
		}
		all = all.and(one)
	}
	return all
}

func (p *Plan) rulesFor(base Rules, item catalog.ItemCode) Rules {
	list := slices.DeleteFunc(slices.Clone(p.Rules), func(r Rule) bool { return r.Item != "" && r.Item != item })
	slices.SortFunc(list, func(a, b Rule) int { return cmp.Compare(a.weight(), b.weight()) })
	for _, r := range list {
		base = r.over(base)
	}
	return base
}

// weight orders rules: the city's, its items', the office's, its items'.
func (r Rule) weight() (w int) {
	if r.Office != "" {
		w += 2
	}
	if r.Item != "" {
		w++
	}
	return w
}

func (r Rule) over(base Rules) Rules {
	override(&base.Horizon, r.Horizon)
	override(&base.WalkIn, r.WalkIn)
	override(&base.Priority, r.Priority)
	override(&base.Agents, r.Agents)
	override(&base.Online, r.Online)
	minutes(&base.Lead, r.Lead)
	minutes(&base.Release, r.Release)
	minutes(&base.Quiet, r.Quiet)
	return base
}

func override(have *int, n int) {
	if n >= 0 {
		*have = n
	}
}

func minutes(have *time.Duration, n int) {
	if n >= 0 {
		*have = time.Duration(n) * time.Minute
	}
}

// and are the stricter ones of two.
func (r Rules) and(o Rules) Rules {
	r.Lead, r.Release, r.Quiet = max(r.Lead, o.Lead), max(r.Release, o.Release), max(r.Quiet, o.Quiet)
	r.Horizon = min(r.Horizon, o.Horizon)
	r.WalkIn, r.Priority = max(r.WalkIn, o.WalkIn), max(r.Priority, o.Priority)
	r.Agents, r.Online = least(r.Agents, o.Agents), least(r.Online, o.Online)
	return r
}

func least(a, b int) int {
	if a < 0 || b < 0 {
		return max(a, b)
	}
	return min(a, b)
}
