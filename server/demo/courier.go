package demo

import "fmt"

// carry is the courier's run, up to the right code at the door.
func (p *play) carry() {
	p.step("courier", "sees the run", func() string {
		list := p.get(p.courier, "/api/v1/courier/run").list("waiting.items")
		p.expect("one parcel, its address not shown yet", len(list) == 1 && list[0].text("address") == "", list)
		return fmt.Sprintf("%d parcel for %s", len(list), list[0].text("area"))
	})
	p.step("courier", "picks it up", func() string {
		a := p.post(p.courier, "/api/v1/courier/waybills/"+p.waybill+"/pick-up", nil)
		p.expect("the address, once it is out", a.text("address") != "", a)
		return a.text("recipient") + " " + a.text("phone") + " " + a.text("address")
	})
	p.step("citizen", "sees the one-time code", func() string {
		p.oneTime = p.get(p.citizen, "/api/v1/cases/"+p.cs+"/waybill").text("code")
		p.expect("six digits", len(p.oneTime) == 6, p.oneTime)
		return p.oneTime
	})
	p.step("courier", "tries a wrong code", func() string {
		body := map[string]string{"code": other(p.oneTime)}
		return p.refused(p.courier, "/api/v1/courier/waybills/"+p.waybill+"/deliver", body, "delivery.wrong_code").text("detail")
	})
	p.step("courier", "delivers against the code", func() string {
		a := p.post(p.courier, "/api/v1/courier/waybills/"+p.waybill+"/deliver", map[string]string{"code": p.oneTime})
		p.expect("delivered", a.text("state") == "delivered", a)
		return a.text("state")
	})
}

// other is a code that is not this one.
func other(code string) string {
	first := '0' + (code[0]-'0'+1)%10
	return string(rune(first)) + code[1:]
}

// judge is the end of the journey: licence, verification, rating.
func (p *play) judge() {
	p.step("citizen", "sees the case closed", func() string {
		a := p.get(p.citizen, "/api/v1/cases/"+p.cs)
		p.expect("closed", a.text("state") == "closed", a)
		return a.text("state_text")
	})
	p.step("citizen", "sees the licence", func() string {
		list := p.get(p.citizen, "/api/v1/licences").list("items")
		p.expect("one licence", len(list) == 1, list)
		p.verify = list[0].text("code")
		return list[0].text("name") + ", verification code " + p.verify
	})
	p.step("anyone", "verifies it", func() string {
		a := p.get(nil, "/api/v1/verify/"+p.verify)
		p.expect("valid", a.text("state") == "valid", a)
		return a.text("state") + ", " + a.text("name") + ", " + a.text("holder")
	})
	p.step("citizen", "rates the service", func() string {
		a := p.post(p.citizen, "/api/v1/cases/"+p.cs+"/rating", map[string]any{"grade": 5})
		return fmt.Sprintf("grade %v", a.at("grade"))
	})
}

// spot is an item that the village itself decides at once: 帮办代办.
const spot = "CZ-0005"

// onTheSpot is a second, simple case: opened online, decided at the window.
func (p *play) onTheSpot() {
	var id string
	p.step("citizen", "applies for a simple item", func() string {
		a := p.post(p.citizen, "/api/v1/cases", map[string]string{"item": spot, "office": p.office})
		id = a.text("id")
		p.put(p.citizen, "/api/v1/cases/"+id+"/form", map[string]any{"form": map[string]string{
			"service_type": "上门服务", "residence_address": "佛山市禅城区石湾镇街道样例路1号",
			"appointment_date": p.stage.Now().In(china).AddDate(0, 0, 7).Format("2006-01-02"),
		}})
		r := p.post(p.citizen, "/api/v1/cases/"+id+"/submit", nil)
		p.expect("acceptance by R-11", r.text("outcome") == "accept" && r.text("rule") == "R-11", r)
		return "accept (R-11)"
	})
	p.step("clerk", "decides it on the spot", func() string {
		p.post(p.clerk, "/api/v1/village/cases/"+id+"/take", nil)
		p.post(p.clerk, "/api/v1/village/cases/"+id+"/materials/M-0048/judge", map[string]bool{"fit": true})
		a := p.post(p.clerk, "/api/v1/village/cases/"+id+"/decision", map[string]any{"grant": true})
		p.expect("closed at once: there is nothing to hand over", a.text("state") == "closed", a)
		return a.text("state_text")
	})
}
