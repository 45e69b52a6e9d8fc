package citizen

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Arrangement (窗口办理代办) is an agency that people without WeChat make at the
// window, on paper.
type Arrangement struct {
	Kind             AgencyKind
	Relation         Relation
	Principal, Agent Shown
	Items            []string // empty = every item
	Until            workday.Date
	Paper            []byte // the signed mandate or the proof of guardianship
}

// Shown is who somebody has proved to be at the window.
type Shown struct {
	Name   Name
	Number IDNumber
}

// lookArranged is how the record of looks names an arrangement.
const lookArranged = "agency"

// Arrange makes an agency that counts at once: the member of staff by has seen
// both identities and the paper, and stands in the record. Both sides hear of
// it, and either may end it. The paper is stored before the row: a crash
// between leaves a file that nothing names.
// Errors: ErrAgencyTime, ErrAgencySelf, ErrWard, ErrNoMatch, those of scan.Clean.
func (d *Door) Arrange(ctx context.Context, by string, r Arrangement) (a Agency, err error) {
	paper, err := scan.Clean(r.Paper)
	if err != nil {
		return a, err
	}
	a = Agency{
		ID: d.NewID(), Kind: r.Kind, Relation: r.Relation, Items: r.Items, State: Active,
		MadeAt: d.Now(), AcceptedAt: d.Now(), EndsAt: endOf(r.Until), ArrangedBy: by,
	}
	if err := r.check(a.EndsAt, a.MadeAt); err != nil {
		return a, err
	}
	for _, p := range []Shown{r.Principal, r.Agent} {
		if err := d.matched(ctx, p.Name, p.Number); err != nil {
			return a, err
		}
	}
	sum := sha256.Sum256(paper.Content)
	a.Proof = Proof{File: d.NewID(), Media: paper.Media, Bytes: int64(len(paper.Content)), SHA256: hex.EncodeToString(sum[:])}
	if err := d.Files.Put(ctx, a.Proof.File, paper.Content); err != nil {
		return a, err
	}
	return a, d.Store.InTx(ctx, func(tx Tx) error { return d.arrange(ctx, tx, r, &a) })
}

// check refuses times that cannot be: a guardianship of a child ends when it
// is of age, that of an adult as any mandate does.
func (r Arrangement) check(ends, now time.Time) error {
	grown := birthday(r.Principal.Number, ofAge)
	switch {
	case r.Principal.Number == r.Agent.Number:
		return ErrAgencySelf
	case !ends.After(now):
		return ErrAgencyTime
	case now.Before(birthday(r.Agent.Number, ofAge)):
		return ErrWard
	case r.Kind == Guardian && now.Before(grown):
		if ends.After(grown) {
			return ErrWard
		}
	case ends.Sub(now) > agencyMost:
		return ErrAgencyTime
	}
	return nil
}

func (d *Door) arrange(ctx context.Context, tx Tx, r Arrangement, a *Agency) error {
	principal, err := d.present(ctx, tx, r.Principal.Name, r.Principal.Number)
	if err != nil {
		return err
	}
	agent, err := d.person(ctx, tx, r.Agent.Name, r.Agent.Number)
	if err != nil {
		return err
	}
	a.Principal, a.PrincipalName, a.PrincipalKind = principal.ID, principal.Name, principal.Kind
	a.Agent, a.AgentName = agent.ID, agent.Name
	if err := tx.InsertAgency(ctx, *a); err != nil {
		return err
	}
	for _, side := range []ID{a.Principal, a.Agent} {
		l := Look{ID: d.NewID(), Staff: a.ArrangedBy, Person: side, What: lookArranged, Purpose: "窗口办理代办授权", At: a.MadeAt}
		if err := tx.InsertLook(ctx, l); err != nil {
			return err
		}
		if err := tx.TellPerson(ctx, side, "agency.arranged", a.ID, "窗口已为您办理一项代办授权，请在“我的—代办授权”查看；有疑问可随时终止", a.MadeAt); err != nil {
			return err
		}
	}
	return nil
}

// AgenciesAtWindow lists the agencies in which the person at the window is the
// principal. by is the id of the member of staff; the look is kept.
// Errors: ErrNoMatch, ErrPurpose.
func (d *Door) AgenciesAtWindow(ctx context.Context, by string, who Shown, purpose string) ([]Agency, error) {
	p, err := d.Receive(ctx, by, who.Name, who.Number, purpose)
	if err != nil {
		return nil, err
	}
	return d.Store.Agencies(ctx, p.ID, AsPrincipal)
}

// EndAgencyAtWindow ends an agency for a principal who stands at the window.
// Errors: ErrNoMatch, ErrPurpose, ErrNoAgency, ErrAgencyOver.
func (d *Door) EndAgencyAtWindow(ctx context.Context, by string, who Shown, purpose, id string) error {
	p, err := d.Receive(ctx, by, who.Name, who.Number, purpose)
	if err != nil {
		return err
	}
	return d.Store.InTx(ctx, func(tx Tx) error {
		a, err := tx.Agency(ctx, id)
		if err != nil {
			return err
		}
		if a.Principal != p.ID {
			return ErrNoAgency
		}
		if err := tx.EndAgency(ctx, id, ID(by), d.Now()); err != nil {
			return err
		}
		return tx.TellPerson(ctx, a.Agent, "agency.ended", a.ID, "委托人已在窗口终止一项代办授权，您不能再为其办事", d.Now())
	})
}

// AgencyProof is the paper of an agency, for either side of it.
// Errors: ErrNoAgency, ErrNoProof.
func (d *Door) AgencyProof(ctx context.Context, who Account, id string) (Proof, []byte, error) {
	a, err := d.Store.Agency(ctx, id)
	if err != nil {
		return Proof{}, nil, err
	}
	if _, err := otherSide(ctx, d.Store, who.Person, a); err != nil {
		return Proof{}, nil, err
	}
	if a.Proof.File == "" {
		return Proof{}, nil, ErrNoProof
	}
	content, err := d.Files.Get(ctx, a.Proof.File)
	return a.Proof, content, err
}
