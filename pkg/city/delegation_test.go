package city_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Offices and divisions that lie above one another.
const (
	cityOffice     = "440600000000-A"
	districtOffice = "440604000000-A"
	townOffice     = "440604012000-A"
	villageOffice  = "440604012207-A"
	otherVillage   = "440604012001-A"

	thisCity     = "440600000000"
	thisDistrict = "440604000000"
	thisTown     = "440604012000"
	thisVillage  = "440604012207"
	nextDistrict = "440605000000"
)

type town struct {
	t *testing.T
	*city.Edition
}

func delegated(t *testing.T, areas, windows string) town {
	t.Helper()
	files := copied(t)
	files["delegations.csv"] = &fstest.MapFile{Data: []byte("item,division,accept_levels,decide_level\n" + areas)}
	files["office_items.csv"] = &fstest.MapFile{Data: []byte("office,item,windows\n" + windows)}
	e, err := city.Read(files)
	require.NoError(t, err)
	return town{t, e}
}

func (w town) takes(item catalog.ItemCode, office place.OfficeCode, home place.DivisionCode) bool {
	i, err := w.Catalogue.Item(item)
	require.NoError(w.t, err)
	o, err := w.Places.Office(office)
	require.NoError(w.t, err)
	return w.Takes(i, o, home)
}

func (w town) decides(item catalog.ItemCode, office place.OfficeCode, home place.DivisionCode) place.DivisionCode {
	i, err := w.Catalogue.Item(item)
	require.NoError(w.t, err)
	o, err := w.Places.Office(office)
	require.NoError(w.t, err)
	return w.Decides(i, o, home)
}

const (
	anywhere = "HJ-0001" // districts and towns accept, the town decides, citywide
	athome   = "HJ-0002" // districts and towns accept, the district decides, at home only
)

func TestWithoutADelegationTheCatalogueHolds(t *testing.T) {
	w := delegated(t, "", "")
	for office, want := range map[place.OfficeCode]bool{cityOffice: false, districtOffice: true, townOffice: true, villageOffice: false} {
		require.Equal(t, want, w.takes(anywhere, office, ""), office)
	}
}

func TestTheNearestDelegationHolds(t *testing.T) {
	w := delegated(t, anywhere+","+thisDistrict+",district,\n"+anywhere+","+thisTown+",village,\n", "")
	require.True(t, w.takes(anywhere, districtOffice, ""))
	require.False(t, w.takes(anywhere, townOffice, ""), "the town has handed it down to its villages")
	require.True(t, w.takes(anywhere, villageOffice, ""))
	require.False(t, w.takes(anywhere, "440604010000-A", ""), "in the rest of the district the district keeps it")
	require.True(t, w.takes(anywhere, "440605011000-A", ""), "other districts are as the catalogue says")
	require.False(t, w.takes(athome, villageOffice, ""), "other items too")
}

func TestAnOfficeTakesWhatItHasAWindowFor(t *testing.T) {
	w := delegated(t, anywhere+","+thisDistrict+",district,\n", villageOffice+","+anywhere+",1\n"+districtOffice+","+anywhere+",0\n")
	require.True(t, w.takes(anywhere, villageOffice, ""))
	require.False(t, w.takes(anywhere, otherVillage, ""))
	require.False(t, w.takes(anywhere, districtOffice, ""))
}

func TestWhatIsNotCitywideIsTakenWhereOneLives(t *testing.T) {
	w := delegated(t, "", "")
	require.True(t, w.takes(athome, townOffice, thisVillage))
	require.True(t, w.takes(athome, townOffice, thisTown))
	require.True(t, w.takes(athome, districtOffice, thisVillage))
	require.False(t, w.takes(athome, townOffice, nextDistrict))
	require.True(t, w.takes(athome, townOffice, thisDistrict), "somewhere in the district may be in the town")
	require.True(t, w.takes(anywhere, townOffice, nextDistrict), "same-city handling")
	require.True(t, w.takes(athome, townOffice, "990000000000"), "a place that the city does not know turns nobody away")
}

func TestTheLawsAuthorityDecides(t *testing.T) {
	w := delegated(t, athome+","+nextDistrict+",district|town,town\n", "")
	require.EqualValues(t, thisDistrict, w.decides(athome, townOffice, ""))
	require.EqualValues(t, thisTown, w.decides(anywhere, townOffice, ""))
	require.EqualValues(t, thisDistrict, w.decides(anywhere, districtOffice, ""), "who stands higher decides what it accepts")
	require.EqualValues(t, "440605011000", w.decides(athome, "440605011000-A", ""), "that district lets its towns decide")
	require.EqualValues(t, "440605011000", w.decides(anywhere, townOffice, "440605011001"), "accepted here, decided where one lives")
}

func TestABadDelegationIsToldByCell(t *testing.T) {
	files := copied(t)
	files["delegations.csv"] = &fstest.MapFile{Data: []byte("item,division,accept_levels,decide_level\nXX-1," + thisTown + ",village,\n" +
		anywhere + ",12,parish,king\n" + anywhere + "," + thisTown + ",,\n" + anywhere + "," + thisTown + ",town,\n")}
	files["office_items.csv"] = &fstest.MapFile{Data: []byte("office,item,windows\n" + villageOffice + "," + anywhere + ",999\nnope,XX-1,-1\n")}
	_, err := city.Read(files)
	var told []string
	for _, f := range faultsOf(t, err) {
		told = append(told, strings.TrimSuffix(f.Where(), " "))
	}
	require.Equal(t, []string{
		"delegations.csv:2: item", "delegations.csv:3: accept_levels", "delegations.csv:3: decide_level", "delegations.csv:3: division",
		"delegations.csv:4: accept_levels", "delegations.csv:5: division",
		"office_items.csv:2: windows", "office_items.csv:3: item", "office_items.csv:3: office", "office_items.csv:3: windows",
	}, told)
}
