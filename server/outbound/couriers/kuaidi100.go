// Package couriers (快递公司接口) speaks to courier companies that have an
// interface of their own: it decides how an order of ours is written there, and
// what their words mean in ours. Kuaidi100 (快递100) stands before many carriers;
// Sandbox plays it on this machine.
//
// Its interface for merchants (商家寄件), after its public documents of 2026:
//
//   - A request is a form: method, key, t (milliseconds), param (JSON) and sign,
//     the upper-case hex MD5 of param, t, key and secret one after another. The
//     answer is {result, returnCode, message, data}.
//   - bOrder orders a pick-up and gives taskId, orderId and, of most carriers,
//     kuaidinum. The same thirdOrderId (32 characters at most) within 48 hours
//     gives the first answer again.
//   - cancel takes taskId, orderId and a reason of at most 30 characters; detail
//     takes taskId.
//   - What becomes of an order is posted to its callBackUrl as a form of taskId,
//     sign and param; the track of the parcel to its pollCallBackUrl as a form of
//     sign and param. sign is the hex MD5 of param and the order's salt. Whoever
//     does not answer {result: true} is told again half an hour later, three
//     times in all.
package couriers

import (
	"context"
	"crypto/md5" //nolint:gosec // the interface asks for it
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// Kuaidi100URL is where orders go.
const Kuaidi100URL = "https://poll.kuaidi100.com/order/borderapi.do"

// Kuaidi100 orders, cancels and asks there.
type Kuaidi100 struct {
	URL         string // "" = Kuaidi100URL
	Key, Secret string
	Phone       string                      // that the carrier calls when it fetches a parcel
	Callback    func(waybill string) string // address of our receiver
	Client      *http.Client
	Now         func() time.Time
}

var _ delivery.Company = (*Kuaidi100)(nil)

// ErrSilent says that the company could not be reached: it is asked again.
var ErrSilent = fault.New(fault.Unavailable, "courier.unavailable", "快递公司接口暂时不可用，系统会自动重试，请稍后再看").After(60)

// What an answer's code means. All others are an order that is not taken.
const (
	codeTaken = "200"
	codeBusy  = "500"
)

const (
	cancelWords = 30
	answerMost  = 1 << 20
)

// reply is the answer to every request.
type reply struct {
	Result     bool            `json:"result"`
	ReturnCode string          `json:"returnCode"`
	Message    string          `json:"message"`
	Data       json.RawMessage `json:"data"`
}

type orderParam struct {
	Kuaidicom        string `json:"kuaidicom"`
	RecManName       string `json:"recManName"`
	RecManMobile     string `json:"recManMobile"`
	RecManPrintAddr  string `json:"recManPrintAddr"`
	SendManName      string `json:"sendManName"`
	SendManMobile    string `json:"sendManMobile"`
	SendManPrintAddr string `json:"sendManPrintAddr"`
	Cargo            string `json:"cargo"`
	Payment          string `json:"payment"`
	Weight           string `json:"weight,omitempty"`
	Remark           string `json:"remark"`
	Salt             string `json:"salt"`
	CallBackURL      string `json:"callBackUrl"`
	Op               string `json:"op"`
	PollCallBackURL  string `json:"pollCallBackUrl"`
	ThirdOrderID     string `json:"thirdOrderId"`
}

type orderData struct {
	TaskID    string `json:"taskId"`
	OrderID   string `json:"orderId"`
	Kuaidinum string `json:"kuaidinum"`
}

// Order implements delivery.Company. The waybill's id makes it idempotent for
// 48 hours; a job gives up long before.
func (k *Kuaidi100) Order(ctx context.Context, c delivery.Consignment) (o delivery.Order, err error) {
	at := k.Callback(c.Waybill)
	r, err := k.ask(ctx, "bOrder", orderParam{
		Kuaidicom: c.Code, RecManName: c.Recipient.String(), RecManMobile: c.Phone.String(), RecManPrintAddr: c.Address,
		SendManName: c.From.Name, SendManMobile: k.Phone, SendManPrintAddr: c.Sender,
		Cargo: "文件", Payment: "SHIPPER", Weight: kilos(c.Grams), Remark: c.Number, Salt: c.Salt,
		CallBackURL: at + "/order", Op: "1", PollCallBackURL: at + "/track", ThirdOrderID: strings.ReplaceAll(c.Waybill, "-", ""),
	})
	if err != nil {
		return o, err
	}
	var d orderData
	if err := json.Unmarshal(r.Data, &d); err != nil || d.TaskID == "" {
		return o, ErrSilent.Because(fmt.Errorf("an order without a task: %w", err))
	}
	o = c.Order
	o.Task, o.Ref, o.Number = d.TaskID, d.OrderID, d.Kuaidinum
	return o, nil
}

// kilos is a weight as it is written there; "" where it was not weighed.
func kilos(grams int) string {
	if grams == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(grams)/1000, 'f', -1, 64)
}

// Cancel implements delivery.Company.
func (k *Kuaidi100) Cancel(ctx context.Context, o delivery.Order, why string) error {
	if r := []rune(why); len(r) > cancelWords {
		why = string(r[:cancelWords])
	}
	_, err := k.ask(ctx, "cancel", map[string]string{"taskId": o.Task, "orderId": o.Ref, "cancelMsg": why})
	return err
}

// Track implements delivery.Company.
func (k *Kuaidi100) Track(ctx context.Context, o delivery.Order) (t delivery.Tiding, err error) {
	r, err := k.ask(ctx, "detail", map[string]string{"taskId": o.Task})
	if err != nil {
		return t, err
	}
	var d struct {
		KuaidiNum string     `json:"kuaidiNum"`
		Status    flexNumber `json:"status"`
	}
	if err := json.Unmarshal(r.Data, &d); err != nil {
		return t, ErrSilent.Because(err)
	}
	return delivery.Tiding{News: orderNews[int(d.Status)], Number: d.KuaidiNum, Raw: fmt.Appendf(nil, "detail %s", r.Data)}, nil
}

// ask sends one signed request. Errors: ErrSilent, delivery.ErrNotTaken.
func (k *Kuaidi100) ask(ctx context.Context, method string, param any) (r reply, err error) {
	body, err := json.Marshal(param)
	if err != nil {
		return r, err
	}
	t := strconv.FormatInt(k.Now().UnixMilli(), 10)
	form := url.Values{"method": {method}, "key": {k.Key}, "t": {t}, "param": {string(body)}, "sign": {signOf(string(body), t, k.Key, k.Secret)}}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, k.at(), strings.NewReader(form.Encode()))
	if err != nil {
		return r, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := k.Client.Do(req)
	if err != nil {
		return r, ErrSilent.Because(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, answerMost))
	if err != nil || resp.StatusCode != http.StatusOK {
		return r, ErrSilent.Because(fmt.Errorf("status %d: %w", resp.StatusCode, err))
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		return r, ErrSilent.Because(err)
	}
	return r, r.err()
}

func (k *Kuaidi100) at() string {
	if k.URL != "" {
		return k.URL
	}
	return Kuaidi100URL
}

// err is nil for an answer that says yes. What the company says is for logs and
// not for people: it may repeat what it was sent.
func (r reply) err() error {
	switch {
	case r.Result && r.ReturnCode == codeTaken:
		return nil
	case r.ReturnCode == codeBusy || r.ReturnCode == "":
		return ErrSilent.Because(fmt.Errorf("code %q", r.ReturnCode))
	default:
		return delivery.ErrNotTaken.Because(fmt.Errorf("code %s", r.ReturnCode))
	}
}

// signOf is the upper-case hex MD5 of the parts one after another.
func signOf(parts ...string) string {
	sum := md5.Sum([]byte(strings.Join(parts, ""))) //nolint:gosec // the interface asks for it
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}
