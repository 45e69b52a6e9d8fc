package workday

import (
	"slices"
	"time"
)

// year is one year's days, made for counting.
type year struct {
	number      int
	first, last int // day numbers of 1 January and 31 December
	provisional bool
	special     map[int]Entry // by day number: the days that are not plain
	rank        [367]uint16   // rank[i]: working days among the first i days
	nth         []uint16      // nth[k]: the day of the year, from 0, of working day k+1
}

// build lays the entries of a year over its weeks: what is built in, or the
// statutory holidays where no arrangement is known, and the given entries.
func (c *arrangement) build(number int) *year {
	y := &year{
		number:  number,
		first:   Date{number, time.January, 1}.number(),
		last:    Date{number, time.December, 31}.number(),
		special: map[int]Entry{},
	}
	entries := builtIn(number)
	if !slices.ContainsFunc(entries, Entry.arranges) && !c.arranged[number] {
		y.provisional = true
		entries = append(statutory(number), entries...)
	}
	for _, e := range entries {
		y.special[e.Date.number()] = e
	}
	for date, e := range c.given {
		if date.Year == number {
			y.special[date.number()] = e
		}
	}
	y.count()
	return y
}

func (y *year) count() {
	y.nth = make([]uint16, 0, 262)
	for i := range y.last - y.first + 1 {
		if y.day(y.first + i).Kind.Works() {
			y.nth = append(y.nth, uint16(i))
		}
		y.rank[i+1] = uint16(len(y.nth))
	}
}

func (y *year) day(number int) Day {
	d := Day{Date: dateAt(number), Kind: Workday, Provisional: y.provisional}
	if e, ok := y.special[number]; ok {
		d.Kind, d.Name = e.Kind, e.Name
		return d
	}
	if w := weekday(number); w == time.Saturday || w == time.Sunday {
		d.Kind = Weekend
	}
	return d
}

// A ruler counts along days: it gives each day a rank, the number of counted
// days up to and including it, from some zero. Without a calendar every day
// counts. It remembers the year it stands in, so that measuring many days in
// order costs little. It is not for use by many goroutines.
type ruler struct {
	cal  *arrangement
	year *year
	base int // rank of the day before the year
}

func (c *Calendar) rulerAt(d Date) ruler {
	now := c.now.Load()
	return ruler{cal: now, year: now.year(dateAt(d.number()).Year)}
}

// rank gives the rank of a day.
func (r *ruler) rank(day int) int {
	if r.cal == nil {
		return day
	}
	day = min(max(day, firstDay), lastDay)
	for day < r.year.first {
		r.back()
	}
	for day > r.year.last {
		r.forward()
	}
	return r.base + int(r.year.rank[day-r.year.first+1])
}

// find gives the counted day of a rank, or the end of the calendar when the
// rank lies beyond it.
func (r *ruler) find(rank int) int {
	if r.cal == nil {
		return rank
	}
	for rank <= r.base {
		if r.year.number <= 1 {
			return firstDay
		}
		r.back()
	}
	for rank > r.base+len(r.year.nth) {
		if r.year.number >= 9999 {
			return lastDay
		}
		r.forward()
	}
	return r.year.first + int(r.year.nth[rank-r.base-1])
}

func (r *ruler) forward() {
	r.base += len(r.year.nth)
	r.year = r.cal.year(r.year.number + 1)
}

func (r *ruler) back() {
	r.year = r.cal.year(r.year.number - 1)
	r.base -= len(r.year.nth)
}
