package lite

import (
	"context"
	"encoding/json"
	"time"

	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// runView is a courier's run.
type runView struct {
	Mine, Waiting []parcelRow
	More          string // id after which the waiting ones go on
	Colleagues    []choice
}

type parcelRow struct {
	ID, Number, State, Area, To, Phone, Address, Place string
	Attempts                                           int
	Digits, Evidence, Out, OnTheWay, Failed            bool
}

var parcelWords = map[delivery.State]string{
	delivery.Made: "已制单", delivery.HandedOver: "待取件", delivery.InTransit: "在我手里", delivery.OutForDelivery: "派送中",
	delivery.AttemptFailed: "上次没送到", delivery.Held: "待领", delivery.Returning: "带回网点", delivery.Delivered: "已签收", delivery.Returned: "已退回",
	delivery.Lost: "遗失", delivery.Damaged: "损毁", delivery.Cancelled: "已取消",
}

var failWords = map[delivery.Reason]string{
	delivery.Absent: "没人在家", delivery.Unreachable: "电话打不通", delivery.WrongAddress: "地址不对", delivery.Declined: "收件人拒收",
	delivery.NoCode: "没有签收码", delivery.OtherReason: "其他（请写明）",
}

// run is a courier's day: what is carried and what waits. The page works
// without network: see lite.js and sw.js.
func (p *Pages) run() page {
	return page{path: "/run", op: "courier-run", title: "今日投递", menu: "投递", look: "run", show: p.showRun, acts: []act{
		p.parcelAct("pick-up", "pick-up-parcel", "picked_up", p.Parcels.PickUp),
		p.parcelAct("arrive", "arrive", "arrived", p.Parcels.Arrive),
		p.parcelAct("return", "return-parcel", "returning", p.Parcels.Return),
		p.parcelAct("set-out", "set-out", "set_out", func(ctx context.Context, m staff.Member, id string) (delivery.Parcel, error) {
			return p.Parcels.SetOut(ctx, m, id, delivery.Window{})
		}),
		{name: "deliver", op: "deliver-parcel", do: p.deliver},
		{name: "fail", op: "fail-parcel", do: func(ctx context.Context, v *visit) (string, error) {
			_, err := p.Parcels.Fail(ctx, v.me(), v.text("waybill"), delivery.Reason(v.text("reason")), v.text("note"))
			return at("/run", "failed"), err
		}},
		{name: "pass", op: "pass-parcel", do: func(ctx context.Context, v *visit) (string, error) {
			_, err := p.Parcels.Pass(ctx, v.me(), v.text("waybill"), staff.ID(v.text("to")))
			return at("/run", "handed"), err
		}},
		{name: "send", op: "send-acts", data: p.sendActs},
	}}
}

func (p *Pages) parcelAct(name, op, word string, do func(context.Context, staff.Member, string) (delivery.Parcel, error)) act {
	return act{name: name, op: op, do: func(ctx context.Context, v *visit) (string, error) {
		_, err := do(ctx, v.me(), v.text("waybill"))
		return at("/run", word), err
	}}
}

func (p *Pages) showRun(ctx context.Context, v *visit) (any, error) {
	n, err := p.names(ctx)
	if err != nil {
		return nil, err
	}
	r, err := p.Parcels.Round(ctx, v.me(), v.c.Query("after"), rowsMost+1)
	if err != nil {
		return nil, err
	}
	w := runView{}
	if len(r.Waiting) > rowsMost {
		r.Waiting = r.Waiting[:rowsMost]
		w.More = r.Waiting[rowsMost-1].ID
	}
	for _, one := range r.Mine {
		w.Mine = append(w.Mine, parcelRowOf(one, n))
	}
	for _, one := range r.Waiting {
		w.Waiting = append(w.Waiting, parcelRowOf(one, n))
	}
	list, err := p.Parcels.Colleagues(ctx, v.me())
	for _, m := range list {
		w.Colleagues = append(w.Colleagues, choice{string(m.ID), m.Name.Masked()})
	}
	return w, err
}

func parcelRowOf(one delivery.Parcel, n names) parcelRow {
	row := parcelRow{
		ID: one.ID, Number: one.Number, State: parcelWords[one.State], Area: one.Area, To: one.Recipient, Phone: one.Phone, Address: one.Address,
		Attempts: one.Attempts, Digits: one.Demand.Digits, Evidence: one.Demand.Evidence,
		OnTheWay: one.State == delivery.OutForDelivery, Out: one.State == delivery.InTransit || one.State == delivery.OutForDelivery, Failed: one.State == delivery.AttemptFailed,
	}
	if one.HoldAt != "" {
		row.Place = "送到 " + n.office(one.HoldAt) + " 待领"
	}
	if one.Locker != "" {
		row.Place = "放快递柜：" + one.Locker
	}
	return row
}

// deliver takes what the recipient shows, and a photo where one is asked for.
func (p *Pages) deliver(ctx context.Context, v *visit) (string, error) {
	proof := delivery.Proof{Code: v.text("code"), Digits: v.text("digits")}
	content, _, err := v.file("photo")
	if err != nil {
		return "", err
	}
	if content != nil {
		proof.Evidence = v.key()
		f := delivery.ProofFile{ID: proof.Evidence, Kind: "photo", Waybill: v.text("waybill")}
		if _, err := p.Parcels.File(ctx, v.me(), f, content); err != nil {
			return "", err
		}
	}
	_, err = p.Parcels.Deliver(ctx, v.me(), v.text("waybill"), proof)
	return at("/run", "delivered"), err
}

// keptAct is an act as the page keeps it while there is no network.
type keptAct struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Waybill string    `json:"waybill"`
	Act     string    `json:"act"`
	Code    string    `json:"code"`
	Digits  string    `json:"digits"`
	Reason  string    `json:"reason"`
	Note    string    `json:"note"`
	To      string    `json:"to"`
}

// sentAct is what became of one.
type sentAct struct {
	ID     string `json:"id"`
	Result string `json:"result"`
	Detail string `json:"detail"`
}

// sendActs does what was kept, in order; each act is done once however often
// it is sent.
func (p *Pages) sendActs(ctx context.Context, v *visit) (any, error) {
	var kept struct {
		SentAt time.Time `json:"sent_at"`
		Acts   []keptAct `json:"acts"`
	}
	if err := json.Unmarshal([]byte(v.text("acts_batch")), &kept); err != nil {
		return nil, ErrForm.Because(err)
	}
	list := make([]delivery.Offline, len(kept.Acts))
	for i, a := range kept.Acts {
		list[i] = delivery.Offline{
			ID: a.ID, At: a.At, Waybill: a.Waybill, Act: delivery.Act(a.Act), Reason: delivery.Reason(a.Reason), Note: a.Note, To: staff.ID(a.To),
			Proof: delivery.Proof{Code: a.Code, Digits: a.Digits},
		}
	}
	outcomes, err := p.Parcels.Sync(ctx, v.me(), kept.SentAt, list)
	done := []sentAct{}
	for _, o := range outcomes {
		done = append(done, sentAct{o.ID, string(o.Result), o.Detail})
	}
	return done, err
}

// reasons are why a delivery fails, in one order.
func reasons() []choice {
	var list []choice
	for _, r := range delivery.Reasons {
		list = append(list, choice{string(r), failWords[r]})
	}
	return list
}
