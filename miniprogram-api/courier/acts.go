package courier

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/staff"
)

type actIn struct {
	ID      string    `json:"id" minLength:"8" maxLength:"64" pattern:"^[A-Za-z0-9_-]+$" patternDescription:"8 至 64 位字母、数字、横线或下划线" doc:"the device's own, never used twice"`
	At      time.Time `json:"at" doc:"by the device's clock"`
	Waybill string    `json:"waybill" format:"uuid"`
	Act     string    `json:"act" enum:"pick_up,set_out,arrive,deliver,deposit,retrieve,fail,return,pass,lose,damage"`
	Proof   *struct {
		Code     string `json:"code,omitempty" pattern:"^[0-9]{6}$" patternDescription:"6位数字"`
		IDEnd    string `json:"id_end,omitempty" pattern:"^[0-9]{5}[0-9Xx]$" patternDescription:"身份证号码后6位"`
		Evidence string `json:"evidence,omitempty" pattern:"^[A-Za-z0-9_-]{1,64}$" patternDescription:"64位以内的字母、数字、横线或下划线"`
	} `json:"proof,omitempty" doc:"with deliver: what the recipient showed; the device cannot check it, the server does"`
	Reason string `json:"reason,omitempty" enum:"absent,unreachable,wrong_address,declined,no_code,other" doc:"with fail"`
	Note   string `json:"note,omitempty" maxLength:"200" doc:"with fail for another reason, lose, damage"`
	Opens  string `json:"opens,omitempty" maxLength:"12" doc:"with deposit: what opens the locker"`
	To     string `json:"to,omitempty" maxLength:"64" doc:"with pass: id of a colleague's post"`
}

type actsIn struct {
	api.Write
	Body struct {
		SentAt time.Time `json:"sent_at" doc:"by the device's clock, now: a clock that is wrong does no harm"`
		Acts   []actIn   `json:"acts" minItems:"1" maxItems:"500" doc:"in the order in which they were done"`
	}
}

type actOut struct {
	ID         string `json:"id"`
	Result     string `json:"result" enum:"done,already_done,conflict"`
	State      string `json:"state,omitempty" doc:"of the waybill now"`
	Code       string `json:"code,omitempty" doc:"why it could not be done"`
	Detail     string `json:"detail,omitempty"`
	ReceivedAt string `json:"received_at" doc:"by the server's clock, when it came first"`
}

type actsOut struct {
	Acts []actOut `json:"acts" doc:"one for each act, in the same order"`
}

// Acts registers the sending in of what a device kept without signal.
func Acts(app *api.App, desk *delivery.Desk) {
	api.Post(app, api.Op{ID: "send-acts", Path: "/api/v1/courier/acts", Tag: "courier", Summary: "Send in what was done without signal",
		About: "Each act is answered on its own and done once, however often and in whatever batches it comes. A conflict loses nothing: the office sees it."},
		func(ctx context.Context, in *actsIn) (*actsOut, error) {
			list, err := desk.Sync(ctx, me(ctx), in.Body.SentAt, in.acts())
			return actsFrom(list), err
		})
}

func (in *actsIn) acts() []delivery.Offline {
	list := make([]delivery.Offline, len(in.Body.Acts))
	for i, a := range in.Body.Acts {
		list[i] = delivery.Offline{
			ID: a.ID, At: a.At, Waybill: a.Waybill, Act: delivery.Act(a.Act),
			Reason: delivery.Reason(a.Reason), Note: a.Note, To: staff.ID(a.To), Opens: a.Opens,
		}
		if a.Proof != nil {
			list[i].Proof = delivery.Proof{Code: a.Proof.Code, Digits: a.Proof.IDEnd, Evidence: a.Proof.Evidence}
		}
	}
	return list
}

func actsFrom(list []delivery.Outcome) *actsOut {
	out := &actsOut{Acts: []actOut{}}
	for _, o := range list {
		out.Acts = append(out.Acts, actOut{o.ID, string(o.Result), string(o.State), o.Code, o.Detail, api.At(o.ReceivedAt)})
	}
	return out
}
