package catalog

import (
	"math/bits"
	"strings"
	"unicode/utf8"

	"github.com/mozillazg/go-pinyin"
)

// pinyinIndex finds by pinyin: initials, whole syllables, or a mix. A character
// with several readings is found by each of them.
type pinyinIndex struct {
	chars    []char
	firsts   []uint32 // by charID: the first letters of the readings, as bits
	charOf   map[rune]charID
	phrases  []spoken
	rows     []charID
	initials map[letters][]spokenID // by two and three neighbouring initials
	syllable map[string][]spokenID  // by a whole syllable
	partial  map[string]bool        // every beginning of a syllable
}

// char is a character with its readings, the usual one first; a letter or digit
// reads as itself.
type char struct{ readings []string }

type (
	charID   uint32
	spokenID uint32

	// letters are up to three letters as a number to base 32, "a" as 1.
	letters uint16
)

func (l letters) with(letter byte) letters { return l<<5 | letters(letter-'a'+1) }

// spoken is a phrase as a row of characters, which stand in pinyinIndex.rows:
// side by side, since a search walks thousands of them.
type spoken struct {
	doc      doc
	from, to uint32
	kind     kind
}

func newPinyinIndex() *pinyinIndex {
	return &pinyinIndex{
		charOf:   map[rune]charID{},
		initials: map[letters][]spokenID{},
		syllable: map[string][]spokenID{},
		partial:  map[string]bool{},
	}
}

func (x *pinyinIndex) add(d doc, k kind, text string) {
	from := len(x.rows)
	for _, c := range text {
		x.rows = append(x.rows, x.char(c))
	}
	id := spokenID(len(x.phrases))
	x.phrases = append(x.phrases, spoken{d, uint32(from), uint32(len(x.rows)), k})
	chars := x.rows[from:]
	for i, c := range chars {
		for _, reading := range x.chars[c].readings {
			post(x.syllable, reading, id)
		}
		x.postInitials(0, chars[i:min(i+3, len(chars))], id)
	}
}

// postInitials posts every row of two and three initials that the characters
// can begin with.
func (x *pinyinIndex) postInitials(before letters, chars []charID, id spokenID) {
	if before > letters(0).with('z') {
		post(x.initials, before, id)
	}
	if len(chars) == 0 {
		return
	}
	for set := x.firsts[chars[0]]; set != 0; set &= set - 1 {
		letter := byte('a' + bits.TrailingZeros32(set))
		x.postInitials(before.with(letter), chars[1:], id)
	}
}

func post[K comparable](index map[K][]spokenID, key K, id spokenID) {
	list := index[key]
	if n := len(list); n == 0 || list[n-1] != id {
		index[key] = append(list, id)
	}
}

func (x *pinyinIndex) char(c rune) charID {
	if id, ok := x.charOf[c]; ok {
		return id
	}
	id := charID(len(x.chars))
	x.charOf[c] = id
	ch := char{readingsOf(c)}
	first := uint32(0)
	for _, reading := range ch.readings {
		first |= letterBit(reading[0])
		for n := range reading {
			x.partial[reading[:n+1]] = true
		}
	}
	x.chars, x.firsts = append(x.chars, ch), append(x.firsts, first)
	return id
}

// letterBit gives no bit for digits, nor for syllables such as ê.
func letterBit(letter byte) uint32 {
	if letter < 'a' || letter > 'z' {
		return 0
	}
	return 1 << (letter - 'a')
}

var allReadings = pinyin.Args{Style: pinyin.Normal, Heteronym: true, Fallback: asItself}

// asItself reads letters and digits; nothing else is without pinyin.
func asItself(c rune, _ pinyin.Args) []string {
	if c < utf8.RuneSelf {
		return []string{string(c)}
	}
	return nil
}

// readingsOf gives the readings without tones. What has ü is found by v and by u.
func readingsOf(c rune) []string {
	var readings []string
	for _, reading := range pinyin.SinglePinyin(c, allReadings) {
		readings = append(readings, reading)
		if strings.Contains(reading, "v") {
			readings = append(readings, strings.Replace(reading, "v", "u", 1))
		}
	}
	return readings
}
