package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/city"
)

// folder is a city's folder that a test may change.
type folder struct {
	t    testing.TB
	path string
}

// sampleFolder copies the sample city out of the program.
func sampleFolder(t testing.TB) folder {
	t.Helper()
	f := folder{t, t.TempDir()}
	for _, name := range city.Files() {
		data, err := fs.ReadFile(foshan.Files, name)
		require.NoError(t, err)
		f.write(name, string(data))
	}
	return f
}

func (f folder) write(name, text string) {
	f.t.Helper()
	path := filepath.Join(f.path, filepath.FromSlash(name))
	require.NoError(f.t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(f.t, os.WriteFile(path, []byte(text), 0o600))
}

func (f folder) read(name string) string {
	f.t.Helper()
	data, err := os.ReadFile(filepath.Join(f.path, filepath.FromSlash(name)))
	require.NoError(f.t, err)
	return string(data)
}

// change replaces one text that must be there.
func (f folder) change(name, old, new string) {
	f.t.Helper()
	text := f.read(name)
	require.Contains(f.t, text, old, name)
	f.write(name, strings.Replace(text, old, new, 1))
}

func (f folder) add(name, lines string) {
	f.t.Helper()
	f.write(name, strings.TrimRight(f.read(name), "\n")+"\n"+lines)
}

// imports runs the command beside the running instance.
func (f folder) imports(c *town) (status int, out, errs string) {
	f.t.Helper()
	var o, e bytes.Buffer
	status = run([]string{"import", "--city", f.path, "--data", c.data}, &o, &e)
	return status, o.String(), e.String()
}

// TestAnImportIsUsedWithinTwoSeconds: a new item, a moved office, another name,
// while the service runs.
func TestAnImportIsUsedWithinTwoSeconds(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	p.get("/api/v1/items/XX-0001").refused(404, "catalog.no_item")
	f := sampleFolder(t)
	f.add("catalogue/items.csv", `XX-0001,龙舟停放登记,Dragon boat berth,GA,公共服务,natural,simple,,0,village,village,true,true,false,false,false,0,回执,notice,3,6,0,村规民约,停龙舟|扒龙舟`+"\n")
	f.add("catalogue/item_materials.csv", "XX-0001,M-0048,true,1,,,false\n")
	f.add("catalogue/item_fields.csv", "XX-0001,applicant_name,申请人(经办人)姓名,text,true,公安人口库.姓名,\n")
	f.change("offices.csv", "113.106924,23.022186", "113.116924,23.032186")
	f.change("catalogue/items.csv", "SZ-0004,居住证申领,", "SZ-0004,居住证首次申领,")
	status, out, errs := f.imports(c)
	require.Zero(t, status, errs)
	require.Contains(t, out, "291 items, 830 offices: imported as edition 2")

	require.Eventually(t, func() bool { return p.get("/api/v1/items/XX-0001").status == 200 }, 2*time.Second, 20*time.Millisecond)
	require.Equal(t, "XX-0001", p.get("/api/v1/items?q=扒龙舟").ok().text("items.0.code"))
	require.Equal(t, 113.116924, p.get("/api/v1/offices/440604000000-A").ok().at("lng"))
	guide := p.get("/api/v1/items/" + permitItem).ok()
	require.Equal(t, "居住证首次申领", guide.text("name"))
	require.Equal(t, 2.0, guide.at("edition"))
	require.Equal(t, 2.0, p.get(p.open("XX-0001", villageOffice)).ok().at("edition"))
}

// TestAnAcceptedCaseKeepsItsEdition: the item asks for more from now on, but
// not of those who have been accepted; a draft follows.
func TestAnAcceptedCaseKeepsItsEdition(t *testing.T) {
	c := newTown(t, tuesday)
	w, p := c.crew(t), c.citizen(t)
	accepted, draft := p.tolerated(), p.permitDraft()
	f := sampleFolder(t)
	f.add("catalogue/item_materials.csv", "SZ-0004,M-0072,true,0,,,false\n") // a bank account, from now on
	f.change("catalogue/items.csv", "SZ-0004,居住证申领,Residence permit application,GA,确认,natural,general,15,10,", "SZ-0004,居住证申领,Residence permit application,GA,确认,natural,general,15,12,")
	status, _, errs := f.imports(c)
	require.Zero(t, status, errs)
	require.Eventually(t, func() bool { return p.get("/api/v1/items/"+permitItem).at("edition") == 2. }, 2*time.Second, 20*time.Millisecond)
	require.Len(t, p.get("/api/v1/items/"+permitItem).ok().list("checklist"), 7, "the guide is the new one")

	cs := p.get(accepted).ok()
	require.Equal(t, 1.0, cs.at("edition"))
	require.Len(t, cs.list("materials"), 6, "the case is the old one")
	p.upload(accepted+"/files", "M-0072", photo).refused(404, "casework.no_material")
	w.grant(p, accepted)
	require.Equal(t, "granted", p.get(accepted).ok().text("state"))

	require.Len(t, p.get(draft).ok().list("materials"), 7)
	p.upload(draft+"/files", permitPhoto, photo).ok()
	p.upload(draft+"/files", permitLease, photo).ok()
	r := p.post(draft+"/submit", nil).ok()
	require.Equal(t, "R-13", r.text("rule"))
	require.Equal(t, "M-0072", r.text("missing.0.material"))
	require.Equal(t, 2.0, r.at("case.edition"))
}

// TestTheSameFilesAreNoNewEdition, in whatever folder they lie and whatever
// lies beside them.
func TestTheSameFilesAreNoNewEdition(t *testing.T) {
	c := newTown(t, tuesday)
	f := sampleFolder(t)
	f.write("catalogue/notes.txt", "not read")
	status, out, errs := f.imports(c)
	require.Zero(t, status, errs)
	require.Contains(t, out, "unchanged, still edition 1")
	require.Equal(t, 1, c.count(t, "SELECT count(*) FROM edition"))
	f.change("catalogue/items.csv", "居住证申领", "居住证办理")
	_, out, _ = f.imports(c)
	require.Contains(t, out, "imported as edition 2")
	_, out, _ = sampleFolder(t).imports(c)
	require.Contains(t, out, "imported as edition 3", "the old files again are a new edition, since they are not in force")
}

// TestAFolderWithManyFaultsLoadsNothingAndTellsEach with file, line, column and
// reason.
func TestAFolderWithManyFaultsLoadsNothingAndTellsEach(t *testing.T) {
	c := newTown(t, tuesday)
	before := c.rows(t)
	f := sampleFolder(t)
	var want []string
	spoil := func(name, line, old, new, column string) {
		at := strings.Count(f.read(name)[:strings.Index(f.read(name), line)], "\n") + 1
		f.change(name, line, strings.Replace(line, old, new, 1))
		want = append(want, fmt.Sprintf(`%s:%d: %s`, name, at, column))
	}
	for i, code := range []string{"HJ-0001", "HJ-0002", "HJ-0004", "HJ-0006", "HJ-0007"} {
		line := regexp.MustCompile(`(?m)^` + code + `,.*$`).FindString(f.read("catalogue/items.csv"))
		cells := strings.Split(line, ",")
		spoil("catalogue/items.csv", line, ","+cells[5]+","+cells[6]+",", []string{",nobody,simple,", ",natural,hard,", ",,general,", ",natural,,", ",NATURAL,general,"}[i],
			[]string{"subject", "tier", "subject", "tier", "subject"}[i])
	}
	for _, code := range []string{"M-0001", "M-0002", "M-0004", "M-0007", "M-0012"} {
		line := regexp.MustCompile(`(?m)^` + code + `,.*$`).FindString(f.read("catalogue/materials.csv"))
		spoil("catalogue/materials.csv", line, ",electronic,", ",papyrus,", "form")
	}
	for _, code := range []string{"440604012001-A", "440604012002-A", "440604012005-A", "440604012006-A", "440604012007-A"} {
		line := regexp.MustCompile(`(?m)^` + code + `,.*$`).FindString(f.read("offices.csv"))
		lng := regexp.MustCompile(`,113\.\d+,`).FindString(line)
		spoil("offices.csv", line, lng, ",east,", "lng")
	}
	for _, c := range [][2]string{
		{"catalogue/pushes.csv", "HJ-0001,SY-0007"}, {"catalogue/pushes.csv", "HJ-0001,SY-0008"},
		{"catalogue/item_materials.csv", "SZ-0004,M-0071"}, {"catalogue/item_materials.csv", "SZ-0004,M-0048"},
		{"catalogue/life_stage_items.csv", "LS-1,HJ-0002"},
	} {
		line := regexp.MustCompile(`(?m)^` + c[1] + `.*$`).FindString(f.read(c[0]))
		spoil(c[0], line, c[1], c[1][:len(c[1])-4]+"9999", "")
	}
	require.Len(t, want, 20)

	status, out, errs := f.imports(c)
	require.Equal(t, 1, status)
	require.Empty(t, out)
	for _, w := range want {
		line := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(w) + `.*$`).FindString(errs)
		require.NotEmpty(t, line, "%s is not told:\n%s", w, errs)
		require.Regexp(t, `^\S+:\d+: \S+: \S`, line, "file, line, column, reason")
	}
	require.Contains(t, errs, "nothing was loaded")
	require.Equal(t, before, c.rows(t))
	require.Equal(t, 1.0, c.nobody(t).get("/api/v1/items/"+permitItem).ok().at("edition"))
}

// TestAFolderThatIsNoneIsOneClearLine: missing, a file, empty, unreadable.
func TestAFolderThatIsNoneIsOneClearLine(t *testing.T) {
	c := newTown(t, tuesday)
	before := c.rows(t)
	file := filepath.Join(t.TempDir(), "city.zip")
	require.NoError(t, os.WriteFile(file, []byte("PK"), 0o600))
	for _, path := range []string{filepath.Join(t.TempDir(), "absent"), file, ""} {
		status, out, errs := folder{t, path}.imports(c)
		require.Contains(t, []int{1, 2}, status, path)
		require.Empty(t, out)
		requireOneLine(t, strings.SplitN(errs, "\nTry: ", 2)[0], path)
	}
	status, _, errs := folder{t, t.TempDir()}.imports(c)
	require.Equal(t, 1, status)
	for _, name := range []string{"offices.csv", "divisions.csv", "catalogue/items.csv"} {
		require.Contains(t, errs, name)
	}
	odd := sampleFolder(t)
	require.NoError(t, os.Remove(filepath.Join(odd.path, "offices.csv")))
	require.NoError(t, os.Mkdir(filepath.Join(odd.path, "offices.csv"), 0o700))
	status, _, errs = odd.imports(c)
	require.Equal(t, 1, status)
	require.Contains(t, errs, "offices.csv")
	require.Equal(t, before, c.rows(t))
}

// TestACityMayBeImportedBeforeTheFirstStart: then the sample city is not loaded.
func TestACityMayBeImportedBeforeTheFirstStart(t *testing.T) {
	data := t.TempDir()
	f := sampleFolder(t)
	f.change("catalogue/items.csv", "SZ-0004,居住证申领,", "SZ-0004,别处的居住证,")
	var out, errs bytes.Buffer
	require.Zero(t, run([]string{"import", "--city", f.path, "--data", data}, &out, &errs), &errs)
	c, err := openTown(data, tuesday)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.close()) })
	guide := c.nobody(t).get("/api/v1/items/" + permitItem).ok()
	require.Equal(t, "别处的居住证", guide.text("name"))
	require.Equal(t, 1.0, guide.at("edition"))
}
