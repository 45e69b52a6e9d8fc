package place_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/sheet"
)

func sample(t *testing.T) *place.Register {
	r, err := place.Read(foshan.Files)
	require.NoError(t, err)
	return r
}

// edited is the sample with changes, each "file", "old", "new"; old must be there.
func edited(t *testing.T, changes ...string) fstest.MapFS {
	files := fstest.MapFS{}
	for _, name := range place.Files() {
		data, err := fs.ReadFile(foshan.Files, name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: data}
	}
	for i := 0; i < len(changes); i += 3 {
		file := files[changes[i]]
		before, after, ok := strings.Cut(string(file.Data), changes[i+1])
		require.True(t, ok, "%s holds no %q", changes[i], changes[i+1])
		file.Data = []byte(before + changes[i+2] + after)
	}
	return files
}

func TestTheSampleCityHasItsOffices(t *testing.T) {
	r := sample(t)
	count := map[place.Level]int{}
	windows, zones := 0, 0
	for _, o := range r.Offices() {
		count[o.Level]++
		windows += o.Windows
		if o.SelfService24h {
			zones++
		}
	}
	require.Equal(t, map[place.Level]int{place.City: 1, place.District: 5, place.Town: 32, place.Village: 792}, count)
	require.Equal(t, 1409, windows)
	require.Equal(t, 45, zones)
	require.Len(t, r.Divisions(), 865)
}

func TestAnOfficeIsReadWhole(t *testing.T) {
	o, err := sample(t).Office("440604010001-A")
	require.NoError(t, err)
	require.Equal(t, "澜石社区公共服务站", o.Name)
	require.Equal(t, place.Village, o.Level)
	require.Equal(t, place.DivisionCode("440604010001"), o.Division)
	require.Equal(t, place.DivisionCode("440604000000"), o.District)
	require.Equal(t, place.Position{Lng: 113.058535, Lat: 23.032606}, o.Position)
	require.Equal(t, place.Synthetic, o.Trust)
	require.Equal(t, 1, o.Windows)
	require.True(t, o.SelfService24h)
	require.Equal(t, "Mon-Fri 08:30-12:00,14:00-17:30", o.Hours.String())
}

func TestDivisionsLieInEachOther(t *testing.T) {
	r := sample(t)
	var names []string
	for _, d := range r.Ancestors("440604010001") {
		names = append(names, d.Name)
	}
	require.Equal(t, []string{"石湾镇街道", "禅城区", "佛山市"}, names)
	require.Empty(t, r.Ancestors("440600000000"))
	require.Empty(t, r.Ancestors("nowhere"))

	require.True(t, r.Within("440604010001", "440604010001"))
	require.True(t, r.Within("440604010001", "440600000000"))
	require.False(t, r.Within("440600000000", "440604010001"))
	require.False(t, r.Within("440604010001", "440605000000"))
	require.False(t, r.Within("nowhere", "nowhere"))
	require.False(t, r.Within("440604010001", "440000000000"), "the province is not in the register")
}

func TestFarmsAndPrisonsAreSpecial(t *testing.T) {
	special := 0
	for _, d := range sample(t).Divisions() {
		if d.Special {
			special++
			require.Contains(t, []place.Level{place.Town, place.Village}, d.Level)
		}
	}
	require.Equal(t, 18, special)
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	r := sample(t)
	_, err := r.Office("440604010001")
	require.ErrorIs(t, err, place.ErrNoOffice)
	_, err = r.Division("440699999999")
	require.ErrorIs(t, err, place.ErrNoDivision)
	d, err := r.Division("440605000000")
	require.NoError(t, err)
	require.Equal(t, "南海区", d.Name)
}

func TestOfficesAreSortedAndTheCallersOwn(t *testing.T) {
	r := sample(t)
	offices := r.Offices()
	for i := range offices[1:] {
		require.Less(t, offices[i].Code, offices[i+1].Code)
	}
	offices[0] = nil
	require.NotNil(t, r.Offices()[0])
}

func TestEachBrokenRuleIsToldOnceAndAlone(t *testing.T) {
	const town = "440604010000-A,石湾镇街道行政服务中心,town,440604010000,440604000000,113.080000,23.010000,approximate,13,\"Mon-Fri 08:30-12:00,14:00-17:30\",true,8"
	change := func(old, new string) []string {
		return []string{"offices.csv", town, strings.Replace(town, old, new, 1)}
	}
	for name, b := range map[string]struct {
		changes []string
		want    string
	}{
		"swapped":              {change("113.080000,23.010000", "23.010000,113.080000"), "offices.csv:4: lat: 应在 3 到 54 之间：113.080000\noffices.csv:4: lng: 应在 73 到 136 之间：23.010000"},
		"null island":          {change("113.080000,23.010000", "0,23.010000"), "offices.csv:4: lng: 应在 73 到 136 之间：0"},
		"not finite":           {change("113.080000", "NaN"), "offices.csv:4: lng: 应为数字：NaN"},
		"no position":          {change("113.080000", ""), "offices.csv:4: lng: 不能为空"},
		"unknown trust":        {change("approximate", "rough"), "offices.csv:4: position: 应为 exact、approximate、synthetic 之一：rough"},
		"no window":            {change("approximate,13", "approximate,0"), "offices.csv:4: windows: 应在 1 到 1000 之间：0"},
		"inverted session":     {change("08:30-12:00", "12:00-08:30"), "offices.csv:4: hours: 时段的结束应晚于开始：\"12:00-08:30\""},
		"overlapping session":  {change("14:00-17:30", "11:00-17:30"), "offices.csv:4: hours: Mon 的时段 11:00-17:30 与 08:30-12:00 重叠"},
		"no hours":             {change("\"Mon-Fri 08:30-12:00,14:00-17:30\"", ""), "offices.csv:4: hours: 不能为空"},
		"unknown division":     {change("440604010000,", "440604999000,"), "offices.csv:4: division: 没有这个编码：440604999000"},
		"other level":          {change(",town,", ",village,"), "offices.csv:4: level: 与区划 440604010000 的级别不一致：应为 town"},
		"unknown level":        {change(",town,", ",street,"), "offices.csv:4: level: 应为 village、town、district、city 之一：street"},
		"other district":       {change("440604000000", "440605000000"), "offices.csv:4: district: 应为区划 440604010000 所在的区：440604000000"},
		"no district":          {change("440604000000", ""), "offices.csv:4: district: 应为区划 440604010000 所在的区：440604000000"},
		"city in a district":   {[]string{"offices.csv", "city,440600000000,,", "city,440600000000,440604000000,"}, "offices.csv:2: district: 该网点不在任何区之内，这一格应留空"},
		"code twice":           {change("440604010000-A", "440604000000-A"), "offices.csv:4: code: 与第 3 行重复：440604000000-A"},
		"zone without machine": {change("true,8", "true,0"), "offices.csv:4: terminals: 有 24 小时自助区的网点至少有 1 台终端"},
		"division code":        {[]string{"divisions.csv", "\n440608403498", "\n4.40608E+11,某村,village,440608403000\n440608403498"}, "12 位数字"},
		"unknown parent":       {[]string{"divisions.csv", "town,440604000000", "town,440699000000"}, "divisions.csv:"},
		"parent of low level":  {[]string{"divisions.csv", "district,440600000000", "district,440604010001"}, "应高于本级"},
		"two cities":           {[]string{"divisions.csv", "禅城区,district,", "禅城区,city,"}, "只能有一个市"},
		"unknown":              {[]string{"divisions.csv", "禅城区,district,", "禅城区,county,"}, "county"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := place.Read(edited(t, b.changes...))
			faults, ok := errors.AsType[sheet.Faults](err)
			require.True(t, ok)
			require.Contains(t, err.Error(), b.want)
			if strings.HasPrefix(b.want, "offices.csv") {
				require.EqualError(t, err, b.want)
			}
			for _, f := range faults {
				require.Equal(t, b.changes[0], f.File, "%v", err)
			}
		})
	}
}

func TestACityWithoutDistrictsIsACity(t *testing.T) {
	r, err := place.Read(fstest.MapFS{
		"divisions.csv": {Data: []byte("code,name,level,parent\n441900000000,某市,city,440000000000\n441900003000,某街道,town,441900000000\n")},
		"offices.csv": {Data: []byte("code,name,level,division,district,lng,lat,position,windows,hours,self_service_24h,terminals\n" +
			"T-1,某中心,town,441900003000,,113.7,23.0,exact,5,Mon 09:00-17:00,false,0\n")},
	})
	require.NoError(t, err)
	require.True(t, r.Within("441900003000", "441900000000"))
}

func TestAnEmptyCityIsNone(t *testing.T) {
	_, err := place.Read(fstest.MapFS{})
	require.EqualError(t, err, "divisions.csv: 缺少这个文件\noffices.csv: 缺少这个文件")
	_, err = place.Read(fstest.MapFS{
		"divisions.csv": {Data: []byte("code,name,level,parent\n")},
		"offices.csv":   {Data: []byte("code,name,level,division,district,lng,lat,position,windows,hours,self_service_24h,terminals\n")},
	})
	require.EqualError(t, err, "divisions.csv: 没有 level 为 city 的区划\noffices.csv:1: 没有任何办事网点")
}

func TestLevelsReadBack(t *testing.T) {
	for _, level := range place.Levels() {
		got, ok := place.ParseLevel(level.String())
		require.True(t, ok)
		require.Equal(t, level, got)
	}
	_, ok := place.ParseLevel("")
	require.False(t, ok)
	require.Less(t, place.Village, place.City)
	require.Empty(t, place.Level(99).String())
}
