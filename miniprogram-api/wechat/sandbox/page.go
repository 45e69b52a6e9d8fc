package sandbox

import (
	_ "embed"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"clock": func(t time.Time) string { return t.In(shanghai).Format("1月2日 15:04") },
}).Parse(pageText))

// view is what the page shows.
type view struct {
	People   []Person
	Me       *Person // whoever was picked
	Login    string  // fresh codes of Me
	Phone    string
	Messages []Sent
	Faces    []waiting
	Wrong    string
}

// waiting is a verification of Me that is not over.
type waiting struct {
	ID     string
	Name   string
	Masked string
}

// page serves the newcomer: pick or make a person, get a login code, look into
// the camera. It is plain HTML without scripts and loads nothing from elsewhere.
func (s *Sandbox) page(w http.ResponseWriter, r *http.Request) {
	v := view{}
	if r.Method == http.MethodPost {
		s.press(r, &v)
	}
	v.People = s.Persons()
	if v.Me != nil {
		v.Messages, v.Faces = s.Messages(v.Me.OpenID), s.waiting(v.Me.OpenID)
		slices.Reverse(v.Messages)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'")
	_ = pageTemplate.Execute(w, v)
}

// press does what a button of the page says.
func (s *Sandbox) press(r *http.Request, v *view) {
	id := PersonID(r.PostFormValue("person"))
	if r.PostFormValue("do") == "new" {
		id = s.newcomer(r, v)
	}
	p, ok := s.Person(id)
	if !ok {
		return
	}
	v.Me = &p
	switch r.PostFormValue("do") {
	case "login", "new":
		v.Login = s.LoginCode(p.OpenID)
	case "phone":
		v.Phone = s.PhoneCode(p.OpenID)
	case "pass":
		v.Wrong = sentence(s.PassFace(r.PostFormValue("face")))
	case "cancel":
		v.Wrong = sentence(s.EndFace(r.PostFormValue("face"), 90004))
	}
}

func (s *Sandbox) newcomer(r *http.Request, v *view) PersonID {
	name := strings.TrimSpace(r.PostFormValue("name"))
	number := strings.TrimSpace(r.PostFormValue("id_number"))
	switch {
	case name == "":
		v.Wrong = "请填写姓名"
		return ""
	case number != "" && !validIDNumber(number):
		v.Wrong = "身份证号不正确，不填则自动编一个"
		return ""
	}
	return s.AddPerson(Person{Name: name, IDNumber: number, Phone: strings.TrimSpace(r.PostFormValue("phone"))})
}

func sentence(err error) string {
	if err != nil {
		return "这次核验不存在或已过期，请在小程序里重新发起"
	}
	return ""
}

// waiting lists a person's verifications that have not passed yet.
func (s *Sandbox) waiting(openID string) []waiting {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []waiting
	for _, f := range s.faces {
		if f.openID == openID && f.ret != retPassed && s.o.Now().Before(f.until) {
			all = append(all, waiting{f.id, f.name, f.number[:6] + "********" + f.number[14:]})
		}
	}
	slices.SortFunc(all, func(a, b waiting) int { return strings.Compare(a.ID, b.ID) })
	return all
}
