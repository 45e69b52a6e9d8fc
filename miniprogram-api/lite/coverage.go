package lite

import (
	"bytes"
	"context"
	"fmt"
	"html/template"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/coverage"
)

// coverageView is the service circle of an item, as a map and as tables; before
// one is chosen, the choice alone.
type coverageView struct {
	Items      []*catalog.Item
	Item, Mode string
	Map        template.HTML
	Report     *coverage.Report
	Minutes    []int
}

// Share is a part of a whole, in words.
func (coverageView) Share(part, of float64) string {
	if of == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f%%", 100*part/of)
}

// Far is a travel time in whole minutes, rounded up.
func (coverageView) Far(seconds int) string {
	if seconds > circle.MaxMinutes*60 {
		return fmt.Sprintf("超过%d", circle.MaxMinutes)
	}
	return fmt.Sprint((seconds + 59) / 60)
}

// coverage shows planners who lives outside the service circle of an item.
func (p *Pages) coverage() page {
	return page{path: "/coverage", op: "coverage", title: "服务圈", menu: "服务圈", look: "coverage", show: p.showCoverage}
}

func (p *Pages) showCoverage(ctx context.Context, v *visit) (any, error) {
	view := coverageView{Item: v.c.Query("item"), Mode: v.c.Query("mode", "walk"), Minutes: coverage.Minutes[:]}
	e, err := p.Planner.City.Current(ctx)
	if err != nil {
		return nil, err
	}
	view.Items = e.Catalogue.Items()
	if view.Item == "" {
		return view, nil
	}
	by, err := circle.ParseMode(view.Mode)
	if err != nil {
		return nil, err
	}
	if view.Report, err = p.Planner.Report(ctx, catalog.ItemCode(view.Item), by); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = view.Report.WriteDrawing(&b)
	view.Map = template.HTML(b.String()) //nolint:gosec // drawn by ours, names in it escaped
	return view, err
}
