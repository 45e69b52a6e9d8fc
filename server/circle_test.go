package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Where most questions of these tests are asked from, and what else stands
// around it.
const (
	besideTown    = "lng=113.0802&lat=23.0101&datum=wgs84" // 石湾镇街道, in the same district as villageOffice
	besideVillage = "440604010000-A"
	homeItem      = "SZ-0008"      // taken by towns and villages, only where one lives; the town decides
	homeVillage   = "440604012207" // that villageOffice serves
	nextTown      = "440604010000"
)

// nearby asks who takes an item tomorrow at nine: nobody is sent there by it, so
// that the order is the same for all who ask.
func (p *client) nearby(item, more string) *reply {
	p.t.Helper()
	return p.get("/api/v1/items/" + item + "/offices?" + besideTown + "&mode=car&minutes=30&when=2026-11-25T09:00:00%2B08:00" + more).ok()
}

// everywhere are all offices inside the circle.
func (p *client) everywhere(item, more string) (codes []string) {
	p.t.Helper()
	for cursor := ""; ; {
		r := p.nearby(item, more+"&limit=50"+cursor)
		codes = append(codes, r.offices()...)
		if r.text("next_cursor") == "" {
			return codes
		}
		cursor = "&cursor=" + r.text("next_cursor")
	}
}

func (r *reply) offices() (codes []string) {
	for _, o := range r.list("items") {
		codes = append(codes, textAt(o, "office.code"))
	}
	return codes
}

// TestOfficesArePagedInOneOrder: pages of three are the one long page, cut up.
func TestOfficesArePagedInOneOrder(t *testing.T) {
	p := sharedTown(t).nobody(t)
	long := p.nearby(permitItem, "&limit=20").offices()
	require.Len(t, long, 20)
	require.Len(t, p.nearby(permitItem, "").offices(), 10, "a phone shows no more")
	var paged []string
	for cursor := ""; len(paged) < 20; {
		r := p.nearby(permitItem, "&limit=4"+cursor)
		paged = append(paged, r.offices()...)
		cursor = "&cursor=" + r.text("next_cursor")
	}
	require.Equal(t, long, paged)
	end := p.nearby(permitItem, "&limit=20&cursor=9999")
	require.Empty(t, end.offices())
	require.Empty(t, end.text("next_cursor"))
	for _, wrong := range []string{"-1", "x", "99999", "1.5"} {
		requireProblem(t, p.get("/api/v1/items/"+permitItem+"/offices?"+besideTown+"&cursor="+wrong))
	}
}

// TestAThemeIsDoneInOneVisitOrItemByItem: who takes every item of it, and where
// there is nobody, who takes each.
func TestAThemeIsDoneInOneVisitOrItemByItem(t *testing.T) {
	p := sharedTown(t).nobody(t)
	ask := func(theme, more string) *reply {
		return p.get("/api/v1/themes/" + theme + "/offices?" + besideTown + "&mode=car&minutes=30" + more)
	}
	whole := ask("ZT-01", "").ok() // all of it at towns
	require.NotEmpty(t, whole.list("items"))
	require.Empty(t, whole.list("each"))
	for _, o := range whole.list("items") {
		require.Equal(t, "town", textAt(o, "office.level"))
		require.Equal(t, "inside", textAt(o, "place"))
	}
	require.Len(t, ask("ZT-01", "&each=true").ok().list("each"), 6)

	apart := ask("ZT-06", "").ok() // no office takes all five
	require.Empty(t, apart.list("items"))
	require.Len(t, apart.list("each"), 5)
	for _, e := range apart.list("each") {
		levels := p.get("/api/v1/items/" + textAt(e, "item")).ok().at("accept_levels")
		require.NotEmpty(t, listAt(e, "items"))
		require.LessOrEqual(t, len(listAt(e, "items")), 3)
		for _, o := range listAt(e, "items") {
			require.Contains(t, levels, textAt(o, "office.level"))
		}
	}
	ask("ZT-99", "").refused(404, "catalog.no_theme")
}

// TestWhatIsNotCitywideIsOfferedWhereOneLives: the offices that are offered are
// those that open the case, for oneself, for another, and for a thing that
// stands elsewhere.
func TestWhatIsNotCitywideIsOfferedWhereOneLives(t *testing.T) {
	c := sharedTown(t)
	p := c.citizen(t)
	open := func(office, division string) *reply {
		return p.post("/api/v1/cases", map[string]string{"item": homeItem, "office": office, "division": division})
	}
	anywhere := p.everywhere(homeItem, "")
	require.Equal(t, anywhere, c.nobody(t).everywhere(homeItem, ""), "who has not said where they live is as anybody")
	require.Greater(t, len(anywhere), 10)

	p.put("/api/v1/me/home", map[string]string{"division": homeVillage}).ok()
	require.ElementsMatch(t, []string{villageOffice, townOffice}, p.everywhere(homeItem, ""))
	require.Greater(t, len(p.everywhere(permitItem, "")), 10, "same-city handling")
	require.Greater(t, len(c.nobody(t).nearby(homeItem, "").offices()), 3)
	open(besideVillage, "").refused(409, "casework.not_from_there")
	require.Equal(t, homeVillage[:9]+"000", p.get("/api/v1/cases/"+open(villageOffice, "").ok().text("id")).ok().text("decides"))

	require.Contains(t, p.everywhere(homeItem, "&division="+nextTown), besideVillage, "the shop stands there")
	require.Equal(t, nextTown, open(besideVillage, nextTown).ok().text("decides"))
	open(villageOffice, nextTown).refused(409, "casework.not_from_there")
	open(villageOffice, "123").refused(404, "place.no_division")
	p.get("/api/v1/items/"+homeItem+"/offices?"+besideTown+"&division=123").refused(404, "place.no_division")

	require.Contains(t, string(p.get("/api/v1/me/data").ok().raw), homeVillage)
	p.put("/api/v1/me/home", map[string]string{"division": "123"}).refused(404, "place.no_division")
	p.put("/api/v1/me/home", map[string]string{"division": ""}).ok()
	require.Equal(t, anywhere, p.everywhere(homeItem, ""))
	c.nobody(t).put("/api/v1/me/home", map[string]string{"division": homeVillage}).refused(401, "session.missing")
	c.visitor(t).put("/api/v1/me/home", map[string]string{"division": homeVillage}).refused(403, "citizen.need_real_name")
}

// TestAnAgentIsOfferedWhatThePrincipalMayUse: but nobody learns where another
// lives without their leave.
func TestAnAgentIsOfferedWhatThePrincipalMayUse(t *testing.T) {
	c := sharedTown(t)
	principal, agent := c.citizen(t), c.citizen(t)
	principal.put("/api/v1/me/home", map[string]string{"division": homeVillage}).ok()
	offer := principal.post("/api/v1/agencies", map[string]any{
		"name": agent.person.Name, "number": agent.person.IDNumber, "until": c.clock.now().AddDate(0, 1, 0).Format(time.DateOnly),
	}).ok()
	ask := "/api/v1/items/" + homeItem + "/offices?" + besideTown + "&on_behalf_of=" + offer.text("principal")
	agent.get(ask).refused(403, "citizen.not_agent")
	agent.post("/api/v1/agencies/"+offer.text("id")+"/accept", nil).ok()
	require.ElementsMatch(t, []string{villageOffice, townOffice}, agent.get(ask).ok().offices())
	c.citizen(t).get(ask).refused(403, "citizen.not_agent")
}

// TestADistrictsDelegationIsOfferedAndAccepted: what a district or an office
// does otherwise holds for questions, slots and cases alike, once imported.
func TestADistrictsDelegationIsOfferedAndAccepted(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	const item = "HJ-0001" // the catalogue: districts and towns
	open := map[string]string{"item": item, "office": villageOffice}
	p.post("/api/v1/cases", open).refused(409, "casework.not_here")
	f := sampleFolder(t)
	f.add("delegations.csv", item+",440604000000,village,\n")
	f.add("office_items.csv", fmt.Sprintf("%s,%s,0\n%s,%s,1\n", otherVillage, item, townOffice, item))
	status, _, errs := f.imports(c)
	require.Zero(t, status, errs)
	require.Eventually(t, func() bool { return p.post("/api/v1/cases", open).status == 200 }, 2*time.Second, 20*time.Millisecond)

	offered := p.everywhere(item, "")
	require.Contains(t, offered, villageOffice)
	require.Contains(t, offered, townOffice, "it has a window for it")
	require.NotContains(t, offered, otherVillage, "it has none")
	require.NotContains(t, offered, besideVillage, "a town of that district")
	for _, office := range []string{villageOffice, townOffice, otherVillage, besideVillage} {
		open["office"] = office
		took := p.post("/api/v1/cases", open).status == 200
		slots := p.get("/api/v1/offices/"+office+"/slots?item="+item).status == 200
		want := office == villageOffice || office == townOffice
		require.Equal(t, []bool{want, want}, []bool{took, slots}, office)
	}
}

// TestManagersAreToldWhereResidentsLive: the population grid counts as it lies
// in its file now; a bad one is told with its line.
func TestManagersAreToldWhereResidentsLive(t *testing.T) {
	grid := filepath.Join(t.TempDir(), "people.csv")
	write := func(rows string) {
		require.NoError(t, os.WriteFile(grid, []byte("people,lng,lat\n"+rows), 0o600))
	}
	c := newTown(t, tuesday)
	c.in.rooms.grid.path = grid
	manager := c.member(t, staff.Member{Role: staff.OfficeManager, Office: villageOffice})
	ask := func(more string) *reply {
		return manager.get("/api/v1/village/coverage/" + permitItem + more + "?mode=walk")
	}
	ask("").refused(422, "circle.population_grid")
	write("1000,113.108124,23.001279\n500,113.1300,22.9700\n7,100,30\n") // at the village's door; beyond its circle; in another province
	r := ask("").ok()
	require.Equal(t, 1500.0, r.at("city.people"))
	require.Equal(t, 7.0, r.at("people_beyond"))
	require.Equal(t, 1000.0, r.at("city.within.0.people"))
	require.NotEmpty(t, r.list("towns"))
	require.Equal(t, 500.0, r.at("farthest.0.people"))
	require.NotZero(t, r.at("founded.0.people"))
	require.Contains(t, string(ask("/map").ok().raw), "另有 7 人住在这片地面之外")
	require.Contains(t, string(ask("/isochrones").ok().raw), `"people":1000`)

	write("1000,113.108124,here\n")
	require.NoError(t, os.Chtimes(grid, time.Time{}, time.Unix(1e9, 0)))
	require.Contains(t, ask("").refused(422, "circle.population_grid").text("fields.0.text"), "第 2 行")
	write("")
	require.NoError(t, os.Chtimes(grid, time.Time{}, time.Unix(2e9, 0)))
	require.Nil(t, ask("").ok().at("city.people"))
	c.citizen(t).get("/api/v1/village/coverage/"+permitItem).refused(403, "staff.not_allowed")
}

// TestAnOfferSaysAllThatOneSetsOutFor: until when it is open, the first slot
// that can be had, what stands beside it, and why it comes there.
func TestAnOfferSaysAllThatOneSetsOutFor(t *testing.T) {
	p := sharedTown(t).nobody(t)
	r := p.nearby(permitItem, "&limit=3")
	o := r.list("items")[0]
	require.Equal(t, "inside", textAt(o, "place"))
	require.Equal(t, "2026-11-25T12:00:00+08:00", textAt(o, "open_until"))
	require.Regexp(t, `^驾车约 \d+ 分钟（按直线估算），到时仍在办公，最早 .+ 有号$`, textAt(o, "why"))
	arrival := time.Date(2026, 11, 25, 9, 0, int(o["seconds"].(float64)), 0, workday.Zone)
	require.Equal(t, p.firstSlot(textAt(o, "office.code"), arrival), textAt(o, "first_slot"))
	require.NotEmpty(t, r.list("self_service"))
	for _, zone := range r.list("self_service") {
		require.Equal(t, true, at(zone, "office.self_service_24h"))
		require.Contains(t, textAt(zone, "why"), "24 小时自助办理")
	}
	require.Equal(t, p.get("/api/v1/items/"+permitItem).ok().at("online"), r.at("online"))

	ask := func(more string) map[string]any {
		return p.get("/api/v1/items/" + permitItem + "/offices?lng=113.0802&lat=23.0101&datum=wgs84" + more).ok().list("items")[0]
	}
	night := ask("&mode=car&when=2026-11-25T22:00:00%2B08:00")
	require.Equal(t, "closed", textAt(night, "place"))
	require.Equal(t, "2026-11-26T08:30:00+08:00", textAt(night, "opens_at"))
	require.Contains(t, textAt(night, "why"), "到时不办公")
	far := p.get("/api/v1/items/" + permitItem + "/offices?lng=112.7000&lat=23.3000&datum=wgs84&minutes=1&when=2026-11-25T09:00:00%2B08:00").ok()
	for _, o := range far.list("items") {
		require.Equal(t, "outside", textAt(o, "place"))
		require.Contains(t, textAt(o, "why"), "在服务圈外")
	}
	require.NotEmpty(t, far.list("items"))
}

// firstSlot is the first one at an office that begins after a time.
func (p *client) firstSlot(office string, after time.Time) string {
	p.t.Helper()
	for _, day := range p.get("/api/v1/offices/" + office + "/slots?days=14&item=" + permitItem).ok().list("items") {
		for _, s := range listAt(day, "slots") {
			starts, err := time.Parse(time.RFC3339, s["starts_at"].(string))
			require.NoError(p.t, err)
			if s["free"].(float64) > 0 && !starts.Before(after) {
				return s["starts_at"].(string)
			}
		}
	}
	return ""
}
