package place

import (
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/sheet"
)

// OfficeCode is the key of an office, such as "440604010001-A".
type OfficeCode string

// Trust says how far an office's position may be believed.
type Trust string

// The degrees of trust.
const (
	Exact       Trust = "exact"       // surveyed, or confirmed by the city
	Approximate Trust = "approximate" // a centre known to within about 2 km
	Synthetic   Trust = "synthetic"   // made up inside the district
)

// Office is a place where people are served (政务服务中心、便民服务站).
type Office struct {
	Code           OfficeCode
	Name           string
	Level          Level
	Division       DivisionCode // the area that it serves
	District       DivisionCode // empty for an office above every district
	Position       Position
	Trust          Trust
	Windows        int // counters, at least 1
	Hours          Hours
	SelfService24h bool // has a self-service zone open round the clock
	Terminals      int  // self-service machines
}

// ErrNoOffice says that there is no office with this code.
var ErrNoOffice = fault.New(fault.NotFound, "place.no_office", "没有这个办事网点，请重新选择")

const officesFile = "offices.csv"

// The box around China's land in WGS-84 degrees. A swapped or projected
// coordinate falls outside.
const (
	west, east   = 73, 136
	south, north = 3, 54
)

func readOffices(book *sheet.Book, places *Register) {
	table := book.Table(officesFile, "code", "name", "level", "division", "district", "lng", "lat",
		"position", "windows", "hours", "self_service_24h", "terminals")
	for _, row := range table.Rows {
		o := readOffice(row)
		if row.Unique("code") && o.Code != "" {
			places.offices[o.Code] = o
		}
		checkArea(row, o, places)
	}
	if table.Found && len(table.Rows) == 0 {
		book.Fault(officesFile, 1, "", "没有任何办事网点")
	}
}

func readOffice(row *sheet.Row) *Office {
	o := &Office{
		Code:           OfficeCode(row.Code("code")),
		Name:           row.Need("name"),
		Division:       DivisionCode(row.Need("division")),
		District:       DivisionCode(row.Text("district")),
		Position:       Position{Lng: row.Float("lng", west, east), Lat: row.Float("lat", south, north)},
		Trust:          sheet.Enum(row, "position", Exact, Approximate, Synthetic),
		Windows:        row.Int("windows", 1, 1000),
		SelfService24h: row.Bool("self_service_24h"),
		Terminals:      row.Int("terminals", 0, 1000),
	}
	if o.SelfService24h && o.Terminals == 0 && row.Sound() {
		row.Fault("terminals", "有 24 小时自助区的网点至少有 1 台终端")
	}
	o.Level, _ = ParseLevel(sheet.Enum(row, "level", "village", "town", "district", "city"))
	if text := row.Need("hours"); text != "" {
		hours, err := ParseHours(text)
		if err != nil {
			row.Fault("hours", err.Error())
		}
		o.Hours = hours
	}
	return o
}

// checkArea compares the office with the divisions that it names.
func checkArea(row *sheet.Row, o *Office, places *Register) {
	if o.Division == "" {
		return
	}
	d, ok := sheet.Ref(row, "division", places.divisions)
	if !ok || d.Level == 0 {
		return
	}
	if o.Level != 0 && o.Level != d.Level {
		row.Fault("level", "与区划 %s 的级别不一致：应为 %s", string(d.Code), d.Level)
	}
	if !places.rooted(d.Code) {
		return // a fault of divisions.csv, told there
	}
	switch want := places.districtOf(d.Code); {
	case o.District == want:
	case want == "":
		row.Fault("district", "该网点不在任何区之内，这一格应留空")
	default:
		row.Fault("district", "应为区划 %s 所在的区：%s", string(d.Code), string(want))
	}
}
