package catalog

import (
	"slices"

	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/sheet"
)

const itemsFile = "catalogue/items.csv"

// maxDays bounds every number of days in a catalogue.
const maxDays = 366

func readItems(book *sheet.Book, departments map[DepartmentCode]*Department, places *place.Register) map[ItemCode]*Item {
	items := map[ItemCode]*Item{}
	table := book.Table(itemsFile, "code", "name", "name_en", "department", "category", "subject", "tier",
		"legal_days", "promise_days", "accept_levels", "decide_level", "citywide", "online", "courier",
		"self_service", "tolerant", "tolerance_days", "result_name", "result_kind", "identity_level",
		"window_minutes", "visits", "legal_basis", "keywords")
	offices := officesByLevel(places)
	for _, row := range table.Rows {
		item := readItem(row, departments)
		checkTimes(row, item)
		if row.Unique("code") && item.Code != "" {
			items[item.Code] = item
		}
		row.Unique("name")
		item.sound = row.Sound()
		checkOffices(row, item, offices)
	}
	if table.Found && len(table.Rows) == 0 {
		book.Fault(itemsFile, 1, "", "没有任何事项")
	}
	return items
}

func readItem(row *sheet.Row, departments map[DepartmentCode]*Department) *Item {
	department, _ := sheet.Ref(row, "department", departments)
	return &Item{
		Code:          ItemCode(row.Code("code")),
		Name:          row.Need("name"),
		NameEn:        row.Text("name_en"),
		Department:    department,
		Category:      row.Need("category"),
		Subject:       sheet.Enum(row, "subject", Natural, Legal, Both),
		Tier:          sheet.Enum(row, "tier", Simple, General, Complex),
		LegalDays:     row.IntOr("legal_days", 0, 1, maxDays),
		LegalUnit:     WorkingDays,
		PromiseDays:   row.Int("promise_days", 0, maxDays),
		AcceptLevels:  readLevels(row),
		DecideLevel:   readLevel(row, "decide_level", row.Need("decide_level")),
		Citywide:      row.Bool("citywide"),
		Online:        row.Bool("online"),
		Courier:       row.Bool("courier"),
		SelfService:   row.Bool("self_service"),
		Tolerant:      row.Bool("tolerant"),
		ToleranceDays: row.Int("tolerance_days", 0, maxDays),
		ResultName:    row.Text("result_name"),
		ResultKind:    sheet.Enum(row, "result_kind", ResultLicence, ResultCertificate, ResultApproval, ResultNotice, ResultNone),
		IdentityLevel: row.Int("identity_level", 1, 4),
		WindowMinutes: row.Int("window_minutes", 1, 480),
		Visits:        row.Int("visits", 0, 20),
		LegalBasis:    row.Text("legal_basis"),
		Keywords:      row.List("keywords"),
	}
}

func readLevels(row *sheet.Row) (levels []place.Level) {
	row.Need("accept_levels")
	for _, name := range row.List("accept_levels") {
		if level := readLevel(row, "accept_levels", name); level != 0 {
			levels = append(levels, level)
		}
	}
	slices.Sort(levels)
	slices.Reverse(levels)
	return levels
}

func readLevel(row *sheet.Row, column, name string) place.Level {
	level, ok := place.ParseLevel(name)
	if !ok && name != "" {
		row.Fault(column, "应为 village、town、district、city 之一：%s", name)
	}
	return level
}

// checkTimes applies R-03 (a promise keeps within the law) and R-09 (a
// supplement comes at least two working days before the promised end, and
// within twenty).
func checkTimes(row *sheet.Row, item *Item) {
	if !row.Sound() {
		return
	}
	if item.LegalDays > 0 && item.PromiseDays > item.LegalDays {
		row.Fault("promise_days", "承诺时限 %d 不得超过法定时限 %d", item.PromiseDays, item.LegalDays)
	}
	most := min(20, item.PromiseDays-2)
	switch days := item.ToleranceDays; {
	case !item.Tolerant && days != 0:
		row.Fault("tolerance_days", "不可容缺的事项应为 0：%d", days)
	case item.Tolerant && most < 1:
		row.Fault("promise_days", "可容缺的事项承诺时限至少 3 个工作日（R-09）：%d", item.PromiseDays)
	case item.Tolerant && (days < 1 || days > most):
		row.Fault("tolerance_days", "补齐时限应在 1 到 %d 个工作日之间（R-09）：%d", most, days)
	}
}

// officesByLevel counts offices, or gives nil when that would mean nothing:
// nobody asked, or an office's level could not be read.
func officesByLevel(places *place.Register) map[place.Level]int {
	if places == nil {
		return nil
	}
	count := map[place.Level]int{}
	for _, o := range places.Offices() {
		if o.Level == 0 {
			return nil
		}
		count[o.Level]++
	}
	return count
}

// checkOffices sees to it that the item can be accepted and decided somewhere.
func checkOffices(row *sheet.Row, item *Item, offices map[place.Level]int) {
	if len(offices) == 0 {
		return
	}
	for _, level := range item.AcceptLevels {
		if offices[level] == 0 {
			row.Fault("accept_levels", "没有 %s 级的办事网点可以受理", level)
		}
	}
	if item.DecideLevel != 0 && offices[item.DecideLevel] == 0 {
		row.Fault("decide_level", "没有 %s 级的办事网点可以审批", item.DecideLevel)
	}
}
