package hub

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Sandbox is a small data hub for development and tests: it holds some persons
// and firms, checks every signature, and can be told to be slow or down, or to
// take a record back.
type Sandbox struct {
	keys Keys
	now  func() time.Time

	mu       sync.Mutex
	nonces   map[string]time.Time
	records  []Record
	moods    map[string]Mood
	revoked  map[string][]takenBackOut
	asked    []Asked
	refused  int
	lines    map[string]*lineSystem
	handlers map[string]func(name string, body []byte) (any, error)
}

// Record is one thing that a base knows of somebody.
type Record struct {
	Source, Name, Number string
	Ref                  string
	Until                time.Time         // zero = not said
	Materials            map[string]string // by code: what identifies the paper
	Columns              map[string]string
}

// Mood is how a base or system behaves.
type Mood struct {
	Slow time.Duration // before it answers
	Down bool          // it answers 503

	Repeats bool // a system says what it reports three times
}

// Asked is one question that was put, without whom it was about.
type Asked struct {
	Source, Item, Purpose, Case, Basis, Consent string
	Wants                                       []string
}

// NewSandbox makes a hub that knows these records.
func NewSandbox(keys Keys, records []Record, now func() time.Time) *Sandbox {
	s := &Sandbox{
		keys: keys, now: now, nonces: map[string]time.Time{}, records: slices.Clone(records),
		moods: map[string]Mood{}, revoked: map[string][]takenBackOut{}, lines: map[string]*lineSystem{},
	}
	s.handlers = map[string]func(string, []byte) (any, error){
		pathFacts: s.facts, pathRevoked: s.takenBack, pathSend: s.take, pathReports: s.tell, pathBelieves: s.believe,
	}
	return s
}

// Set changes how a base or system behaves.
func (s *Sandbox) Set(name string, m Mood) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moods[name] = m
}

// Add makes a base know one record more.
func (s *Sandbox) Add(r Record) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.records = append(s.records, r)
}

// Revoke takes a record back, or, for "", all that a base has told; it knows
// the record no more.
func (s *Sandbox) Revoke(source, ref, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked[source] = append(s.revoked[source], takenBackOut{Ref: ref, At: s.now().Format(time.RFC3339), Reason: reason})
	s.records = slices.DeleteFunc(s.records, func(r Record) bool { return r.Source == source && (r.Ref == ref || ref == "") })
}

// Asked lists the questions that were answered.
func (s *Sandbox) Asked() []Asked {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// Refused counts the requests whose signature, time or nonce was wrong.
func (s *Sandbox) Refused() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refused
}

// ServeHTTP implements http.Handler.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, answerMost))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if handle, ok := s.handlers[r.URL.Path]; ok && r.Method == http.MethodPost {
		s.answer(w, r, body, handle)
		return
	}
	s.control(w, r, body)
}

// answer lets in what is signed, behaves as told, and signs what it says.
func (s *Sandbox) answer(w http.ResponseWriter, r *http.Request, body []byte, handle func(string, []byte) (any, error)) {
	name, key, err := s.admit(r, body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	s.mu.Lock()
	mood := s.moods[name]
	s.mu.Unlock()
	if mood.Slow > 0 {
		select {
		case <-time.After(mood.Slow):
		case <-r.Context().Done():
			return
		}
	}
	status := http.StatusOK
	var out any
	if mood.Down {
		status = http.StatusServiceUnavailable
	} else if out, err = handle(name, body); err != nil {
		status, out = http.StatusBadRequest, map[string]string{"error": err.Error()}
	}
	raw, err := json.Marshal(out)
	if err != nil {
		panic(err) // our own values
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set(headerSignature, key.answer(status, r.Header.Get(headerNonce), raw))
	w.WriteHeader(status)
	_, _ = w.Write(raw)
}

// admit finds the key, checks the signature and uses up the nonce.
func (s *Sandbox) admit(r *http.Request, body []byte) (name string, key Key, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer func() {
		if err != nil {
			s.refused++
		}
	}()
	name, key, ok := s.keys.byID(r.Header.Get(headerKey))
	if !ok {
		return "", key, errSignature
	}
	now := s.now()
	if err := key.check(r, body, now); err != nil {
		return "", key, err
	}
	for n, at := range s.nonces {
		if now.Sub(at) > 2*clockSkew {
			delete(s.nonces, n)
		}
	}
	nonce := key.ID + " " + r.Header.Get(headerNonce)
	if _, twice := s.nonces[nonce]; twice {
		return "", key, errNonce
	}
	s.nonces[nonce] = now
	return name, key, nil
}

func (s *Sandbox) facts(name string, body []byte) (any, error) {
	var in askIn
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	if in.Source != name || in.Purpose == "" || in.Basis == "" || in.Item == "" {
		return nil, errPurpose
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, Asked{in.Source, in.Item, in.Purpose, in.Case, in.Basis, in.Consent, in.Wants})
	out := askOut{Facts: []factOut{}}
	for _, r := range s.records {
		if r.Source != in.Source || r.Name != in.Name || r.Number != in.Number {
			continue
		}
		for _, what := range in.Wants {
			if value := r.Materials[what] + r.Columns[what]; value != "" {
				f := factOut{What: what, Value: value, Ref: r.Ref}
				if !r.Until.IsZero() {
					f.Until = r.Until.Format(time.RFC3339)
				}
				out.Facts = append(out.Facts, f)
			}
		}
	}
	return out, nil
}

func (s *Sandbox) takenBack(name string, body []byte) (any, error) {
	var in revokedIn
	if err := json.Unmarshal(body, &in); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	from, _ := strconv.Atoi(in.After)
	list := s.revoked[name]
	if from < 0 || from > len(list) {
		from = 0
	}
	return revokedOut{Items: list[from:], Next: strconv.Itoa(len(list))}, nil
}
