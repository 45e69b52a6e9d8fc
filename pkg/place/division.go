package place

import (
	"regexp"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/sheet"
)

// DivisionCode is the National Bureau of Statistics' code, 12 digits.
type DivisionCode string

// Division is an area: the city, a district, a town or a village.
type Division struct {
	Code   DivisionCode
	Name   string
	Level  Level
	Parent DivisionCode // the city's own parent is not in the register

	// Special marks what the Bureau lists beside towns and villages without
	// being one: prisons, farms, forest farms. Such a place may have no office.
	Special bool
}

// ErrNoDivision says that there is no division with this code.
var ErrNoDivision = fault.New(fault.NotFound, "place.no_division", "没有这个区划，请重新选择所在地区")

const divisionsFile = "divisions.csv"

var twelveDigits = regexp.MustCompile(`^[0-9]{12}$`)

type divisionReader struct {
	rows map[DivisionCode]*sheet.Row
	all  map[DivisionCode]*Division
	city *sheet.Row
}

func readDivisions(book *sheet.Book) map[DivisionCode]*Division {
	d := divisionReader{rows: map[DivisionCode]*sheet.Row{}, all: map[DivisionCode]*Division{}}
	table := book.Table(divisionsFile, "code", "name", "level", "parent")
	for _, row := range table.Rows {
		d.add(row)
	}
	for code, row := range d.rows {
		d.checkParent(row, d.all[code])
	}
	if table.Found && d.city == nil {
		book.Fault(divisionsFile, 0, "", "没有 level 为 city 的区划")
	}
	return d.all
}

func (d *divisionReader) add(row *sheet.Row) {
	v := &Division{
		Code:   DivisionCode(row.Need("code")),
		Name:   row.Need("name"),
		Parent: DivisionCode(row.Text("parent")),
	}
	v.Level, v.Special = divisionLevel(row)
	if v.Code != "" && !twelveDigits.MatchString(string(v.Code)) {
		row.Fault("code", "应为 12 位数字：%s", string(v.Code))
	}
	if !row.Unique("code") || v.Code == "" {
		return
	}
	d.rows[v.Code], d.all[v.Code] = row, v
	if v.Level != City {
		return
	}
	if d.city != nil {
		row.Fault("level", "只能有一个市，第 %d 行已经是了", d.city.Line)
		v.Level = 0 // unknown: nothing below is measured by it
		return
	}
	d.city = row
}

func divisionLevel(row *sheet.Row) (level Level, special bool) {
	switch name := sheet.Enum(row, "level", "city", "district", "town", "village", "special", "special_village"); name {
	case "special":
		return Town, true
	case "special_village":
		return Village, true
	default:
		level, _ = ParseLevel(name)
		return level, false
	}
}

// checkParent sees to it that each parent is of a higher level, which also
// rules out circles. A level may be skipped: some cities have no districts.
func (d *divisionReader) checkParent(row *sheet.Row, v *Division) {
	if v.Level == City || !row.Sound() {
		return
	}
	parent, ok := sheet.Ref(row, "parent", d.all)
	if ok && parent.Level != 0 && parent.Level <= v.Level {
		row.Fault("parent", "上级区划的级别（%s）应高于本级（%s）", parent.Level, v.Level)
	}
}
