// Package archtest holds the house to its plan: which packages there are, and
// which way the arrows point.
package archtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/yimen-gov/yimen/"

// rooms are all packages. A new one is added here with a reason in a decision
// page, or it is not added.
var rooms = []string{
	"deploy/foshan",
	"miniprogram-api/admin", "miniprogram-api/api", "miniprogram-api/callback", "miniprogram-api/citizen", "miniprogram-api/courier", "miniprogram-api/display", "miniprogram-api/lite", "miniprogram-api/village",
	"miniprogram-api/wechat", "miniprogram-api/wechat/sandbox",
	"pkg/appointment", "pkg/carrier", "pkg/casework", "pkg/catalog", "pkg/circle", "pkg/circle/coverage", "pkg/circle/road", "pkg/circulation", "pkg/citizen", "pkg/city", "pkg/delivery", "pkg/dossier", "pkg/errand",
	"pkg/exchange", "pkg/fault", "pkg/ledger", "pkg/licence", "pkg/nearby", "pkg/notify", "pkg/once", "pkg/place",
	"pkg/queue", "pkg/rating", "pkg/rush", "pkg/scan", "pkg/seal", "pkg/sheet", "pkg/staff", "pkg/workday",
	"server", "server/archtest", "server/bench", "server/demo", "server/meter", "server/outbound", "server/outbound/couriers", "server/outbound/hub", "server/outbound/maps", "server/roads", "server/soak", "server/worker",
	"server/outbound/clamd",
	"pkg/paper", "pkg/credit", "pkg/stage",
	"pkg/terminal", "miniprogram-api/terminal",
	"storage/archive", "storage/blob", "storage/cache", "storage/circlefile", "storage/jobs", "storage/sqlstore", "storage/storetest",
}

// may says which floors a floor may use. Only server sees everything.
var may = map[string][]string{
	"pkg":             {"pkg"},
	"storage":         {"pkg", "storage"},
	"miniprogram-api": {"pkg", "miniprogram-api"},
	"server":          {"pkg", "storage", "miniprogram-api", "server", "deploy"},
	"deploy":          {},
}

// forbidden to pkg: whoever imports these does not decide, but acts.
var forbidden = []string{"net/http", "database/sql", "os", "os/exec", "net", "syscall", "embed"}

// allowed are the libraries that pkg may use, and where.
var allowed = map[string][]string{
	"pkg/catalog": {"github.com/mozillazg/go-pinyin"},
	"pkg/workday": {"github.com/6tail/lunar-go"},
	"pkg/seal":    {"github.com/emmansun/gmsm"},
	"pkg/staff":   {"github.com/pquerna/otp"},
	"pkg/ledger":  {"golang.org/x/mod", "github.com/emmansun/gmsm"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func list(t *testing.T) (all []goPackage) {
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", module+"...")
	out, err := cmd.Output()
	require.NoError(t, err)
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else {
			require.NoError(t, err)
		}
		all = append(all, p)
	}
}

func TestEveryPackageIsARoomOfThePlan(t *testing.T) {
	var have []string
	for _, p := range list(t) {
		have = append(have, strings.TrimPrefix(p.ImportPath, module))
	}
	slices.Sort(have)
	require.Equal(t, slices.Sorted(slices.Values(rooms)), have,
		"the list of rooms (here) and the packages differ: a new room needs a decision page")
}

func TestArrowsPointAtPkg(t *testing.T) {
	for _, p := range list(t) {
		from := strings.TrimPrefix(p.ImportPath, module)
		for _, imported := range p.Imports {
			to, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			if from == "storage/storetest" && to == "deploy/foshan" {
				continue // the suite runs on the sample city
			}
			require.Contains(t, may[floor(from)], floor(to),
				"%s imports %s: %s may use only %v", from, to, floor(from), may[floor(from)])
			require.False(t, to == "server", "%s imports the command", from)
		}
	}
}

func TestPkgDecidesAndDoesNotAct(t *testing.T) {
	for _, p := range list(t) {
		from := strings.TrimPrefix(p.ImportPath, module)
		if floor(from) != "pkg" {
			continue
		}
		for _, imported := range p.Imports {
			require.NotContains(t, forbidden, imported, "%s imports %s: pkg has no I/O", from, imported)
			if strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") && !strings.HasPrefix(imported, module) {
				require.True(t, isAllowed(from, imported), "%s imports %s, which is not on the allow-list", from, imported)
			}
		}
	}
}

func isAllowed(from, imported string) bool {
	return slices.ContainsFunc(allowed[from], func(lib string) bool {
		return imported == lib || strings.HasPrefix(imported, lib+"/")
	})
}

// shapeless names say nothing about what a package decides.
func TestNoPackageHasAShapelessName(t *testing.T) {
	for _, p := range list(t) {
		for part := range strings.SplitSeq(strings.TrimPrefix(p.ImportPath, module), "/") {
			require.NotContains(t, []string{"util", "utils", "common", "types", "models", "helpers"}, part)
		}
	}
}

func floor(room string) string {
	name, _, _ := strings.Cut(room, "/")
	return name
}
