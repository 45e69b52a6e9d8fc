package coverage

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// WriteText writes the report as tables for a terminal.
func (r *Report) WriteText(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintf(t, "%s · %s · %s\n\n", r.plan.Title, r.ModeWords(), r.Model)
	r.writeShares(t, "区", r.Districts)
	r.writeShares(t, "镇街", r.Towns)
	fmt.Fprintln(t, "最远的地方\t镇街\t分钟\t位置")
	for _, f := range r.Farthest {
		fmt.Fprintf(t, "%s附近\t%s\t%s\t%.5f,%.5f\n", f.Near, f.Town.Name, toMinutes(f.Seconds), f.At.Lng, f.At.Lat)
	}
	writeGains(t, "再授权一个网点，15 分钟圈内新增", r.Delegated)
	writeGains(t, "新设一个网点，15 分钟圈内新增", r.Founded)
	if text := r.attribution(); text != "" {
		fmt.Fprintf(t, "\n%s\n", text)
	}
	return t.Flush()
}

func (r *Report) writeShares(w io.Writer, name string, rows []Share) {
	fmt.Fprintf(w, "%s\t平方公里\t居民", name)
	for _, m := range Minutes {
		fmt.Fprintf(w, "\t%d 分钟", m)
	}
	fmt.Fprintln(w)
	for _, row := range append(rows[:len(rows):len(rows)], r.total()) {
		fmt.Fprintf(w, "%s\t%.1f\t%.0f", row.Name, row.KM2, row.People)
		for i := range Minutes {
			if r.Inhabited() {
				fmt.Fprintf(w, "\t%s", percent(row.PeopleWithin[i], row.People))
			} else {
				fmt.Fprintf(w, "\t%s", percent(row.KM2Within[i], row.KM2))
			}
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w)
}

func (r *Report) total() Share {
	all := r.City
	all.Name = "合计"
	return all
}

func writeGains(w io.Writer, name string, gains []Gain) {
	if len(gains) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\t平方公里\t居民\t位置\n", name)
	for _, g := range gains {
		fmt.Fprintf(w, "%s\t%.1f\t%.0f\t%.5f,%.5f\n", g.Name, g.KM2, g.People, g.At.Lng, g.At.Lat)
	}
}
