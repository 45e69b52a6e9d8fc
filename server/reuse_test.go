package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/server/outbound/hub"
)

const (
	leaseBase     = "住建租赁备案库"
	peopleBase    = "公安人口库"
	disabledBase  = "残联持证人口库"
	careItem      = "CJ-0004" // 重度残疾人护理补贴: rests on the disability certificate
	careDisabled  = "M-0017"
	knownAddress  = "佛山市禅城区样例路99号"
	leaseNumber   = "粤房租备禅字2026第000099号"
	leaseRecord   = "ZJ-9901"
	addressRecord = "GA-9901"
)

// knows lets the local hub know a person's lease and address.
func (c *town) knows(p *client) {
	c.in.hubPlay.Add(hub.Record{Source: leaseBase, Name: p.person.Name, Number: p.person.IDNumber, Ref: leaseRecord + p.person.Name, Materials: map[string]string{permitLease: leaseNumber}})
	c.in.hubPlay.Add(hub.Record{Source: peopleBase, Name: p.person.Name, Number: p.person.IDNumber, Ref: addressRecord + p.person.Name, Columns: map[string]string{"居住地址": knownAddress}})
}

func (r *reply) base(name string) map[string]any {
	for _, b := range r.list("items") {
		if b["source"] == name {
			return b
		}
	}
	return nil
}

// askedOf counts the questions put to a base.
func (c *town) askedOf(base string) (n int) {
	for _, a := range c.in.hubPlay.Asked() {
		if a.Source == base {
			n++
		}
	}
	return n
}

// said answers what the permit asks but for the address.
var said = map[string]any{
	"form": map[string]string{"permit_basis": "合法稳定住所"}, "conditions": map[string]bool{permitLease: true, permitWork: false, permitStudy: false},
}

// TestWhatABaseVouchesForIsNotBrought: R-12. The lease and the address come
// from bases; the answer says from where, and so does what is held on a person.
func TestWhatABaseVouchesForIsNotBrought(t *testing.T) {
	c := newTown(t, tuesday)
	p, other := c.citizen(t), c.citizen(t)
	c.knows(p)
	path := p.open(permitItem, villageOffice)
	cs := p.get(path).ok()
	require.Equal(t, knownAddress, cs.text("form.residence_address"))
	lease := cs.material("", permitLease)
	require.Equal(t, []any{"fit", "shared"}, []any{lease["state"], lease["source"]})
	require.Equal(t, leaseBase+"已核验："+leaseNumber, lease["note"])
	asked := c.in.hubPlay.Asked()[0]
	require.NotEmpty(t, asked.Basis)
	require.Contains(t, asked.Purpose, "居住证申领")
	require.Equal(t, idOf(path), asked.Case)

	bases := p.get(path + "/reuse").ok()
	require.Equal(t, "taken", bases.base(leaseBase)["state"])
	require.Equal(t, "none", bases.base("教育学籍库")["state"])
	require.Equal(t, leaseNumber, textAt(bases.base(leaseBase), "taken.0.value"))
	other.get(path+"/reuse").refused(404, "casework.not_found")

	p.put(path+"/form", said).ok()
	p.upload(path+"/files", permitPhoto, photo).ok()
	r := p.post(path+"/submit", nil).ok()
	require.Equal(t, "R-11", r.text("rule"))
	require.Contains(t, r.text("rule_text"), "共享数据核验")
	var shared []string
	for _, m := range r.list("shared") {
		shared = append(shared, m["material"].(string)+" "+m["origin"].(string))
	}
	require.Contains(t, shared, permitLease+" "+leaseBase+"已核验："+leaseNumber)

	times := c.askedOf(leaseBase)
	again := p.open(permitItem, villageOffice)
	require.Equal(t, "fit", p.get(again).ok().material("", permitLease)["state"])
	require.Equal(t, times, c.askedOf(leaseBase), "an answer that holds is not asked for again")
	require.Len(t, p.get("/api/v1/me/reuses").ok().list("items"), 4, "each use stands there")
	require.Len(t, p.get("/api/v1/me/data").ok().list("reuses"), 4)
	require.Empty(t, other.get("/api/v1/me/reuses").ok().list("items"))

	p.post(again+"/reuse/objections", map[string]string{"source": leaseBase, "why": "wrong"}).ok()
	cs = p.get(again).ok()
	require.Equal(t, "missing", cs.material("", permitLease)["state"])
	require.Equal(t, knownAddress, cs.text("form.residence_address"), "another base's word stays")
	p.post(again+"/reuse/objections", map[string]string{"source": peopleBase, "why": "unwilling"}).ok()
	require.Empty(t, p.get(again).ok().text("form.residence_address"))
	p.post(again+"/reuse", map[string]any{}).ok()
	require.Equal(t, "missing", p.get(again).ok().material("", permitLease)["state"], "who objected is not asked about again")
	require.Equal(t, "objected", p.get(again + "/reuse").ok().base(leaseBase)["state"])
	p.post(again+"/reuse/objections", map[string]string{"source": disabledBase, "why": "wrong"}).refused(404, "casework.no_source")
	p.post(path+"/reuse/objections", map[string]string{"source": leaseBase, "why": "wrong"}).refused(409, "casework.not_now")
	require.Zero(t, c.in.hubPlay.Refused())
}

// TestABaseThatIsDownMeansToAskThePersonAndSayWhy, and it is asked once more
// before the application is handed in.
func TestABaseThatIsDownMeansToAskThePersonAndSayWhy(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	c.knows(p)
	c.in.hubPlay.Set(leaseBase, hub.Mood{Down: true})
	c.in.hubPlay.Set(peopleBase, hub.Mood{Slow: 5 * time.Second})
	began := time.Now()
	path := p.open(permitItem, villageOffice)
	require.Less(t, time.Since(began), 2*time.Second, "a slow base does not slow intake")
	cs := p.get(path).ok()
	require.Equal(t, "missing", cs.material("", permitLease)["state"])
	require.Contains(t, cs.material("", permitLease)["note"], leaseBase+"暂时没有应答")
	require.Empty(t, cs.text("form.residence_address"))
	require.Equal(t, "down", p.get(path + "/reuse").ok().base(leaseBase)["state"])

	p.put(path+"/form", permitFilled).ok()
	p.upload(path+"/files", permitPhoto, photo).ok()
	r := p.post(path+"/submit", nil).ok()
	require.Equal(t, "R-14", r.text("rule"))
	require.Contains(t, r.text("missing.0.why"), leaseBase+"暂时没有应答")

	c.in.hubPlay.Set(leaseBase, hub.Mood{})
	c.in.hubPlay.Set(peopleBase, hub.Mood{})
	r = p.post(path+"/submit", nil).ok()
	require.Equal(t, "R-11", r.text("rule"), "%s", r.raw)
	require.Equal(t, "佛山市禅城区样例路1号", r.text("case.form.residence_address"), "what the person wrote stays")
}

// TestASensitiveBaseIsAskedOnlyWithConsent: 个人信息保护法 Art. 29.
func TestASensitiveBaseIsAskedOnlyWithConsent(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	c.in.hubPlay.Add(hub.Record{Source: disabledBase, Name: p.person.Name, Number: p.person.IDNumber, Ref: "CL-9901",
		Materials: map[string]string{careDisabled: "残疾人证0001"}, Columns: map[string]string{"残疾等级": "一级"}})
	path := p.open(careItem, villageOffice)
	require.Equal(t, 0, c.askedOf(disabledBase))
	require.Contains(t, p.get(path).ok().material("", careDisabled)["note"], "经您同意")
	require.Equal(t, "needs_consent", p.get(path + "/reuse").ok().base(disabledBase)["state"])
	p.post(path+"/reuse", map[string]any{}).ok()
	require.Equal(t, 0, c.askedOf(disabledBase))
	p.post(path+"/reuse", map[string]any{"consent": []string{leaseBase}}).refused(422, "casework.no_consent")
	cs := p.post(path+"/reuse", map[string]any{"consent": []string{disabledBase}}).ok()
	require.Equal(t, "fit", cs.material("", careDisabled)["state"])
	require.Equal(t, 1, c.askedOf(disabledBase))
	list := c.in.hubPlay.Asked()
	require.NotEmpty(t, list[len(list)-1].Consent)
	require.NotEmpty(t, p.get("/api/v1/me/reuses").ok().text("items.0.consent_at"))

	second := p.open(careItem, villageOffice)
	require.Equal(t, "missing", p.get(second).ok().material("", careDisabled)["state"], "each application is consented to by itself, kept answer or not")
}

// TestWhatABaseTakesBackIsFlagged: before acceptance the person brings it,
// after it the reviewer finds it fit anew, after the decision the head looks.
func TestWhatABaseTakesBackIsFlagged(t *testing.T) {
	c := newTown(t, tuesday)
	w, p := c.crew(t), c.citizen(t)
	c.knows(p)
	w.reviewer.prove()
	draft := p.open(permitItem, villageOffice)
	accepted := p.open(permitItem, villageOffice)
	p.put(accepted+"/form", said).ok()
	p.upload(accepted+"/files", permitPhoto, photo).ok()
	require.Equal(t, "R-11", p.post(accepted+"/submit", nil).ok().text("rule"))
	w.reviewer.post(atWindow(accepted)+"/take", nil).ok()
	require.Empty(t, w.reviewer.get("/api/v1/village/reuse-flags").ok().list("items"))

	c.in.hubPlay.Revoke(leaseBase, leaseRecord+p.person.Name, "备案已注销")
	require.NoError(t, c.in.learnRevoked(t.Context()))
	require.NoError(t, c.in.learnRevoked(t.Context()))
	n, err := c.in.rooms.counter.Flag(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, n)
	n, err = c.in.rooms.counter.Flag(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "each is told once")

	cs := p.get(draft).ok()
	require.Equal(t, "missing", cs.material("", permitLease)["state"])
	require.Contains(t, cs.material("", permitLease)["note"], "已撤销")
	require.Equal(t, knownAddress, cs.text("form.residence_address"))
	require.Equal(t, "provided", p.get(accepted).ok().material("", permitLease)["state"])
	flags := w.reviewer.get("/api/v1/village/reuse-flags").ok()
	require.Equal(t, idOf(accepted), flags.text("items.0.case"))
	require.Len(t, flags.list("items"), 1, "drafts do not concern a department")
	require.Empty(t, flags.text("items.0.value"))
	require.Equal(t, "case.shared_revoked.review", w.reviewer.get("/api/v1/messages").ok().text("items.0.kind"))
	for _, m := range []string{permitForm, permitPhoto} {
		w.reviewer.post(atWindow(accepted)+"/materials/"+m+"/judge", map[string]bool{"fit": true}).ok()
	}
	w.reviewer.post(atWindow(accepted)+"/decision", map[string]bool{"grant": true}).refused(409, "casework.materials_due")
	w.reviewer.post(atWindow(accepted)+"/materials/"+permitLease+"/judge", map[string]bool{"fit": true}).ok()
	w.reviewer.post(atWindow(accepted)+"/decision", map[string]bool{"grant": true}).ok()

	for _, bad := range []struct {
		body map[string]string
		code string
	}{
		{map[string]string{"source": "没有这个库", "reason": "数据质量问题"}, "exchange.no_source"},
		{map[string]string{"source": peopleBase, "reason": "数据质量问题", "since": "2027-01-01T00:00:00+08:00"}, "exchange.since"},
	} {
		require.Equal(t, bad.code, w.administrator.post("/api/v1/admin/revocations", bad.body).text("code"))
	}
	w.reviewer.post("/api/v1/admin/revocations", map[string]string{"source": peopleBase, "reason": "数据质量问题"}).refused(403, "staff.not_allowed")
	r := w.administrator.post("/api/v1/admin/revocations", map[string]string{"source": peopleBase, "reason": "数据质量问题，整库暂停"}).ok()
	require.EqualValues(t, 2, r.at("uses"))
	_, err = c.in.rooms.counter.Flag(t.Context())
	require.NoError(t, err)
	require.Empty(t, p.get(draft).ok().text("form.residence_address"))
	require.Equal(t, "granted", p.get(accepted).ok().text("state"), "a decision stands until its office says otherwise")
	require.Len(t, w.auditor.get("/api/v1/admin/revocations").ok().list("items"), 2)
	require.Contains(t, string(w.reviewer.get(atWindow(accepted)+"/reuse").ok().raw), "revoked")
}

// TestAtTheWindowBasesAreAskedAfterwards: no transaction waits for them.
func TestAtTheWindowBasesAreAskedAfterwards(t *testing.T) {
	c := newTown(t, tuesday)
	w, p := c.crew(t), c.newcomer()
	c.in.hubPlay.Add(hub.Record{Source: leaseBase, Name: p.Name, Number: p.IDNumber, Ref: "ZJ-1", Materials: map[string]string{permitLease: leaseNumber}})
	cs := w.clerk.post("/api/v1/village/cases", map[string]any{"name": p.Name, "number": p.IDNumber, "purpose": "现场申请", "item": permitItem}).ok()
	path := "/api/v1/village/cases/" + cs.text("id")
	require.Eventually(t, func() bool { return w.clerk.get(path).ok().material("", permitLease)["state"] == "fit" }, 10*time.Second, 50*time.Millisecond)
	w.clerk.post(path+"/reuse", map[string]any{}).ok()
	c.clerk(t, otherVillage).post(path+"/reuse", map[string]any{}).refused(403, "staff.other_office")
}

// TestAnAgentDoesNotReadThePrincipalsRegisters: only what the item's materials need.
func TestAnAgentDoesNotReadThePrincipalsRegisters(t *testing.T) {
	c := newTown(t, tuesday)
	p, agent := c.citizen(t), c.citizen(t)
	c.knows(p)
	_, principal := p.lets(agent, permitItem)
	cs := agent.post("/api/v1/cases", map[string]string{"item": permitItem, "office": villageOffice, "on_behalf_of": principal}).ok()
	require.Equal(t, "fit", cs.material("", permitLease)["state"])
	require.Empty(t, cs.text("form.residence_address"))
}
