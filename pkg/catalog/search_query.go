package catalog

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestQuery is how many characters of a query are looked at.
const longestQuery = 40

// query is what somebody typed, made ready.
type query struct {
	raw     string // folded
	text    string // folded, without filler, in canonical words
	letters string // the letters when nothing else is left: perhaps pinyin
	breaks  []bool // by position in letters: a syllable may not run over it

	chars, rawChars charSet // of text and of raw
}

func newQuery(typed string) query {
	raw := fold(typed, longestQuery)
	bare := withoutFiller(raw)
	q := query{raw: canonical.Replace(raw)}
	if q.text = q.raw; bare != raw {
		q.text = canonical.Replace(bare)
	}
	q.chars, q.rawChars = charSetOf(q.text), charSetOf(q.raw)
	if isLetters(bare) {
		q.letters, q.breaks = bare, breaksOf(typed, bare)
	}
	return q
}

// fold brings text into one shape: full width to half, capitals to small
// letters, traditional characters to simplified, without space and marks.
// Only the first most characters that count are kept.
func fold(text string, most int) string {
	var b strings.Builder
	b.Grow(min(len(text), most*utf8.UTFMax))
	kept := 0
	for _, c := range text {
		if c = foldRune(c); c == 0 {
			continue
		}
		b.WriteRune(c)
		if kept++; kept == most {
			break
		}
	}
	return b.String()
}

// foldRune gives 0 for what does not count.
func foldRune(c rune) rune {
	if c >= '！' && c <= '～' { // the full-width forms of ASCII
		c -= '！' - '!'
	}
	switch {
	case c == 'ü' || c == 'Ü':
		return 'v' // as keyboards write it
	case c < utf8.RuneSelf:
		c = unicode.ToLower(c)
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			return c
		}
		return 0
	case !unicode.IsLetter(c) && !unicode.IsDigit(c):
		return 0
	}
	if simple, ok := simplified[c]; ok {
		return simple
	}
	return unicode.ToLower(c)
}

func isLetters(text string) bool {
	for _, c := range []byte(text) {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return text != ""
}

// breaksOf marks where spaces and apostrophes part the letters: "xi an".
func breaksOf(typed, letters string) []bool {
	breaks := make([]bool, len(letters)+1)
	at := 0
	for _, c := range typed {
		switch folded := foldRune(c); {
		case at == len(letters):
			return breaks
		case folded == rune(letters[at]):
			at++
		case folded == 0:
			breaks[at] = true
		}
	}
	return breaks
}
