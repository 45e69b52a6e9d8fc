package city_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/sheet"
)

func TestTheSampleCityIsWhole(t *testing.T) {
	e, err := city.Read(foshan.Files)
	require.NoError(t, err)

	var requirements, fields, pushes int
	for _, item := range e.Catalogue.Items() {
		requirements += len(item.Requirements)
		fields += len(item.Fields)
		pushes += len(e.Catalogue.PushesAfter(item.Code))
	}
	require.Len(t, e.Catalogue.Items(), 290)
	require.Len(t, e.Catalogue.Materials(), 141)
	require.Equal(t, 1225, requirements)
	require.Equal(t, 2992, fields)
	require.Len(t, e.Catalogue.LifeStages(), 8)
	require.Len(t, e.Catalogue.Themes(), 38)
	require.Equal(t, 95, pushes)
	require.Len(t, e.Places.Offices(), 830)
	require.Len(t, e.Digest, 64)
	require.Zero(t, e.Version)
}

// copied is the sample city, to be changed.
func copied(t testing.TB) fstest.MapFS {
	files := fstest.MapFS{}
	for _, name := range city.Files() {
		data, err := fs.ReadFile(foshan.Files, name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: data}
	}
	return files
}

// edit changes one place of one file, which must be there.
func edit(t testing.TB, files fstest.MapFS, name, old, new string) {
	before, after, ok := strings.Cut(string(files[name].Data), old)
	require.True(t, ok, "%s holds no %q", name, old)
	files[name].Data = []byte(before + new + after)
}

func faultsOf(t *testing.T, err error) sheet.Faults {
	require.ErrorIs(t, err, city.ErrBadFiles)
	faults, ok := errors.AsType[sheet.Faults](err)
	require.True(t, ok)
	return faults
}

func TestTwentyFaultsInManyFilesAreAllTold(t *testing.T) {
	files := copied(t)
	for _, c := range [][3]string{
		{"divisions.csv", "440604010000,石湾镇街道,town", "44060401000,石湾镇街道,town"},
		{"divisions.csv", "440605000000,南海区,district", "440605000000,,district"},
		{"offices.csv", "113.121000,23.021500", "23.021500,23.021500"},
		{"offices.csv", "approximate,40", "approximate,-1"},
		{"offices.csv", "13,\"Mon-Fri 08:30-12:00,", "13,\"Mon-Fri 08:30-25:00,"},
		{"catalogue/departments.csv", "WJ,佛山市卫生健康局,", "GA,佛山市卫生健康局,"},
		{"catalogue/materials.csv", "Resident identity card,electronic", "Resident identity card,plastic"},
		{"catalogue/items.csv", "simple,,0,district|town,town,true", "simple,,today,district|town,town,true"},
		{"catalogue/items.csv", "HJ-0005,老年父母投靠子女入户,", "HJ-0005,\"老年\n父母投靠子女入户\","},
		{"catalogue/items.csv", "\nHJ-0010,市内户口迁移,", "\nHJ-0010,,"},
		{"catalogue/item_materials.csv", "HJ-0001,M-0049,true,1,,,false", "HJ-0001,M-0049,true,1,,,true"},
		{"catalogue/item_materials.csv", "HJ-0001,M-0007,true", "HJ-0001,M-7777,true"},
		{"catalogue/item_fields.csv", "HJ-0001,applicant_phone,联系手机,phone,true", "HJ-0001,applicant_phone,联系手机,phone,must"},
		{"catalogue/item_fields.csv", "HJ-0002,applicant_phone,联系手机,phone,true", "HJ-0002,applicant_phone,联系手机,text,true"},
		{"catalogue/life_stages.csv", "LS-3,就业创业,3", "LS-3,就业创业,三"},
		{"catalogue/life_stage_items.csv", "LS-1,HJ-0002", "LS-1,HJ-9999"},
		{"catalogue/pushes.csv", "HJ-0001,SY-0007", "HJ-0001,SY-9999"},
		{"catalogue/themes.csv", "ZT-03,开办药店,开零售药店,natural,true", "ZT-03,开办药店,开零售药店,natural,maybe"},
		{"catalogue/theme_items.csv", "ZT-01,SP-0001,2", "ZT-01,SP-0001,"},
		{"catalogue/theme_items.csv", "ZT-02,QY-0001,1", "ZT-02,QY-0004,1"},
		{"catalogue/legal_units.csv", "SZ-0001,calendar,", "SZ-0001,lunar,"},
	} {
		edit(t, files, c[0], c[1], c[2])
	}
	_, err := city.Read(files)
	var told []string
	for _, f := range faultsOf(t, err) {
		told = append(told, f.Where())
	}
	themes := lineOf(t, files, "catalogue/theme_items.csv", "ZT-02,QY-0004")
	phone := lineOf(t, files, "catalogue/item_fields.csv", "HJ-0002,applicant_phone")
	town := lineOf(t, files, "divisions.csv", "44060401000,石湾镇街道")
	for _, want := range []string{
		"divisions.csv:" + town + ": code",
		"divisions.csv:4: name",
		"offices.csv:2: lng",
		"offices.csv:3: windows",
		"offices.csv:4: hours",
		"catalogue/departments.csv:3: code",
		"catalogue/materials.csv:2: form",
		"catalogue/items.csv:2: promise_days",
		"catalogue/items.csv:12: name", // one line further down: a name above runs over two
		"catalogue/item_materials.csv:2: tolerable",
		"catalogue/item_materials.csv:3: material",
		"catalogue/item_fields.csv:4: required",
		"catalogue/item_fields.csv:" + phone + ": type",
		"catalogue/life_stages.csv:4: order",
		"catalogue/life_stage_items.csv:3: item",
		"catalogue/pushes.csv:2: push_item",
		"catalogue/themes.csv:4: joint",
		"catalogue/theme_items.csv:3: order",
		"catalogue/theme_items.csv:" + themes + ": item",
		"catalogue/legal_units.csv:2: unit",
	} {
		require.Contains(t, told, want)
	}
	require.NotContains(t, told, "catalogue/items.csv:6: name", "a line break in a name is no fault")
}

func lineOf(t *testing.T, files fstest.MapFS, name, part string) string {
	before, _, ok := strings.Cut(string(files[name].Data), part)
	require.True(t, ok)
	return sprint(strings.Count(before, "\n") + 1)
}

func TestAnEmptyFolderIsToldFileByFile(t *testing.T) {
	_, err := city.Read(fstest.MapFS{"catalogue/readme.txt": {}})
	want := []string{}
	for _, name := range city.Files() {
		if !slices.Contains(optional, name) {
			want = append(want, name+": 缺少这个文件")
		}
	}
	require.Equal(t, strings.Join(want, "\n"), faultsOf(t, err).Error())
}

func TestAnItemNeedsAnOfficeThatAcceptsAndOneThatDecides(t *testing.T) {
	files := copied(t)
	kept := []string{}
	for line := range strings.Lines(string(files["offices.csv"].Data)) {
		if !strings.Contains(line, ",city,") {
			kept = append(kept, line)
		}
	}
	files["offices.csv"].Data = []byte(strings.Join(kept, ""))
	_, err := city.Read(files)
	accept, decide := 0, 0
	for _, f := range faultsOf(t, err) {
		require.Equal(t, "catalogue/items.csv", f.File)
		switch f.Column {
		case "accept_levels":
			accept++
		case "decide_level":
			decide++
		}
	}
	require.Equal(t, 24, accept, "items that a city office may accept")
	require.Equal(t, 35, decide, "items that the city decides")
}

func TestDoubtfulOfficesRaiseNoDoubtAboutItems(t *testing.T) {
	files := copied(t)
	edit(t, files, "offices.csv", ",city,440600000000", ",town hall,440600000000")
	_, err := city.Read(files)
	require.Len(t, faultsOf(t, err), 1)
}

func TestABadCityIsAFaultWithFields(t *testing.T) {
	files := copied(t)
	edit(t, files, "catalogue/items.csv", "natural,simple,,0", "natural,simple,,zero")
	_, err := city.Read(files)
	f := fault.From(err)
	require.Equal(t, "city.bad_files", f.Code)
	require.Equal(t, []fault.Field{{Path: "catalogue/items.csv:2: promise_days", Text: "应为整数：zero"}}, f.Fields)
}

func TestTheDigestFollowsTheContentOfTheFilesThatCount(t *testing.T) {
	one, err := city.Read(copied(t))
	require.NoError(t, err)
	sample, err := city.Read(foshan.Files)
	require.NoError(t, err)
	require.Equal(t, sample.Digest, one.Digest)

	more := copied(t)
	more["catalogue/notes.txt"] = &fstest.MapFile{Data: []byte("x")}
	more["catalogue/tolerance_cases.csv"] = &fstest.MapFile{Data: []byte("not,read\n")}
	same, err := city.Read(more)
	require.NoError(t, err)
	require.Equal(t, one.Digest, same.Digest)

	edit(t, more, "catalogue/items.csv", "出生登记(国内出生)", "出生登记(国内)")
	other, err := city.Read(more)
	require.NoError(t, err)
	require.NotEqual(t, one.Digest, other.Digest)
	item, err := other.Catalogue.Item("HJ-0001")
	require.NoError(t, err)
	require.Equal(t, "出生登记(国内)", item.Name)
}

func TestAnEditionStandsByItself(t *testing.T) {
	files := copied(t)
	e, err := city.Read(files)
	require.NoError(t, err)
	clear(files)
	_, err = e.Catalogue.Item("HJ-0001")
	require.NoError(t, err)
	_, err = e.Catalogue.Item("gone")
	require.ErrorIs(t, err, catalog.ErrNoItem)
}

// optional are the sheets that a city may do without.
var optional = []string{
	"catalogue/legal_units.csv", "catalogue/instant_rules.csv", "catalogue/theme_outputs.csv", "catalogue/sources.csv", "catalogue/lines.csv",
	"delegations.csv", "office_items.csv", "couriers.csv",
}
