package sandbox

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDefaultPersonsAreMadeUpAndComplete(t *testing.T) {
	all := DefaultPersons()
	require.Len(t, all, 8)
	seen := map[string]bool{}
	for _, p := range all {
		require.True(t, validIDNumber(p.IDNumber), p.Name)
		require.Contains(t, []string{"440604", "440605", "440606", "440607", "440608"}, p.IDNumber[:6], p.Name)
		require.True(t, strings.HasPrefix(p.Phone, "19900000"), p.Name)
		require.Len(t, p.Phone, 11)
		for _, unique := range []string{p.Name, p.IDNumber, p.Phone, p.Role} {
			require.NotEmpty(t, unique)
			require.False(t, seen[unique], unique)
			seen[unique] = true
		}
	}
	for _, role := range []string{"法定代表人", "新生儿家长", "老人", "代办员", "审批人员", "快递员"} {
		require.True(t, slices.ContainsFunc(all, func(p Person) bool { return strings.Contains(p.Role, role) }), role)
	}
	old := all[3]
	born, err := time.Parse("20060102", old.IDNumber[6:14])
	require.NoError(t, err)
	require.Equal(t, "1946", born.Format("2006"), "eighty in 2026")
}

func TestCheckDigits(t *testing.T) {
	for number, valid := range map[string]bool{
		"11010519491231002X": true, // the standard's own example
		"440524188001010014": true, // likewise
		"110105194912310021": false,
		"11010519491231002x": false,
		"11010519491331002X": false,
		"1101051949123100":   false,
		"":                   false,
		"1101051949123100２X": false,
	} {
		require.Equal(t, valid, validIDNumber(number), number)
	}
}

func TestRealName(t *testing.T) {
	s := open(t)
	p := s.Persons()[0]
	require.True(t, s.RealName(p.Name, p.IDNumber))
	require.False(t, s.RealName(s.Persons()[1].Name, p.IDNumber))
	require.False(t, s.RealName("", ""))
}

func TestNewcomersGetWhatTheyLack(t *testing.T) {
	s := open(t)
	seen := map[string]bool{}
	for range 50 {
		p, ok := s.Person(s.AddPerson(Person{Name: "新人"}))
		require.True(t, ok)
		require.True(t, validIDNumber(p.IDNumber))
		require.Len(t, p.Phone, 11)
		require.Equal(t, "86", p.CountryCode)
		require.False(t, seen[p.IDNumber] || seen[p.OpenID] || seen[string(p.ID)])
		seen[p.IDNumber], seen[p.OpenID], seen[string(p.ID)] = true, true, true
	}
	require.Len(t, s.Persons(), 58)
}

func TestAPersonWithTheSameOpenIDTakesThePlace(t *testing.T) {
	s := open(t)
	p := s.Persons()[0]
	p.FaceFails = true
	require.Equal(t, p.ID, s.AddPerson(p))
	require.Len(t, s.Persons(), 8)
	got, _ := s.Person(p.ID)
	require.True(t, got.FaceFails)
	_, ok := s.Person("p99")
	require.False(t, ok)
}
