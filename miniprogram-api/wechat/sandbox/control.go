package sandbox

import (
	"encoding/json"
	"net/http"
)

// control lists what a test or a demonstration can do over HTTP. Every answer
// is JSON; one that cannot be done is 400 {"error": …}.
func (s *Sandbox) control() {
	s.mux.HandleFunc("GET /sandbox/persons", func(w http.ResponseWriter, _ *http.Request) { reply(w, s.Persons()) })
	s.mux.HandleFunc("GET /sandbox/messages", func(w http.ResponseWriter, r *http.Request) {
		reply(w, s.Messages(r.URL.Query().Get("openid")))
	})
	handle(s, "POST /sandbox/persons", s.addPerson)
	handle(s, "POST /sandbox/login-code", func(_ *http.Request, in whom) (any, string) { return s.giveCode(in, s.LoginCode) })
	handle(s, "POST /sandbox/phone-code", func(_ *http.Request, in whom) (any, string) { return s.giveCode(in, s.PhoneCode) })
	handle(s, "POST /sandbox/grants", s.addGrant)
	handle(s, "POST /sandbox/faults", s.addFault)
	handle(s, "POST /sandbox/real-name", s.realName)
	handle(s, "POST /sandbox/face/{verify_id}/pass", s.endFace)
	s.mux.HandleFunc("GET /sandbox/{$}", s.page)
	s.mux.HandleFunc("POST /sandbox/{$}", s.page)
	s.mux.Handle("GET /sandbox", http.RedirectHandler("/sandbox/", http.StatusSeeOther))
}

// handle decodes a body, does the work, and encodes; a text is a failure.
func handle[In any](s *Sandbox, pattern string, do func(*http.Request, In) (any, string)) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		var in In
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil && r.ContentLength != 0 {
			complain(w, "the body is no JSON of the right form")
			return
		}
		answer, wrong := do(r, in)
		if wrong != "" {
			complain(w, wrong)
			return
		}
		reply(w, answer)
	})
}

func complain(w http.ResponseWriter, wrong string) {
	w.Header().Set("Content-Type", "application/json; encoding=utf-8")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": wrong})
}

// whom names a person by openid.
type whom struct {
	OpenID string `json:"openid"`
}

func (s *Sandbox) giveCode(in whom, give func(string) string) (any, string) {
	c := give(in.OpenID)
	if c == "" {
		return nil, "no person with this openid"
	}
	return map[string]string{"code": c}, ""
}

func (s *Sandbox) addPerson(_ *http.Request, in Person) (any, string) {
	if in.Name == "" {
		return nil, "name is needed"
	}
	if in.IDNumber != "" && !validIDNumber(in.IDNumber) {
		return nil, "id_number is wrong (GB 11643); leave it out to get one"
	}
	p, _ := s.Person(s.AddPerson(in))
	return p, ""
}

type grantIn struct {
	OpenID     string `json:"openid"`
	TemplateID string `json:"template_id"`
	N          int    `json:"n"`
}

func (s *Sandbox) addGrant(_ *http.Request, in grantIn) (any, string) {
	if in.OpenID == "" || in.TemplateID == "" || in.N < 0 {
		return nil, "openid and template_id are needed; n is 0 to withdraw, else how many"
	}
	if in.N == 0 {
		s.Withdraw(in.OpenID, in.TemplateID)
	} else {
		s.Grant(in.OpenID, in.TemplateID, in.N)
	}
	return map[string]any{}, ""
}

type faultIn struct {
	Path  string `json:"path"`
	Kind  Fault  `json:"kind"`
	Times int    `json:"times"`
}

func (s *Sandbox) addFault(_ *http.Request, in faultIn) (any, string) {
	if err := s.Fail(in.Path, in.Kind, orInt(in.Times, 1)); err != nil {
		return nil, err.Error()
	}
	return map[string]any{}, ""
}

type realNameIn struct {
	Name     string `json:"name"`
	IDNumber string `json:"id_number"`
}

func (s *Sandbox) realName(_ *http.Request, in realNameIn) (any, string) {
	return map[string]bool{"match": s.RealName(in.Name, in.IDNumber)}, ""
}

// endFace passes a verification, or ends it with the ret of the body.
func (s *Sandbox) endFace(r *http.Request, in struct {
	Ret int `json:"ret"`
}) (any, string) {
	id := r.PathValue("verify_id")
	err := s.PassFace(id)
	if in.Ret != 0 {
		err = s.EndFace(id, in.Ret)
	}
	if err != nil {
		return nil, err.Error()
	}
	return map[string]int{"verify_ret": s.faceRet(id)}, ""
}

func (s *Sandbox) faceRet(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faces[id].ret
}
