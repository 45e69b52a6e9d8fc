package workday

import (
	"time"

	"github.com/6tail/lunar-go/HolidayUtil"
	"github.com/6tail/lunar-go/calendar"
)

// builtIn gives the State Council's arrangement of a year, as far as the
// library has it.
func builtIn(year int) []Entry {
	var entries []Entry
	for e := HolidayUtil.GetHolidaysByYear(year).Front(); e != nil; e = e.Next() {
		day := e.Value.(*HolidayUtil.Holiday)
		date, err := ParseDate(day.GetDay())
		if err != nil || date.Year != year {
			continue // the library looks for text, and may find it elsewhere
		}
		entries = append(entries, Entry{Date: date, Kind: kindOf(day), Name: holidayName(day.GetName())})
	}
	return entries
}

func kindOf(day *HolidayUtil.Holiday) Kind {
	if day.IsWork() {
		return Makeup
	}
	return Holiday
}

func holidayName(name string) string {
	switch name {
	case "元旦节":
		return "元旦"
	case "国庆中秋":
		return "国庆节、中秋节"
	}
	return name
}

// statutory gives the holidays that all people have by law (全国年节及纪念日
// 放假办法): as changed from 2008, and with two days more from 2025.
func statutory(year int) []Entry {
	if year < firstYear || year > lastYear {
		return nil // the lunar calendar is not computed so far away
	}
	spring := lunar(year, 1, 1)
	days := []Entry{{Date{year, time.January, 1}, Holiday, "元旦"}}
	if year >= 2025 {
		days = append(days, Entry{spring.AddDays(-1), Holiday, "春节"}) // 除夕
	}
	days = append(days,
		Entry{spring, Holiday, "春节"},
		Entry{spring.AddDays(1), Holiday, "春节"},
		Entry{spring.AddDays(2), Holiday, "春节"},
		Entry{Date{year, time.May, 1}, Holiday, "劳动节"})
	if year >= 2025 {
		days = append(days, Entry{Date{year, time.May, 2}, Holiday, "劳动节"})
	}
	if year >= 2008 {
		days = append(days,
			Entry{clearBright(year), Holiday, "清明节"},
			Entry{lunar(year, 5, 5), Holiday, "端午节"},
			Entry{lunar(year, 8, 15), Holiday, "中秋节"})
	}
	for day := 1; day <= 3; day++ { // last: where 中秋节 falls on it, 国庆节 names the day
		days = append(days, Entry{Date{year, time.October, day}, Holiday, "国庆节"})
	}
	return days
}

func lunar(year, month, day int) Date {
	return solar(calendar.NewLunarFromYmd(year, month, day).GetSolar())
}

// clearBright is the solar term 清明, in Beijing time.
func clearBright(year int) Date {
	return solar(calendar.NewLunarFromYmd(year, 1, 1).GetJieQiTable()["清明"])
}

func solar(s *calendar.Solar) Date {
	return Date{s.GetYear(), time.Month(s.GetMonth()), s.GetDay()}
}
