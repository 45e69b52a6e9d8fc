package casework

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Promise is the commitment as it would be signed now.
type Promise struct {
	Text   string
	Digest string // hex sha256 of Text; signing names it, so what was read is what is signed
	Owed   []catalog.MaterialCode
}

// Promise writes the commitment for what may be tolerated of one's own case.
// Error: ErrNothingOwed.
func (c *Counter) Promise(ctx context.Context, who citizen.ID, id ID) (Promise, error) {
	cs, err := c.Own(ctx, who, id)
	if err != nil {
		return Promise{}, err
	}
	return c.promise(ctx, cs)
}

func (c *Counter) promise(ctx context.Context, cs Case) (p Promise, err error) {
	item, err := c.Item(ctx, cs)
	if err != nil {
		return p, err
	}
	var named []string
	for _, m := range cs.Owed() {
		if r := requirement(item, m.Code); r.Tolerable {
			p.Owed = append(p.Owed, m.Code)
			named = append(named, r.Material.Name)
		}
	}
	if len(p.Owed) == 0 || !item.Tolerant {
		return p, ErrNothingOwed
	}
	p.Text = promiseText(item, cs.Number, named, c.Calendar.Add(c.today(), item.ToleranceDays))
	sum := sha256.Sum256([]byte(p.Text))
	p.Digest = hex.EncodeToString(sum[:])
	return p, nil
}

// promiseText holds what a commitment must say: free will, the notice
// understood, true materials, the time, the liability.
func promiseText(item *catalog.Item, number string, owed []string, due workday.Date) string {
	return fmt.Sprintf("容缺受理承诺书\n\n"+
		"本人申请办理“%s”（办件编号 %s），自愿申请容缺受理，并已知悉容缺办理的告知内容。本人承诺：\n"+
		"一、所填内容和所交材料真实、有效。\n"+
		"二、下列材料在%s前（含当日）补齐：%s。\n"+
		"三、知悉材料补齐并审核合格前不作出决定、不发放证照。\n"+
		"四、逾期未补齐或补交的材料不合格的，同意终止办理，自行承担由此造成的后果；失信情况将被记录，影响以后适用容缺。\n",
		item.Name, number, dayWords(due), strings.Join(owed, "、"))
}

// Sign signs the commitment that was shown, named by its digest, with the
// identity level that the item asks for. Errors: ErrText, ErrNothingOwed and
// what citizen.Account.Require says.
func (c *Counter) Sign(ctx context.Context, who citizen.Account, id ID, digest string) (Case, error) {
	return c.change(ctx, c.mine(ctx, who.Person, id), Sign, func(tx Tx, cs *Case) (entry, error) {
		item, err := c.Item(ctx, *cs)
		if err != nil {
			return entry{}, err
		}
		if err := who.Require(citizen.Level(item.IdentityLevel), c.Now()); err != nil {
			return entry{}, err
		}
		p, err := c.promise(ctx, *cs)
		if err != nil {
			return entry{}, err
		}
		if p.Digest != digest {
			return entry{}, ErrText
		}
		k := Commitment{SignedBy: who.Person, Level: who.Level(c.Now())}
		return entry{actor: cs.as(who.Person), note: digest}, c.signed(ctx, tx, k, cs, p)
	})
}

// signed keeps a commitment, and what it promises with the case.
func (c *Counter) signed(ctx context.Context, tx Tx, k Commitment, cs *Case, p Promise) error {
	for _, code := range p.Owed {
		m, err := cs.material(code)
		if err != nil {
			return err
		}
		m.State = Committed
	}
	k.Case, k.Text, k.Digest, k.SignedAt = cs.ID, p.Text, p.Digest, c.Now()
	return tx.InsertCommitment(ctx, k)
}

// noDay and noTime stand for none.
var (
	noDay  workday.Date
	noTime time.Time
)

// dayWords is a day as papers write it: 2026年11月23日.
func dayWords(d workday.Date) string {
	return fmt.Sprintf("%d年%d月%d日", d.Year, int(d.Month), d.Day)
}
