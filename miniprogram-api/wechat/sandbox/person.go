package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// PersonID names a person within the sandbox: "p1", "p2", …
type PersonID string

// Person is somebody with a WeChat account and an entry in the population
// register. All of them are made up.
type Person struct {
	ID          PersonID `json:"id"`
	Name        string   `json:"name"`
	IDNumber    string   `json:"id_number"`    // 18 characters, GB 11643
	Phone       string   `json:"phone"`        // that the WeChat account is bound to
	CountryCode string   `json:"country_code"` // empty = 86
	OpenID      string   `json:"openid"`       // empty = derived from AppID and IDNumber, the same at every start
	UnionID     string   `json:"unionid"`      // likewise
	Role        string   `json:"role"`         // what the person is good for in a demonstration, in Chinese
	FaceFails   bool     `json:"face_fails"`   // the face does not match
	Blocked     bool     `json:"blocked"`      // WeChat lets this account log in nowhere (40226)
}

// AddPerson lets a person in, filling what is empty. One with the OpenID of
// another takes that one's place.
func (s *Sandbox) AddPerson(p Person) PersonID {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.IDNumber == "" {
		p.IDNumber = s.freeIDNumber()
	}
	if p.Phone == "" {
		p.Phone = fmt.Sprintf("199%08d", len(s.people)+1)
	}
	if p.CountryCode == "" {
		p.CountryCode = "86"
	}
	if p.OpenID == "" {
		p.OpenID = s.derive("openid", p)
	}
	if p.UnionID == "" {
		p.UnionID = s.derive("unionid", p)
	}
	i := slices.IndexFunc(s.people, func(q *Person) bool { return q.OpenID == p.OpenID })
	if i >= 0 {
		p.ID = s.people[i].ID
		s.people[i] = &p
		return p.ID
	}
	p.ID = PersonID("p" + strconv.Itoa(len(s.people)+1))
	s.people = append(s.people, &p)
	return p.ID
}

// Persons lists everybody, in the order of their coming.
func (s *Sandbox) Persons() []Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]Person, len(s.people))
	for i, p := range s.people {
		all[i] = *p
	}
	return all
}

// Person finds a person by id.
func (s *Sandbox) Person(id PersonID) (Person, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.people {
		if p.ID == id {
			return *p, true
		}
	}
	return Person{}, false
}

// RealName is the population register: is there a person of this name with this
// number?
func (s *Sandbox) RealName(name, idNumber string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.people, func(p *Person) bool { return p.Name == name && p.IDNumber == idNumber })
}

// byOpenID finds a person, or nil. The lock is held.
func (s *Sandbox) byOpenID(openID string) *Person {
	for _, p := range s.people {
		if p.OpenID == openID {
			return p
		}
	}
	return nil
}

// derive makes an id in the platform's form: 28 characters, the first an "o".
func (s *Sandbox) derive(kind string, p Person) string {
	sum := sha256.Sum256([]byte(kind + "|" + s.o.AppID + "|" + p.Name + "|" + p.IDNumber))
	return "o" + base64.RawURLEncoding.EncodeToString(sum[:])[:27]
}

// freeIDNumber makes up a number that nobody in here has.
func (s *Sandbox) freeIDNumber() string {
	for n := len(s.people); ; n++ {
		born := time.Date(1970, 1, 1+n, 0, 0, 0, 0, shanghai)
		id := withCheckDigit("440604" + born.Format("20060102") + "901")
		if !slices.ContainsFunc(s.people, func(p *Person) bool { return p.IDNumber == id }) {
			return id
		}
	}
}

// withCheckDigit completes 17 digits by GB 11643.
func withCheckDigit(body string) string {
	sum := 0
	for i, w := range []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2} {
		sum += int(body[i]-'0') * w
	}
	return body + string("10X98765432"[sum%11])
}
