package hub

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// lineCase is a case as a played system knows it.
type lineCase struct {
	Last     sendIn
	Messages []string // ids, in the order of their arrival
	State    string
	Reports  int
}

// lineSystem is one played system.
type lineSystem struct {
	cases   map[string]*lineCase
	reports []reportOut
}

var errSeq = errors.New("a message before it is missing")

func (s *Sandbox) system(name string) *lineSystem {
	if s.lines[name] == nil {
		s.lines[name] = &lineSystem{cases: map[string]*lineCase{}}
	}
	return s.lines[name]
}

// take takes a message, once, and none before the ones that precede it.
func (s *Sandbox) take(name string, body []byte) (any, error) {
	var in sendIn
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	sys := s.system(name)
	cs := sys.cases[in.Case]
	if cs == nil {
		cs = &lineCase{State: "open"}
		sys.cases[in.Case] = cs
	}
	if slices.Contains(cs.Messages, in.Message) {
		return taken{true}, nil
	}
	if in.Seq != len(cs.Messages)+1 {
		return nil, errSeq
	}
	cs.Messages, cs.Last = append(cs.Messages, in.Message), in
	if in.State != "open" || cs.State == "ended" {
		cs.State = in.State
	}
	return taken{true}, nil
}

// Report lets a system say something of a case: status, granted or refused. One
// that repeats itself says it three times, twice under the same id.
func (s *Sandbox) Report(system, caseID, kind, text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	sys := s.system(system)
	cs := sys.cases[caseID]
	if cs == nil {
		return fmt.Errorf("the system has no case %s", caseID)
	}
	cs.Reports++
	if kind != "status" {
		cs.State = kind
	}
	r := reportOut{ID: fmt.Sprintf("%s-%d", caseID, cs.Reports), Case: caseID, Seq: cs.Reports, Kind: kind, Text: text}
	sys.reports = append(sys.reports, r)
	if s.moods[system].Repeats {
		again := r
		again.ID += "-again"
		sys.reports = append(sys.reports, r, again)
	}
	return nil
}

// Swap lets a system's last two reports arrive in the wrong order.
func (s *Sandbox) Swap(system string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.system(system).reports; len(r) > 1 {
		r[len(r)-1], r[len(r)-2] = r[len(r)-2], r[len(r)-1]
	}
}

// Forget lets a system lose a case.
func (s *Sandbox) Forget(system, caseID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.system(system).cases, caseID)
}

// Taken lists the acts that a system has heard of a case, by how many messages.
func (s *Sandbox) Taken(system, caseID string) (messages int, state string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	cs := s.system(system).cases[caseID]
	if cs == nil {
		return 0, ""
	}
	return len(cs.Messages), cs.State
}

func (s *Sandbox) tell(name string, body []byte) (any, error) {
	var in reportsIn
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.system(name).reports
	from, _ := strconv.Atoi(in.After)
	if from < 0 || from > len(list) {
		from = 0
	}
	return reportsOut{Items: list[from:], Next: strconv.Itoa(len(list))}, nil
}

func (s *Sandbox) believe(name string, _ []byte) (any, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := beliefsOut{Items: []beliefOut{}}
	for id, cs := range s.system(name).cases {
		out.Items = append(out.Items, beliefOut{id, cs.State})
	}
	return out, nil
}
