package delivery

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Way is how the result reaches the person.
type Way string

// The ways. Who has not chosen collects at the window.
const (
	ByCourier Way = "courier" // 快递送达
	AtWindow  Way = "window"  // 窗口领取
)

// Choice is the way that a person has chosen for a case. The rest is for a
// courier only, and is not kept otherwise.
type Choice struct {
	Case      string
	Way       Way
	Recipient citizen.Name
	Phone     citizen.Phone
	Address   string
	Area      string             // where to, no closer than a town: all that a courier sees before pick-up
	Company   string             // "" = the office decides
	Division  place.DivisionCode // where to, as a code; "" = not told
	Fee       int64              // fen that the person agrees to pay that company
	ChosenAt  time.Time
}

// Wish is a choice as it was typed.
type Wish struct {
	Way                             Way
	Recipient, Phone, Address, Area string
	Company                         string
	Division                        place.DivisionCode
}

// What can be wrong with a choice.
var (
	ErrWish     = fault.New(fault.Invalid, "delivery.choice", "送达信息有误，请按提示逐项更正后再提交")
	ErrNoChoice = fault.New(fault.NotFound, "delivery.no_choice", "还没有选择送达方式，请选择；不选择的，请到受理窗口领取")
	ErrNotSent  = fault.New(fault.Conflict, "delivery.not_sent", "本事项的结果不能快递送达，请选择到窗口领取")
	ErrOver     = fault.New(fault.Conflict, "delivery.over", "这个办件已经结束，不能再选择送达方式；如有疑问请联系受理网点")
	ErrOnItsWay = fault.New(fault.Conflict, "delivery.on_its_way", "运单已经制作，不能再更改送达方式；如地址有误，请联系受理网点")
)

var (
	wrongWay      = fault.Field{Path: "body.way", Text: "应为 courier（快递）或 window（窗口领取）"}
	wrongAddress  = fault.Field{Path: "body.address", Text: "请填写5至200个字的详细地址，不要换行"}
	wrongDivision = fault.Field{Path: "body.division", Text: "请选择收件地区所在的区、镇街或村居"}
	wrongArea     = fault.Field{Path: "body.area", Text: "请填写2至40个字的所在地区，写到区和镇街即可"}
)

// read checks a wish and names everything that is wrong with it. Error: ErrWish.
func (w Wish) read() (c Choice, err error) {
	switch w.Way {
	case AtWindow:
		return Choice{Way: AtWindow}, nil
	case ByCourier:
		return w.address()
	default:
		return c, ErrWish.With(wrongWay)
	}
}

func (w Wish) address() (c Choice, err error) {
	var wrong []fault.Field
	c = Choice{Way: w.Way, Address: strings.TrimSpace(w.Address), Area: strings.TrimSpace(w.Area), Company: w.Company, Division: w.Division}
	if c.Recipient, err = citizen.ParseName(w.Recipient); err != nil {
		wrong = append(wrong, fault.Field{Path: "body.recipient", Text: fault.From(err).Text})
	}
	if c.Phone, err = citizen.ParsePhone(w.Phone); err != nil {
		wrong = append(wrong, fault.Field{Path: "body.phone", Text: fault.From(err).Text})
	}
	if !within(c.Address, 5, 200) {
		wrong = append(wrong, wrongAddress)
	}
	if !within(c.Area, 2, 40) {
		wrong = append(wrong, wrongArea)
	}
	if wrong != nil {
		return Choice{}, ErrWish.With(wrong...)
	}
	return c, nil
}

// within counts characters.
func within(text string, least, most int) bool {
	return utf8.RuneCountInString(text) >= least && plain(text, most)
}
