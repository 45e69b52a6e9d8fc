package casework

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Paper (原件) is an original of a case as the clock of the case knows it. Where
// it travels, time goes on: carriage between offices is none of the steps that
// Art. 45 of the licensing law (行政许可法) leaves out.
type Paper struct {
	Material catalog.MaterialCode
	Where    string           // at_office, in_bag, missing, lost
	Office   place.OfficeCode // where it is, or was last
	To       place.OfficeCode // where its bag goes; "" = in no bag
	Since    time.Time
	Due      workday.Date // the last day for its bag to arrive; zero = not on the way
}

// Late says whether it should have arrived before today.
func (p Paper) Late(today workday.Date) bool { return !p.Due.IsZero() && p.Due.Before(today) }

// Words tells where it is, in Chinese.
func (p Paper) Words(today workday.Date) string {
	switch {
	case p.Where == "missing":
		return "拆袋时未见，正在查找，办理时限照常计算"
	case p.Where == "lost":
		return "已登记遗失，网点会与您联系，办理时限照常计算"
	case p.Late(today):
		return "流转已超过" + dayWords(p.Due) + "，正在催办，办理时限照常计算"
	case !p.Due.IsZero():
		return "流转途中，最迟" + dayWords(p.Due) + "送达，办理时限照常计算"
	case p.To != "":
		return "已装袋，待交接，办理时限照常计算"
	default:
		return "在网点保管"
	}
}
