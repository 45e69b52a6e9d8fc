package circle

import "github.com/yimen-gov/yimen/pkg/fault"

// Mode is the way a person travels (出行方式).
type Mode uint8

// The modes.
const (
	Walk Mode = iota
	EBike
	Car
)

// Modes lists every mode, in the order of their numbers.
var Modes = [...]Mode{Walk, EBike, Car}

// The faults of a question's mode and minutes.
var (
	ErrUnknownMode = fault.New(fault.Invalid, "circle.unknown_mode", "没有这种出行方式，请选择步行（walk）、电动车（ebike）或驾车（car）")
	ErrMinutes     = fault.New(fault.Invalid, "circle.minutes", "服务圈的时间须为 1 至 30 分钟，请重新选择")
)

var modeNames = [...]string{"walk", "ebike", "car"}

var modeWords = [...]string{"步行", "骑电动车", "驾车"}

// ParseMode reads "walk", "ebike" or "car". Errors: ErrUnknownMode.
func ParseMode(s string) (Mode, error) {
	for m, name := range modeNames {
		if s == name {
			return Mode(m), nil
		}
	}
	return 0, ErrUnknownMode
}

func (m Mode) String() string {
	if !m.Valid() {
		return "unknown"
	}
	return modeNames[m]
}

// Words gives the mode in Chinese: 步行, 骑电动车, 驾车.
func (m Mode) Words() string {
	if !m.Valid() {
		return "未知方式"
	}
	return modeWords[m]
}

// Valid says whether m is one of Modes.
func (m Mode) Valid() bool { return int(m) < len(modeNames) }

// CheckMinutes refuses a circle that is empty or wider than the road index
// looks. Errors: ErrMinutes.
func CheckMinutes(minutes int) error {
	if minutes < MinMinutes || minutes > MaxMinutes {
		return ErrMinutes
	}
	return nil
}
