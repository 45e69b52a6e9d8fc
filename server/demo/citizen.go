package demo

import (
	"fmt"
	"strings"
	"time"
)

// item is the one that the journey is about: 居住证申领, accepted by villages,
// decided by the town, tolerant, with a licence that a courier brings.
const item = "SZ-0004"

// The materials of the item that the journey touches.
const (
	receipt  = "M-0071" // 数码照相检测回执, photographed
	lease    = "M-0012" // 房屋租赁登记备案证明, promised and supplemented
	working  = "M-0014" // only for those who work here
	studying = "M-0030" // only for those who study here
)

// arrive gives everybody a phone and logs the citizen in.
func (p *play) arrive() {
	people := p.wechatList("/sandbox/persons")
	p.expect("at least seven people in the local WeChat", len(people) >= 7, len(people))
	actors := make([]*actor, 7)
	for i := range actors {
		a := people[i]
		actors[i] = &actor{name: a.text("name"), number: a.text("id_number"), openID: a.text("openid")}
	}
	p.citizen, p.clerk, p.reviewer, p.courier = actors[0], actors[4], actors[5], actors[6]
	p.step("citizen", "logs in with a WeChat code", func() string {
		return "session until " + p.login(p.citizen)
	})
}

func (p *play) login(who *actor) (until string) {
	code := p.wechat("/sandbox/login-code", map[string]string{"openid": who.openID}).text("code")
	a := p.post(nil, "/api/v1/sessions", map[string]string{"code": code})
	who.token = a.text("token")
	p.expect("a token", len(who.token) > 30, who.token)
	return a.text("ends_at")[:10]
}

// prove binds the phone and proves the name.
func (p *play) prove() {
	p.step("citizen", "binds the phone", func() string {
		code := p.wechat("/sandbox/phone-code", map[string]string{"openid": p.citizen.openID}).text("code")
		a := p.post(p.citizen, "/api/v1/me/phone", map[string]string{"code": code})
		p.expect("level 2", a.at("level") == 2., a)
		return "level 2, " + a.text("phone")
	})
	p.step("citizen", "proves name and identity number", func() string {
		a := p.post(p.citizen, "/api/v1/me/real-name", map[string]string{"name": p.citizen.name, "number": p.citizen.number})
		p.expect("level 3", a.at("level") == 3., a)
		return "level 3, " + a.text("name") + " " + a.text("number")
	})
	p.step("citizen", "allows messages", func() string {
		p.wechat("/sandbox/grants", map[string]any{"openid": p.citizen.openID, "template_id": "local-notice", "n": 1})
		return "long-term template"
	})
}

// find searches, reads the guide and asks where to go.
func (p *play) find() {
	for _, q := range []string{"办居住证", "jzz"} {
		p.step("citizen", "searches "+q, func() string { return p.search(q) })
	}
	p.step("citizen", "reads the guide and the checklist", func() string {
		a := p.get(nil, "/api/v1/items/"+item)
		p.expect("a checklist of 6", len(a.list("checklist")) == 6, len(a.list("checklist")))
		return fmt.Sprintf("%s, %v working days, %d fields", a.text("department"), a.at("promise_days"), len(a.list("form")))
	})
	p.step("citizen", "asks where, near 113.1145 22.9980 (gcj02)", func() string {
		a := p.get(nil, "/api/v1/items/"+item+"/offices"+query("lng", "113.1145", "lat", "22.9980", "datum", "gcj02", "mode", "ebike", "minutes", "30"))
		offers := a.list("items")
		p.expect("offices", len(offers) > 0, a)
		for _, o := range offers {
			if o.text("office.level") == "village" {
				p.office = o.text("office.code")
				return fmt.Sprintf("%d offices; %s：%s", len(offers), o.text("office.name"), o.text("why"))
			}
		}
		p.expect("a village office among them", false, a)
		return ""
	})
}

func (p *play) search(q string) string {
	hits := p.get(nil, "/api/v1/items"+query("q", q)).list("items")
	for i, h := range hits {
		if h.text("code") == item {
			return fmt.Sprintf("%s %s, %d of %d", item, h.text("name"), i+1, len(hits))
		}
	}
	p.expect(item+" among the hits", false, hits)
	return ""
}

// book takes the first free slot of another day, and is told.
func (p *play) book() {
	p.step("citizen", "looks at free slots", func() string {
		var day answer
		day, p.starts = p.firstSlot()
		return fmt.Sprintf("%s: %d slots, first %s", day.text("date"), len(day.list("slots")), p.starts.In(china).Format("15:04"))
	})
	var hold string
	p.step("citizen", "holds it", func() string {
		a := p.post(p.citizen, "/api/v1/holds", map[string]any{"office": p.office, "item": item, "starts_at": p.starts.Format(time.RFC3339)})
		hold = a.text("id")
		return a.text("state")
	})
	p.step("citizen", "books it", func() string {
		a := p.post(p.citizen, "/api/v1/appointments", map[string]string{"hold": hold})
		p.expect("booked", a.text("state") == "booked", a)
		p.appointment, p.code = a.text("id"), a.text("code")
		return "code " + p.code
	})
	p.step("citizen", "is told, in the app and by WeChat", func() string {
		told := p.get(p.citizen, "/api/v1/messages").list("items")
		p.expect("a message", len(told) > 0 && told[0].text("kind") == "appointment.booked", told)
		p.wait("a WeChat message", func() bool { return len(p.wechatList("/sandbox/messages?openid="+p.citizen.openID)) > 0 })
		return told[0].text("text")
	})
}

func (p *play) firstSlot() (answer, time.Time) {
	a := p.get(nil, "/api/v1/offices/"+p.office+"/slots"+query("item", item, "days", "14"))
	for _, day := range a.list("items") {
		for _, s := range day.list("slots") {
			if free, _ := s.at("free").(float64); free > 0 {
				return day, p.moment(s, "starts_at")
			}
		}
	}
	p.expect("a free slot within 14 days", false, a)
	return nil, time.Time{}
}

// wait gives background jobs a few seconds.
func (p *play) wait(what string, done func() bool) {
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if done() {
			return
		}
	}
	p.expect(what, false, "nothing within 10 s")
}

// apply opens the case, fills the form and uploads a photo.
func (p *play) apply() {
	p.step("citizen", "opens a case for the visit", func() string {
		a := p.post(p.citizen, "/api/v1/cases", map[string]string{"item": item, "office": p.office, "appointment": p.appointment})
		p.cs = a.text("id")
		p.expect("the name filled in", a.text("form.applicant_name") == p.citizen.name, a)
		return fmt.Sprintf("%s, %d fields filled in already", a.text("number"), len(a.at("form").(map[string]any)))
	})
	p.step("citizen", "fills in the form", func() string {
		a := p.put(p.citizen, "/api/v1/cases/"+p.cs+"/form", map[string]any{
			"form":       map[string]string{"residence_address": "佛山市禅城区石湾镇街道样例路1号", "permit_basis": "合法稳定住所"},
			"conditions": map[string]bool{lease: true, working: false, studying: false},
		})
		return a.text("state_text")
	})
	p.step("citizen", "uploads a photo of a material", func() string {
		a := p.upload(p.citizen, "/api/v1/cases/"+p.cs+"/files", receipt, "回执.jpg", photo)
		return receipt + " " + material(a["case"], receipt).text("state")
	})
	p.step("citizen", "submits without the lease", func() string {
		a := p.post(p.citizen, "/api/v1/cases/"+p.cs+"/submit", nil)
		p.expect("a one-time notice by R-14", a.text("outcome") == "one_time_notice" && a.text("rule") == "R-14", a)
		return a.text("outcome") + ", missing: " + a.text("missing.0.name")
	})
}

// material finds a material of an encoded case.
func material(cs any, code string) answer {
	in, _ := cs.(map[string]any)
	for _, m := range answer(in).list("materials") {
		if m.text("material") == code {
			return m
		}
	}
	return nil
}

// promise signs the commitment for what is missing and submits again.
func (p *play) promise() {
	var digest string
	p.step("citizen", "reads the commitment", func() string {
		a := p.get(p.citizen, "/api/v1/cases/"+p.cs+"/commitment")
		digest = a.text("digest")
		p.expect("the lease in its text", strings.Contains(a.text("text"), "房屋租赁"), a)
		return fmt.Sprintf("%d characters, owes %v", len([]rune(a.text("text"))), a.at("owed"))
	})
	p.step("citizen", "signs it", func() string {
		a := p.post(p.citizen, "/api/v1/cases/"+p.cs+"/commitment", map[string]string{"digest": digest})
		return lease + " " + material(map[string]any(a), lease).text("state")
	})
	p.step("citizen", "submits", func() string {
		a := p.post(p.citizen, "/api/v1/cases/"+p.cs+"/submit", nil)
		p.expect("tolerance acceptance by R-19", a.text("outcome") == "tolerant_accept" && a.text("rule") == "R-19", a)
		p.town = a.text("case.decides") + "-A"
		return "tolerant_accept (R-19), due " + a.text("case.due") + ", lease by " + a.text("case.supplement_due")
	})
	p.step("citizen", "chooses courier delivery", func() string {
		a := p.put(p.citizen, "/api/v1/cases/"+p.cs+"/delivery", map[string]string{
			"way": "courier", "recipient": p.citizen.name, "phone": "19900000101",
			"address": "佛山市禅城区石湾镇街道样例路1号2座301", "area": "禅城区石湾镇街道",
		})
		return a.text("way")
	})
}
