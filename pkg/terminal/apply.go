package terminal

import (
	"context"
	"errors"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/notify"
)

// Items lists what can be applied for at a terminal: marked self-service, and
// taken by its office. Error: ErrNoTerminal.
func (k *Keeper) Items(ctx context.Context, terminal string) (list []*catalog.Item, err error) {
	t, err := k.Store.Terminal(ctx, terminal)
	if err != nil {
		return nil, err
	}
	e, err := k.City.Current(ctx)
	if err != nil {
		return nil, err
	}
	o, err := e.Places.Office(t.Office)
	if err != nil {
		return nil, err
	}
	for _, i := range e.Catalogue.Items() {
		if i.SelfService && e.Takes(i, o, "") {
			list = append(list, i)
		}
	}
	return list, nil
}

// MayApply says whether an item is for terminals.
// Errors: catalog.ErrNoItem, ErrNotSelf.
func (k *Keeper) MayApply(ctx context.Context, item catalog.ItemCode) error {
	e, err := k.City.Current(ctx)
	if err != nil {
		return err
	}
	i, err := e.Catalogue.Item(item)
	if err == nil && !i.SelfService {
		return ErrNotSelf
	}
	return err
}

// Begun notes the draft that a visit has begun, so that its person is told of
// it should they walk away; "" when it was handed in. Error: ErrVisitOver.
func (k *Keeper) Begun(ctx context.Context, visit, draft string) error {
	return k.Store.InTx(ctx, func(tx Tx) error {
		v, err := tx.Visit(ctx, visit)
		if err != nil {
			return err
		}
		if v.now(k.Now()).State != InUse {
			return ErrVisitOver
		}
		v.Draft = draft
		return tx.SaveVisit(ctx, v.State, v)
	})
}

// draftKept tells who left a draft at a terminal.
const draftKept notify.Kind = "terminal.draft_kept"

// keepDraft tells the person that what they had begun waits on their phone.
func (k *Keeper) keepDraft(ctx context.Context, tx Tx, v Visit) error {
	if v.Draft == "" {
		return nil
	}
	open, err := tx.HasDraft(ctx, v.Draft)
	if err != nil || !open {
		return err
	}
	s, err := k.where(ctx, tx, v)
	if errors.Is(err, ErrNoTerminal) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.Tell(ctx, notify.Notice{
		To: v.Person, Kind: draftKept, Subject: v.Draft, At: k.Now(),
		Text: "您在" + s.Office + "自助终端的办理已经结束，没有办完的申请已存为草稿，可在“我的办件”继续填写，终端上不留您的信息",
	})
}
