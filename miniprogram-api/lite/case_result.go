package lite

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// Faults of what is done on a case's page.
var (
	ErrNoPhoto   = fault.New(fault.Invalid, "page.no_photo", "还没有选照片，请先拍照或选择文件，再点收下")
	ErrNoWitness = fault.New(fault.Invalid, "page.no_witness", "代为填写姓名的，请先勾选“已宣读，由我见证”再提交")
	ErrNoPicture = fault.New(fault.Invalid, "page.no_picture", "签名没有传上来，请重新签一次再提交")
)

var paperWords = map[string]string{
	"receipt": "受理回执", "notice": "一次性告知书", "tolerance": "容缺受理通知书", "commitment": "容缺承诺书", "decision": "决定书", "delivery": "送达回证",
}

func kindsOf(out *citizen.PapersOut) (list []string) {
	for _, p := range out.Items {
		list = append(list, p.Kind)
	}
	return list
}

// resultActs are what is done once a case is granted.
func (p *Pages) resultActs() []act {
	return []act{
		p.caseAct("licence", "issue-licence", "issued", func(ctx context.Context, v *visit) error {
			_, err := p.Registry.Issue(ctx, v.me(), v.id(), workday.Date{})
			return err
		}),
		p.caseAct("delivery", "choose-at-window", "chosen", func(ctx context.Context, v *visit) error {
			_, err := p.Parcels.ChooseAtWindow(ctx, v.me(), v.id(), delivery.Wish{
				Way: delivery.Way(v.text("way")), Recipient: v.text("recipient"), Phone: v.text("phone"), Address: v.text("address"), Area: v.text("area"),
			})
			return err
		}),
		p.caseAct("waybill", "make-waybill", "waybill", func(ctx context.Context, v *visit) error {
			_, err := p.Parcels.Make(ctx, v.me(), v.id(), delivery.Load{Company: v.text("company")})
			return err
		}),
		p.caseAct("collect", "collect-licence", "collected", func(ctx context.Context, v *visit) error {
			_, err := p.Parcels.Collect(ctx, v.me(), v.id(), v.text("proof"))
			return err
		}),
	}
}

// commitmentView is the text that is read out and signed.
type commitmentView struct {
	ID, Text, Digest, Name string
}

// commitment is where a promise to hand something in later is read out, and
// signed on the screen.
func (p *Pages) commitment() page {
	return page{path: "/commitments/:id", op: "fill-at-window", title: "容缺承诺", look: "commitment", show: func(ctx context.Context, v *visit) (any, error) {
		made, err := p.Counter.PromiseAtWindow(ctx, v.me(), v.caseID())
		return commitmentView{v.id(), made.Text, made.Digest, ""}, err
	}, acts: []act{
		p.caseAct("sign", "fill-at-window", "signed", func(ctx context.Context, v *visit) error {
			s := casework.Signature{Digest: v.text("digest"), Name: v.text("signer")}
			if drawn := v.text("sign_picture"); drawn != "" {
				picture, err := pictureOf(drawn)
				if err != nil {
					return err
				}
				s.Picture = picture
			} else if s.Name != "" && v.text("witness") != "yes" {
				return ErrNoWitness
			}
			_, err := p.Counter.SignAtWindow(ctx, v.me(), v.caseID(), s)
			return err
		}),
	}}
}
