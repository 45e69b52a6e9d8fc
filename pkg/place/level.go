// Package place (政务服务点与区划) holds a city's divisions and offices. It
// decides where things are: which office there is, what area it belongs to and
// when it is open.
package place

// Level is the rank of a division or office. A higher level is greater:
// Village < Town < District < City. The zero Level is none of them.
type Level uint8

// The levels, 村居、镇街、区、市.
const (
	Village Level = iota + 1
	Town
	District
	City
)

var levelNames = [...]string{"", "village", "town", "district", "city"}

// String gives "village", "town", "district" or "city".
func (l Level) String() string {
	if int(l) >= len(levelNames) {
		return ""
	}
	return levelNames[l]
}

// ParseLevel reads what String writes.
func ParseLevel(text string) (level Level, ok bool) {
	for l := Village; l <= City; l++ {
		if levelNames[l] == text {
			return l, true
		}
	}
	return 0, false
}

// Levels gives the levels, lowest first.
func Levels() []Level { return []Level{Village, Town, District, City} }
