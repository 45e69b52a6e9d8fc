package stage

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/notify"
)

// Herald (推送员) looks at what has happened and makes offers.
type Herald struct {
	Store Store
	City  city.Shelf
	Now   func() time.Time
	NewID func() string
}

const (
	eventLife = 30 * 24 * time.Hour // an event this long ago is none any more
	offerLife = 90 * 24 * time.Hour // an offer that nobody settles is shown so long
	sweepMost = 100
	listMost  = 100

	noticeOffered notify.Kind = "stage.offered"
)

// Sweep makes the offers of the events that nobody has looked at.
func (h *Herald) Sweep(ctx context.Context) (made int, err error) {
	list, err := h.Store.LifeEvents(ctx, h.Now().Add(-eventLife), sweepMost)
	if err != nil {
		return 0, err
	}
	for _, e := range list {
		n, err := h.look(ctx, e)
		if err != nil && !errors.Is(err, ErrTwice) {
			return made, err
		}
		made += n
	}
	return made, nil
}

func (h *Herald) look(ctx context.Context, e Event) (made int, err error) {
	edition, err := h.City.Current(ctx)
	if err != nil {
		return 0, err
	}
	err = h.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.SeeEvent(ctx, e.Case, h.Now()); err != nil {
			return err
		}
		names, err := h.offer(ctx, tx, e, edition.Catalogue.PushesAfter(e.Item))
		if err != nil || len(names) == 0 {
			return err
		}
		made = len(names)
		return tx.Tell(ctx, notify.Notice{To: e.Person, Kind: noticeOffered, Subject: e.Case, At: h.Now(), Text: words(e, names)})
	})
	return made, err
}

// offer makes what offers may be made, and returns the names of their items.
func (h *Herald) offer(ctx context.Context, tx Tx, e Event, pushes []catalog.Push) (names []string, err error) {
	for _, p := range pushes {
		if !suits(p.Item.Subject, e.Kind) {
			continue
		}
		err := tx.InsertOffer(ctx, Offer{
			ID: h.NewID(), Person: e.Person, Cause: e.Case, After: e.Item, Item: p.Item.Code, Reason: p.Reason,
			Deceased: e.Deceased, State: Offered, OfferedAt: h.Now(),
		}, h.Now().AddDate(-1, 0, 0))
		if errors.Is(err, ErrTwice) {
			continue
		}
		if err != nil {
			return names, err
		}
		names = append(names, p.Item.Name)
	}
	return names, nil
}

func suits(s catalog.Subject, k citizen.Kind) bool {
	return s == catalog.Both || (s == catalog.Legal) == (k == citizen.Legal)
}

// words tells of offers; to the bereaved without any cheer.
func words(e Event, names []string) string {
	const most = 3
	shown := strings.Join(names[:min(most, len(names))], "、")
	if len(names) > most {
		shown += "等" + strconv.Itoa(len(names)) + "项"
	}
	if e.Deceased != "" {
		return "请节哀。后续如需办理" + shown + "，可在“为您推荐”里查看，不必急于办理"
	}
	return "您可能还需要办理" + shown + "，请在“为您推荐”里查看；不需要的可以关闭提醒"
}

// Mine lists one's open offers, and whether one wants any.
func (h *Herald) Mine(ctx context.Context, who citizen.ID) (list []Offer, wants bool, err error) {
	if wants, err = h.Store.Wants(ctx, who); err != nil {
		return nil, false, err
	}
	list, err = h.Store.OffersOf(ctx, who, h.Now().Add(-offerLife), listMost)
	return list, wants, err
}

// Want says whether one wants offers; until then there are none.
// Error: citizen.ErrNeedRealName.
func (h *Herald) Want(ctx context.Context, who citizen.ID, wants bool) error {
	if who == "" {
		return citizen.ErrNeedRealName
	}
	return h.Store.InTx(ctx, func(tx Tx) error { return tx.Want(ctx, who, wants, h.Now()) })
}

// Settle takes up or dismisses one's own offer. Errors: ErrNoOffer, ErrSettled.
func (h *Herald) Settle(ctx context.Context, who citizen.ID, id string, s State) (o Offer, err error) {
	err = h.Store.InTx(ctx, func(tx Tx) error {
		o, err = tx.SettleOffer(ctx, who, id, s, h.Now())
		return err
	})
	return o, err
}
