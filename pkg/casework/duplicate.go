package casework

import (
	"strings"

	"github.com/yimen-gov/yimen/pkg/catalog"
)

// contact are fields that say how to reach somebody, not what is asked for:
// another phone does not make another application.
var contact = map[string]bool{
	"applicant_phone": true, "agent_name": true, "agent_id_number": true, "agent_phone": true,
}

// alike says whether two applications of one person for one item ask for the
// same. Spaces, full-width letters and letter case make no difference.
func alike(item *catalog.Item, a, b Case) bool {
	if a.Subject != b.Subject {
		return false
	}
	for _, f := range item.Fields {
		if !contact[f.Name] && plain(a.Form[f.Name]) != plain(b.Form[f.Name]) {
			return false
		}
	}
	return true
}

func plain(text string) string {
	narrow := strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' { // full-width forms of ASCII
			return r - '！' + '!'
		}
		return r
	}, text)
	return strings.ToLower(strings.Join(strings.Fields(narrow), ""))
}
