package demo

import (
	"fmt"
	"time"
)

// takeUp logs somebody in and gives them a post.
func (p *play) takeUp(who *actor, title string, post Post) {
	post.Name = who.name
	p.step(title, "logs in and takes up the post", func() string {
		p.login(who)
		code, err := p.stage.Invite(p.ctx, post)
		p.must(err)
		a := p.post(who, "/api/v1/me/post", map[string]string{"code": code})
		p.expect("the role "+post.Role, a.text("role") == post.Role, a)
		return a.text("role") + " " + a.text("office") + a.text("company")
	})
}

// receive is the visit: check-in, taking the case over, paper originals.
func (p *play) receive() {
	p.takeUp(p.clerk, "clerk", Post{Role: "village_staff", Office: p.office})
	p.moveTo(p.starts.Add(-10*time.Minute), "the day of the appointment")
	p.step("citizen", "opens the mini-program again", func() string {
		return "session until " + p.login(p.citizen) // one ends after some days without use
	})
	p.step("clerk", "opens the mini-program again", func() string {
		return "session until " + p.login(p.clerk)
	})
	p.step("clerk", "sees today's list", func() string {
		list := p.get(p.clerk, "/api/v1/village/appointments").list("items")
		p.expect("one appointment", len(list) == 1 && list[0].text("id") == p.appointment, list)
		return fmt.Sprintf("%d appointment, %s", len(list), list[0].text("starts_at")[11:16])
	})
	p.step("clerk", "checks the citizen in", func() string {
		a := p.post(p.clerk, "/api/v1/village/appointments/check-in", map[string]string{"code": p.code})
		p.expect("checked_in", a.text("state") == "checked_in", a)
		return a.text("state")
	})
	p.step("clerk", "finds the case and takes it over", func() string {
		list := p.get(p.clerk, "/api/v1/village/cases").list("items")
		p.expect("the case", len(list) == 1 && list[0].text("id") == p.cs, list)
		return p.post(p.clerk, "/api/v1/village/cases/"+p.cs+"/take", nil).text("state_text")
	})
	p.step("clerk", "records the paper original", func() string {
		a := p.post(p.clerk, "/api/v1/village/cases/"+p.cs+"/materials/"+receipt+"/originals", map[string]int{"copies": 1})
		return receipt + " " + material(map[string]any(a), receipt).text("state")
	})
	p.step("clerk", "tries to decide it herself", func() string {
		return p.refused(p.clerk, "/api/v1/village/cases/"+p.cs+"/decision", map[string]any{"grant": true}, "casework.not_decider").text("detail")
	})
}

// supplement brings what was promised.
func (p *play) supplement() {
	p.step("citizen", "supplements the lease", func() string {
		a := p.upload(p.citizen, "/api/v1/cases/"+p.cs+"/files", lease, "租赁备案.jpg", photo)
		return lease + " " + material(a["case"], lease).text("state")
	})
}

// review is the town's department: every material, then the decision.
func (p *play) review() {
	p.takeUp(p.reviewer, "reviewer", Post{Role: "reviewer", Office: p.town, Department: "GA"})
	p.step("reviewer", "finds the case", func() string {
		list := p.get(p.reviewer, "/api/v1/village/cases").list("items")
		p.expect("the case", len(list) == 1 && list[0].text("id") == p.cs, list)
		return list[0].text("number")
	})
	p.step("reviewer", "tries to grant it unreviewed", func() string {
		return p.refused(p.reviewer, "/api/v1/village/cases/"+p.cs+"/decision", map[string]any{"grant": true}, "casework.materials_due").text("detail")
	})
	p.step("reviewer", "looks at the files, finds each material fit", func() string {
		files := p.get(p.reviewer, "/api/v1/village/cases/"+p.cs+"/files").list("items")
		p.expect("two files", len(files) == 2, files)
		for _, m := range []string{"M-0048", lease} {
			p.post(p.reviewer, "/api/v1/village/cases/"+p.cs+"/materials/"+m+"/judge", map[string]bool{"fit": true})
		}
		return fmt.Sprintf("%d files", len(files))
	})
	p.step("reviewer", "grants it", func() string {
		a := p.post(p.reviewer, "/api/v1/village/cases/"+p.cs+"/decision", map[string]any{"grant": true, "text": "符合条件，准予办理"})
		p.expect("granted", a.text("state") == "granted", a)
		return a.text("state_text")
	})
}

// issue makes the licence and the waybill and hands the parcel over.
func (p *play) issue() {
	p.takeUp(p.courier, "courier", Post{Role: "courier", Company: company})
	p.step("clerk", "issues the licence", func() string {
		a := p.post(p.clerk, "/api/v1/village/cases/"+p.cs+"/licence", nil)
		return a.text("name") + " " + a.text("number")
	})
	p.step("clerk", "makes the waybill", func() string {
		a := p.post(p.clerk, "/api/v1/village/cases/"+p.cs+"/waybill", map[string]string{"company": company})
		p.waybill = a.text("id")
		return a.text("number")
	})
	p.step("clerk", "hands the parcel over", func() string {
		return p.post(p.clerk, "/api/v1/village/waybills/"+p.waybill+"/hand-over", nil).text("state")
	})
}

const company = "样例快递"
