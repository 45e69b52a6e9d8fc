package appointment

import (
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/place"
)

// unseated finds the appointments for whichever window that have none left,
// since windows are closed for a time: it lays all others out over the windows,
// the earliest first. Where one finds none, the latest made of those that stand
// beside a closure there gives way.
func unseated(list []Appointment, gone map[ID]string, t *place.Timetable, windows int) (out []Appointment) {
	closed := slices.ContainsFunc(t.Entries, func(e place.Entry) bool { return e.Kind == place.Closure && e.Window != 0 })
	if !closed {
		return nil
	}
	list = slices.DeleteFunc(slices.Clone(list), func(a Appointment) bool { return a.Window != 0 || gone[a.ID] != "" })
	for {
		stuck := firstStuck(list, t, windows)
		if stuck < 0 {
			return out
		}
		i := gives(list, list[stuck], t)
		if i < 0 { // too many whatever is closed: they keep their place
			list = slices.Delete(list, stuck, stuck+1)
			continue
		}
		out = append(out, list[i])
		list = slices.Delete(list, i, i+1)
	}
}

// gives is the latest made that shares time with one and with a closure.
func gives(list []Appointment, one Appointment, t *place.Timetable) int {
	found := -1
	for i, a := range list {
		if !a.overlaps(one) || closureOver(t, a) == "" {
			continue
		}
		if found < 0 || list[found].MadeAt.Before(a.MadeAt) {
			found = i
		}
	}
	return found
}

// firstStuck is the first that no window is left for, -1 where each has one.
// Of the windows free it takes the one that closes soonest afterwards.
func firstStuck(list []Appointment, t *place.Timetable, windows int) int {
	busy := make([]time.Time, windows+1)
	for i, a := range list {
		best, ends := 0, time.Time{}
		for w := 1; w <= windows; w++ {
			if busy[w].After(a.StartsAt) || t.IsNamed(w, a.StartsAt) {
				continue
			}
			if open, until := t.OpenUntil(w, a.StartsAt, a.EndsAt); open && (best == 0 || until.Before(ends)) {
				best, ends = w, until
			}
		}
		if best == 0 {
			return i
		}
		busy[best] = a.EndsAt
	}
	return -1
}
