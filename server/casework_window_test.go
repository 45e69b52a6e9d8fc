package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/staff"
)

// TestACommitmentIsSignedAsItWasRead: another text, another day, nothing owed.
func TestACommitmentIsSignedAsItWasRead(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	path := p.permitDraft()
	p.upload(path+"/files", permitPhoto, photo).ok()
	shown := p.get(path + "/commitment").ok()
	require.Contains(t, shown.text("text"), "房屋租赁")
	require.Contains(t, shown.text("text"), "2026年12月4日")
	c.clock.moveTo(tuesday.AddDate(0, 0, 1))
	p.post(path+"/commitment", map[string]string{"digest": shown.text("digest")}).refused(409, "casework.commitment_changed")
	p.promise(path)
	p.upload(path+"/files", permitLease, photo).ok()
	p.get(path+"/commitment").refused(409, "casework.nothing_to_commit")
	require.Equal(t, "R-11", p.post(path+"/submit", nil).ok().text("rule"))
}

// TestWhatWasNotPromisedIsNotTolerated: a condition said after the signature
// owes a material that the commitment does not name.
func TestWhatWasNotPromisedIsNotTolerated(t *testing.T) {
	p := sharedTown(t).citizen(t)
	path := p.permitDraft()
	p.upload(path+"/files", permitPhoto, photo).ok()
	p.promise(path)
	p.put(path+"/form", map[string]any{"conditions": map[string]bool{permitWork: true}}).ok()
	r := p.post(path+"/submit", nil).ok()
	require.Equal(t, "R-14", r.text("rule"))
	require.Len(t, r.list("missing"), 2)
}

// TestAnItemIsTakenOnlyWhereAndFromWhomItMayBe opens cases that there cannot be.
func TestAnItemIsTakenOnlyWhereAndFromWhomItMayBe(t *testing.T) {
	c := sharedTown(t)
	p, visitor := c.citizen(t), c.visitor(t)
	open := func(p *client, item, office string) *reply {
		return p.post("/api/v1/cases", map[string]string{"item": item, "office": office})
	}
	open(p, permitItem, "440600000000-A").refused(409, "casework.not_here")
	open(p, "QY-0004", townOffice).refused(409, "casework.wrong_subject")
	open(p, "XX-0001", villageOffice).refused(404, "catalog.no_item")
	open(p, permitItem, "999999999999-A").refused(404, "place.no_office")
	open(visitor, permitItem, villageOffice).refused(403, "citizen.need_real_name")
	open(p, permitItem, townOffice).ok()
}

// TestAnItemThatIsNotOnlineIsHandedInAtTheWindow: the clerk does it, for the
// person who stands there.
func TestAnItemThatIsNotOnlineIsHandedInAtTheWindow(t *testing.T) {
	c := sharedTown(t)
	w, p := c.crew(t), c.citizen(t)
	path := p.open("JC-0009", villageOffice) // 电动自行车登记上牌
	item := p.get("/api/v1/items/JC-0009").ok()
	require.Equal(t, false, item.at("online"))
	form := map[string]string{}
	for _, f := range item.list("form") {
		if f["required"] == true && p.get(path).at("form."+f["name"].(string)) == nil {
			form[f["name"].(string)] = sampleOf(f)
		}
	}
	p.put(path+"/form", map[string]any{"form": form}).ok()
	p.post(path+"/submit", nil).refused(409, "casework.not_online")
	w.take(path)
	for _, m := range []string{"M-0104", "M-0105"} {
		w.clerk.post(atWindow(path)+"/materials/"+m+"/originals", map[string]int{"copies": 1}).ok()
	}
	r := w.clerk.post(atWindow(path)+"/submit", nil).ok()
	require.Equal(t, "accept", r.text("outcome"))
	require.Equal(t, "accepted", p.get(path).ok().text("state"))
	w.clerk.post(atWindow(path)+"/decision", map[string]bool{"grant": true}).refused(403, "casework.not_decider")
}

// sampleOf is a value that a form field takes.
func sampleOf(f map[string]any) string {
	if list, ok := f["enum"].([]any); ok && len(list) > 0 {
		return list[0].(string)
	}
	return map[string]string{"date": "2026-11-01", "number": "1", "bool": "true", "phone": "13800000000",
		"id_number": "440604199001011232", "uscc": "91440600MA4UABCDX1"}[f["type"].(string)] + map[bool]string{true: "样例"}[f["type"] == "text" || f["type"] == "address"]
}

// TestOriginalsAreRecordedWithinReason refuses none and too many.
func TestOriginalsAreRecordedWithinReason(t *testing.T) {
	c := sharedTown(t)
	w, p := c.crew(t), c.citizen(t)
	path := p.tolerated()
	w.take(path)
	record := atWindow(path) + "/materials/" + permitLease + "/originals"
	for _, copies := range []int{0, -1, 21, 1 << 40} {
		w.clerk.post(record, map[string]int{"copies": copies}).refused(422, "request.invalid")
	}
	m := w.clerk.post(record, map[string]int{"copies": 2}).ok().material("", permitLease)
	require.Equal(t, "fit", m["state"])
	require.Equal(t, "paper", m["source"])
	require.Equal(t, 2.0, m["originals"])
}

// TestACaseIsForTheVisitThatWasBooked: for the same item, office and person.
func TestACaseIsForTheVisitThatWasBooked(t *testing.T) {
	c := newTown(t, tuesday)
	p, q := c.citizen(t), c.citizen(t)
	visit := p.book(permitItem)
	open := func(p *client, item, office, visit string) *reply {
		return p.post("/api/v1/cases", map[string]string{"item": item, "office": office, "appointment": visit})
	}
	open(q, permitItem, villageOffice, visit).refused(404, "casework.no_appointment")
	open(p, permitItem, villageOffice, unknownID).refused(404, "casework.no_appointment")
	open(p, visitItem, villageOffice, visit).refused(404, "casework.no_appointment")
	open(p, permitItem, otherVillage, visit).refused(404, "casework.no_appointment")
	open(p, permitItem, villageOffice, idOf(p.hold(visitItem))).refused(404, "casework.no_appointment")
	first := open(p, permitItem, villageOffice, visit).ok()
	open(p, permitItem, villageOffice, visit).refused(409, "casework.has_case")
	p.post("/api/v1/cases/"+first.text("id")+"/withdraw", nil).ok()
	open(p, permitItem, villageOffice, visit).ok()
	p.post("/api/v1/appointments/"+visit+"/cancel", nil).ok()
}

// TestOneCaseHoldsSixtyFiles and not one more, even when many come at once.
func TestOneCaseHoldsSixtyFiles(t *testing.T) {
	p := sharedTown(t).citizen(t)
	path := p.permitDraft()
	for range 55 {
		p.upload(path+"/files", permitPhoto, photo).ok()
	}
	list := together(10, func(int) *reply { return p.upload(path+"/files", permitPhoto, photo) })
	require.Equal(t, map[string]int{"": 5, "casework.too_many_files": 5}, tally(list))
}

// TestAFileIsReadThroughItsOwnCaseOnly puts a file's id under another case.
func TestAFileIsReadThroughItsOwnCaseOnly(t *testing.T) {
	c := sharedTown(t)
	w, p, q := c.crew(t), c.citizen(t), c.citizen(t)
	mine, yours := p.tolerated(), q.tolerated()
	file := p.upload(mine+"/files", permitLease, photo).ok().text("file")
	require.Equal(t, http.StatusOK, p.get(mine+"/files/"+file).status)
	q.get(yours+"/files/"+file).refused(404, "casework.no_file")
	q.get(mine+"/files/"+file).refused(404, "casework.not_found")
	w.clerk.get(atWindow(yours)+"/files/"+file).refused(404, "casework.no_file")
	require.Equal(t, http.StatusOK, w.clerk.get(atWindow(mine)+"/files/"+file).status)
	c.member(t, staff.Member{Role: staff.VillageStaff, Office: otherVillage}).get(atWindow(mine)+"/files/"+file).refused(403, "staff.other_office")
}
