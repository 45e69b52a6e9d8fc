package licence

import (
	"github.com/yimen-gov/yimen/pkg/ledger"
)

// Issued is what the ledger is told of the issue: who holds it is named by an
// id of ours, and the code makes the words unguessable.
func (l Licence) Issued() ledger.Fact {
	return ledger.Fact{Kind: "licence.issued", Subject: l.ID, At: l.IssuedAt, About: []ledger.Detail{
		{Name: "number", Value: l.Number}, {Name: "name", Value: l.Name}, {Name: "item", Value: string(l.Item)},
		{Name: "case", Value: l.Case}, {Name: "holder", Value: string(l.Person)},
		{Name: "office", Value: string(l.Office)}, {Name: "issuer", Value: l.Issuer},
		{Name: "valid_until", Value: l.ValidUntil.String()}, {Name: "code", Value: l.Code}, {Name: "replaces", Value: l.Replaces},
	}}
}

func (l Licence) revoked() ledger.Fact {
	return ledger.Fact{Kind: "licence.revoked", Subject: l.ID, At: l.RevokedAt, About: []ledger.Detail{
		{Name: "number", Value: l.Number}, {Name: "reason", Value: l.RevokedFor},
	}}
}

func (l Licence) replaced() ledger.Fact {
	return ledger.Fact{Kind: "licence.replaced", Subject: l.ID, At: l.ReplacedAt, About: []ledger.Detail{
		{Name: "number", Value: l.Number}, {Name: "by", Value: l.ReplacedBy}, {Name: "reason", Value: l.RevokedFor},
	}}
}

// Facts are all that the ledger must hold of the licence as it stands.
func (l Licence) Facts() []ledger.Fact {
	facts := []ledger.Fact{l.Issued()}
	switch l.State {
	case Revoked:
		facts = append(facts, l.revoked())
	case Replaced:
		facts = append(facts, l.replaced())
	}
	return facts
}
