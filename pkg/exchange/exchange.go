// Package exchange (数据共享) decides what need not be asked for again, because
// the government already knows it: fields that fill themselves in, and
// materials that are vouched for by a source.
package exchange

import (
	"slices"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
)

// identityCard is the kind of licence that a matched name and number stand for.
const identityCard = "居民身份证"

// Origin says where a filled-in value came from, for the person to see.
type Origin string

// The origins of a value.
const (
	FromRealName Origin = "实名认证"
	FromAccount  Origin = "绑定的手机号"
	FromLastForm Origin = "上次填写"
)

// Value is one value that fills itself in.
type Value struct {
	Text   string
	Origin Origin
}

// Known is what is known of an applicant.
type Known struct {
	Account  citizen.Account
	Person   citizen.Person
	LastForm map[string]string // by field name, what the person filled in last
	Licences []string          // the names of the valid licences held
	Shared   Gathered          // what other bases told
}

// Field returns the value that a form field can be filled with. The
// applicant's own name and number come from the real-name proof; the same
// source column of somebody else (child, spouse, guardian) does not.
func (k Known) Field(f catalog.Field) (Value, bool) {
	v := Value{Origin: FromRealName}
	switch f.Name {
	case "applicant_name":
		v.Text = k.Person.Name.String()
	case "applicant_id_number":
		v.Text = k.Person.Number.String()
	case "applicant_phone":
		v = Value{k.Account.Phone.String(), FromAccount}
	default:
		v = Value{k.LastForm[f.Name], FromLastForm}
		if told, ok := k.Shared.Value(f); ok && f.Check(told.Text) == "" {
			v = told
		}
	}
	return v, v.Text != "" && f.Check(v.Text) == ""
}

// Vouched says whether a material need not be handed in, and what vouches.
func (k Known) Vouched(m *catalog.Material) (by string, ok bool) {
	switch {
	case m.ReusableFrom == "":
		return "", false
	case m.LicenceKind == identityCard:
		return "实名认证已核验", !k.Account.RealNameAt.IsZero()
	case m.LicenceKind != "" && slices.Contains(k.Licences, m.LicenceKind):
		return "电子证照已核验", true
	default:
		return k.Shared.Voucher(m.Code)
	}
}
