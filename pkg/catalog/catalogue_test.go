package catalog_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/place"
)

func sample(t testing.TB) *catalog.Catalogue {
	c, err := catalog.Read(foshan.Files)
	require.NoError(t, err)
	return c
}

// edited is the sample with changes, each "file", "old", "new"; old must be there.
func edited(t testing.TB, changes ...string) fstest.MapFS {
	files := fstest.MapFS{}
	for _, name := range catalog.Files() {
		data, err := fs.ReadFile(foshan.Files, name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: data}
	}
	for i := 0; i < len(changes); i += 3 {
		file := files["catalogue/"+changes[i]]
		before, after, ok := strings.Cut(string(file.Data), changes[i+1])
		require.True(t, ok, "%s holds no %q", changes[i], changes[i+1])
		file.Data = []byte(before + changes[i+2] + after)
	}
	return files
}

// tiny is a catalogue of items given as "code,name,keywords".
func tiny(t testing.TB, items ...string) *catalog.Catalogue {
	files := fstest.MapFS{}
	for _, name := range catalog.Files() {
		data, err := fs.ReadFile(foshan.Files, name)
		require.NoError(t, err)
		header, _, _ := strings.Cut(string(data), "\n")
		files[name] = &fstest.MapFile{Data: []byte(header + "\n")}
	}
	files["catalogue/departments.csv"].Data = append(files["catalogue/departments.csv"].Data, "ZZ,测试,\n"...)
	for _, item := range items {
		parts := strings.Split(item, ",")
		row := fmt.Sprintf("%s,%s,,ZZ,其他,both,simple,,0,town,town,true,true,true,false,false,0,,none,3,10,1,,%s\n",
			parts[0], parts[1], parts[2])
		files["catalogue/items.csv"].Data = append(files["catalogue/items.csv"].Data, row...)
	}
	c, err := catalog.Read(files)
	require.NoError(t, err)
	return c
}

func TestAnItemIsReadWhole(t *testing.T) {
	item, err := sample(t).Item("YB-0006")
	require.NoError(t, err)
	require.Equal(t, "住院费用报销", item.Name)
	require.Equal(t, catalog.DepartmentCode("YB"), item.Department.Code)
	require.Equal(t, catalog.WorkingDays, item.LegalUnit)
	require.NotEmpty(t, item.Requirements)
	require.NotEmpty(t, item.Fields)
	require.NotEmpty(t, item.Keywords)
	require.Equal(t, catalog.LifeStageCode("LS-7"), item.LifeStage.Code)
}

func TestLevelsSayWhoMayAcceptAndDecide(t *testing.T) {
	item, err := sample(t).Item("HJ-0001")
	require.NoError(t, err)
	require.Equal(t, []place.Level{place.District, place.Town}, item.AcceptLevels)
	require.Equal(t, place.Town, item.DecideLevel)
	require.True(t, item.AcceptableAt(place.Town))
	require.False(t, item.AcceptableAt(place.City))
}

func TestLawsCountInTheirOwnUnit(t *testing.T) {
	c := sample(t)
	for code, want := range map[catalog.ItemCode]catalog.LegalUnit{
		"SZ-0001": catalog.CalendarDays,
		"CR-0006": catalog.CalendarDays,
		"JC-0004": catalog.CalendarDays,
		"RL-0004": catalog.Months,
		"HJ-0001": catalog.WorkingDays,
		"QY-0001": catalog.WorkingDays,
	} {
		item, err := c.Item(code)
		require.NoError(t, err)
		require.Equal(t, want, item.LegalUnit, code)
	}
	school, _ := c.Item("RL-0004")
	require.Equal(t, 3, school.LegalMonths)
	require.Equal(t, 60, school.LegalDays)
}

func TestWithoutLegalUnitsAllLawsCountWorkingDays(t *testing.T) {
	files := edited(t)
	delete(files, "catalogue/legal_units.csv")
	c, err := catalog.Read(files)
	require.NoError(t, err)
	for _, item := range c.Items() {
		require.Equal(t, catalog.WorkingDays, item.LegalUnit)
	}
}

func TestAThemeGivesItsItemsInOrder(t *testing.T) {
	c := sample(t)
	theme, err := c.Theme("ZT-01")
	require.NoError(t, err)
	require.Equal(t, "开办餐饮店", theme.Name)
	require.True(t, theme.Joint)
	require.Equal(t, catalog.ItemCode("QY-0001"), theme.Items[0].Code)
	require.Equal(t, catalog.ItemCode("SP-0001"), theme.Items[1].Code)
	require.Contains(t, theme.Items[0].Themes, theme)
}

func TestThemeOrderIsThatOfTheColumnNotOfTheFile(t *testing.T) {
	c, err := catalog.Read(edited(t,
		"theme_items.csv", "ZT-01,QY-0001,1\n", "ZT-01,QY-0001,2\n",
		"theme_items.csv", "ZT-01,SP-0001,2\n", "ZT-01,SP-0001,1\n"))
	require.NoError(t, err)
	theme, err := c.Theme("ZT-01")
	require.NoError(t, err)
	require.Equal(t, catalog.ItemCode("SP-0001"), theme.Items[0].Code)
}

func TestPushesFollowAnItem(t *testing.T) {
	pushes := sample(t).PushesAfter("HJ-0001")
	require.Equal(t, catalog.ItemCode("SY-0007"), pushes[0].Item.Code)
	require.Contains(t, pushes[0].Reason, "健康档案")
	require.Empty(t, sample(t).PushesAfter("NO-0000"))
}

func TestLifeStagesComeInTheOrderOfALife(t *testing.T) {
	stages := sample(t).LifeStages()
	require.Equal(t, "出生成长", stages[0].Name)
	require.Equal(t, "身后事务", stages[7].Name)
	items := 0
	for _, s := range stages {
		items += len(s.Items)
	}
	require.Equal(t, 136, items)
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	c := sample(t)
	_, err := c.Item("NO-0000")
	require.ErrorIs(t, err, catalog.ErrNoItem)
	_, err = c.Theme("NO-0000")
	require.ErrorIs(t, err, catalog.ErrNoTheme)
	_, err = c.Department("NO")
	require.ErrorIs(t, err, catalog.ErrNoDepartment)
	_, err = c.Material("NO")
	require.ErrorIs(t, err, catalog.ErrNoMaterial)
}

func TestListsAreTheCallersOwn(t *testing.T) {
	c := sample(t)
	c.Items()[0] = nil
	c.Themes()[0] = nil
	c.PushesAfter("HJ-0001")[0].Item = nil
	require.NotNil(t, c.Items()[0])
	require.NotNil(t, c.Themes()[0])
	require.NotNil(t, c.PushesAfter("HJ-0001")[0].Item)
}
