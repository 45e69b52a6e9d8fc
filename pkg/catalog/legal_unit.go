package catalog

import "github.com/yimen-gov/yimen/pkg/sheet"

const legalUnitsFile = "catalogue/legal_units.csv"

// readLegalUnits reads the items whose law does not count working days. The
// sheet may be left out: then all laws count working days.
func readLegalUnits(book *sheet.Book, items map[ItemCode]*Item) {
	if !book.Has(legalUnitsFile) {
		return
	}
	for _, row := range book.Table(legalUnitsFile, "item", "unit", "months").Rows {
		unit := sheet.Enum(row, "unit", WorkingDays, CalendarDays, Months)
		months := row.IntOr("months", 0, 1, 60)
		if unit != "" && (unit == Months) != (months > 0) {
			row.Fault("months", "单位为 months 时必填，其他单位应留空")
		}
		row.Unique("item")
		item, ok := sheet.Ref(row, "item", items)
		if !ok || !row.Sound() {
			continue
		}
		if item.LegalDays == 0 && item.sound {
			row.Fault("item", "事项 %s 没有 legal_days", string(item.Code))
		}
		item.LegalUnit, item.LegalMonths = unit, months
	}
}
