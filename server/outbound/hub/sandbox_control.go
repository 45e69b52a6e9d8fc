package hub

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"
)

var errPurpose = errors.New("a question names its base, its purpose, its item and its legal basis")

// control is the sandbox's own desk, which no real hub has: GET / shows how
// everything stands, POST /sandbox/mood?name=…&slow=2s&down=true changes how a
// base or system behaves, POST /sandbox/revoke?source=…&ref=…&reason=… takes a
// record back, POST /sandbox/report?system=…&case=…&kind=granted&text=… lets a
// department's system report.
func (s *Sandbox) control(w http.ResponseWriter, r *http.Request, _ []byte) {
	switch {
	case r.Method == http.MethodGet && r.URL.Path == "/":
		s.show(w)
	case r.Method == http.MethodPost && r.URL.Path == "/sandbox/mood":
		s.setMood(w, r.URL.Query())
	case r.Method == http.MethodPost && r.URL.Path == "/sandbox/revoke":
		q := r.URL.Query()
		s.Revoke(q.Get("source"), q.Get("ref"), q.Get("reason"))
		s.show(w)
	case r.Method == http.MethodPost && r.URL.Path == "/sandbox/report":
		q := r.URL.Query()
		if err := s.Report(q.Get("system"), q.Get("case"), q.Get("kind"), q.Get("text")); err != nil {
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		}
		s.show(w)
	default:
		http.NotFound(w, r)
	}
}

func (s *Sandbox) setMood(w http.ResponseWriter, q url.Values) {
	m := Mood{Down: q.Get("down") == "true", Repeats: q.Get("repeats") == "true"}
	if slow := q.Get("slow"); slow != "" {
		d, err := time.ParseDuration(slow)
		if err != nil {
			http.Error(w, "slow is a length such as 2s", http.StatusBadRequest)
			return
		}
		m.Slow = d
	}
	s.Set(q.Get("name"), m)
	s.show(w)
}

func (s *Sandbox) show(w http.ResponseWriter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	type stand struct {
		Name    string `json:"name"`
		Records int    `json:"records"`
		Revoked int    `json:"revoked"`
		Slow    string `json:"slow,omitempty"`
		Down    bool   `json:"down,omitempty"`
	}
	var list []stand
	for name := range s.keys {
		st := stand{Name: name, Revoked: len(s.revoked[name]), Down: s.moods[name].Down}
		if m := s.moods[name]; m.Slow > 0 {
			st.Slow = m.Slow.String()
		}
		for _, r := range s.records {
			if r.Source == name {
				st.Records++
			}
		}
		list = append(list, st)
	}
	slices.SortFunc(list, func(a, b stand) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"bases": list, "cases": s.counted(), "asked": len(s.asked), "refused": s.refused})
}

// counted is how many cases each system has.
func (s *Sandbox) counted() map[string]int {
	list := map[string]int{}
	for name, sys := range s.lines {
		list[name] = len(sys.cases)
	}
	return list
}
