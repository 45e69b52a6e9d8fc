package catalog

import (
	"cmp"
	"slices"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/sheet"
)

// ThemeCode is the key of a theme.
type ThemeCode string

// Theme is a thing people want done that takes several items (主题服务、
// 一件事).
type Theme struct {
	Code     ThemeCode
	Name     string
	Scenario string // in plain words
	Subject  Subject
	Joint    bool    // 联办: one application for all items
	Items    []*Item // in the order in which they are done

	outputs map[ItemCode]map[MaterialCode]bool // what an item brings about, beside its own name
}

// ErrNoTheme says that there is no theme with this code.
var ErrNoTheme = fault.New(fault.NotFound, "catalog.no_theme", "没有这个主题服务，请重新选择")

const (
	themesFile     = "catalogue/themes.csv"
	themeItemsFile = "catalogue/theme_items.csv"
)

func readThemes(book *sheet.Book, items map[ItemCode]*Item) map[ThemeCode]*Theme {
	all := map[ThemeCode]*Theme{}
	rows := map[ThemeCode]*sheet.Row{}
	for _, row := range book.Table(themesFile, "code", "name", "scenario", "subject", "joint").Rows {
		t := &Theme{
			Code:     ThemeCode(row.Code("code")),
			Name:     row.Need("name"),
			Scenario: row.Text("scenario"),
			Subject:  sheet.Enum(row, "subject", Natural, Legal, Both),
			Joint:    row.Bool("joint"),
		}
		if row.Unique("code") && t.Code != "" {
			all[t.Code], rows[t.Code] = t, row
		}
		row.Unique("name")
	}
	readThemeItems(book, items, all, rows)
	return all
}

// readThemeItems puts items into themes, and themes into items.
func readThemeItems(book *sheet.Book, items map[ItemCode]*Item, all map[ThemeCode]*Theme, rows map[ThemeCode]*sheet.Row) {
	table := book.Table(themeItemsFile, "theme", "item", "order")
	asked := map[ThemeCode]bool{}
	for _, row := range byOrder(table.Rows) {
		asked[ThemeCode(row.Text("theme"))] = true
		theme, okTheme := sheet.Ref(row, "theme", all)
		item, okItem := sheet.Ref(row, "item", items)
		row.Unique("theme", "order")
		if !row.Unique("theme", "item") || !okTheme || !okItem {
			continue
		}
		if rows[theme.Code].Sound() && item.sound {
			checkSubject(row, theme, item)
		}
		theme.Items = append(theme.Items, item)
		item.Themes = append(item.Themes, theme)
	}
	for code := range all {
		if table.Found && !asked[code] {
			rows[code].Fault("code", "这个主题没有任何事项")
		}
	}
	for _, item := range items {
		slices.SortFunc(item.Themes, func(a, b *Theme) int { return cmp.Compare(a.Code, b.Code) })
	}
}

// byOrder sorts rows by their order column.
func byOrder(rows []*sheet.Row) []*sheet.Row {
	order := map[*sheet.Row]int{}
	for _, row := range rows {
		order[row] = row.Int("order", 1, 1000)
	}
	return slices.SortedStableFunc(slices.Values(rows), func(a, b *sheet.Row) int {
		return cmp.Compare(order[a], order[b])
	})
}

// checkSubject sees to it that whoever a theme is for can apply for its items.
func checkSubject(row *sheet.Row, theme *Theme, item *Item) {
	if theme.Subject == Natural && item.Subject == Legal {
		row.Fault("item", "主题 %s 面向自然人，事项 %s 只面向法人", string(theme.Code), string(item.Code))
	}
	if theme.Subject == Legal && item.Subject == Natural {
		row.Fault("item", "主题 %s 面向法人，事项 %s 只面向自然人", string(theme.Code), string(item.Code))
	}
}
