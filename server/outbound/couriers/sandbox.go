package couriers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Sandbox plays Kuaidi100 as its documents describe it: it checks signatures and
// fields, knows an order again for 48 hours, pushes with the order's salt, and
// tells again what was not taken.
type Sandbox struct {
	Key, Secret string
	Now         func() time.Time
	Client      *http.Client

	mu     sync.Mutex
	orders []*SandboxOrder
	broken int // how many requests fail next
}

// SandboxOrder is an order there.
type SandboxOrder struct {
	Task, Ref, Number string
	Param             map[string]string
	Status            int
	At                time.Time
	Asked             int // how often it was ordered
}

// sameOrder is how long a repeated thirdOrderId is the same order.
const sameOrder = 48 * time.Hour

// NewSandbox makes one that knows a single customer.
func NewSandbox(key, secret string, now func() time.Time) *Sandbox {
	return &Sandbox{Key: key, Secret: secret, Now: now, Client: &http.Client{Timeout: 5 * time.Second}}
}

// Break lets the next n requests fail as a busy server does.
func (s *Sandbox) Break(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = n
}

// Orders lists the orders.
func (s *Sandbox) Orders() (list []SandboxOrder) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, o := range s.orders {
		list = append(list, *o)
	}
	return list
}

// ServeHTTP implements http.Handler: the interface, and below /push a way for
// people to let something happen: POST /push?number=…&status=13 or &state=5.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, answerMost)
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost {
		answer(w, "400", "参数错误", nil)
		return
	}
	if r.URL.Path == "/push" {
		s.serveDoing(w, r)
		return
	}
	code, message, data := s.do(r.PostForm)
	answer(w, code, message, data)
}

func answer(w http.ResponseWriter, code, message string, data any) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	if data == nil {
		data = map[string]string{}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"result": code == codeTaken, "returnCode": code, "message": message, "data": data})
}

func (s *Sandbox) do(form url.Values) (code, message string, data any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken > 0 {
		s.broken--
		return codeBusy, "服务器错误", nil
	}
	raw := form.Get("param")
	var param map[string]string
	switch {
	case form.Get("key") != s.Key:
		return "600", "您不是合法的用户", nil
	case form.Get("sign") != signOf(raw, form.Get("t"), s.Key, s.Secret):
		return "503", "签名认证失败", nil
	case json.Unmarshal([]byte(raw), &param) != nil:
		return "400", "参数错误", nil
	}
	switch form.Get("method") {
	case "bOrder":
		return s.order(param)
	case "cancel":
		return s.cancel(param)
	case "detail":
		return s.detail(param)
	default:
		return "400", "参数错误", nil
	}
}

// needed are the fields without which an order is refused.
var needed = []string{
	"kuaidicom", "recManName", "recManMobile", "recManPrintAddr", "sendManName", "sendManMobile", "sendManPrintAddr", "callBackUrl",
}

func (s *Sandbox) order(param map[string]string) (code, message string, data any) {
	for _, name := range needed {
		if param[name] == "" {
			return "400", "参数错误：" + name, nil
		}
	}
	if len(param["recManPrintAddr"]) > 300 || len(param["callBackUrl"]) > 200 || len(param["thirdOrderId"]) > 32 ||
		param["op"] == "1" && param["pollCallBackUrl"] == "" {
		return "400", "参数错误", nil
	}
	for _, o := range s.orders {
		if id := param["thirdOrderId"]; id != "" && o.Param["thirdOrderId"] == id && s.Now().Sub(o.At) < sameOrder && !o.over() {
			o.Asked++
			return codeTaken, "提交成功", orderData{o.Task, o.Ref, o.Number}
		}
	}
	n := len(s.orders) + 1
	o := &SandboxOrder{
		Task: fmt.Sprintf("%032X", n), Ref: strconv.Itoa(1000000 + n), Number: fmt.Sprintf("SF%013d", n), Param: param, At: s.Now(), Asked: 1,
	}
	s.orders = append(s.orders, o)
	return codeTaken, "提交成功", orderData{o.Task, o.Ref, o.Number}
}

func (o *SandboxOrder) over() bool { return o.Status == 9 || o.Status == 99 || o.Status == 610 }

func (s *Sandbox) find(task string) *SandboxOrder {
	for _, o := range s.orders {
		if o.Task == task || o.Number == task {
			return o
		}
	}
	return nil
}

func (s *Sandbox) cancel(param map[string]string) (code, message string, data any) {
	o := s.find(param["taskId"])
	switch {
	case o == nil || o.Ref != param["orderId"] || param["cancelMsg"] == "" || len([]rune(param["cancelMsg"])) > cancelWords:
		return "400", "参数错误", nil
	case o.Status >= 10 && o.Status < 99 || o.Status == 101:
		return "502", "已揽收，不能取消", nil
	}
	o.Status = 9
	return codeTaken, "提交成功", nil
}

func (s *Sandbox) detail(param map[string]string) (code, message string, data any) {
	o := s.find(param["taskId"])
	if o == nil {
		return "400", "参数错误", nil
	}
	return codeTaken, "提交成功", map[string]any{
		"taskId": o.Task, "orderId": o.Ref, "kuaidiCom": o.Param["kuaidicom"], "kuaidiNum": o.Number, "status": strconv.Itoa(o.Status),
	}
}

// Tell pushes a new state of an order (下单回调) and gives the form it sent.
func (s *Sandbox) Tell(ctx context.Context, number string, status int) (url.Values, error) {
	s.mu.Lock()
	o := s.find(number)
	if o == nil {
		s.mu.Unlock()
		return nil, errors.New("no such order")
	}
	o.Status = status
	form := s.sealed(o, map[string]any{
		"kuaidicom": o.Param["kuaidicom"], "kuaidinum": o.Number, "status": "200", "message": "成功",
		"data": map[string]any{"orderId": o.Ref, "status": status, "courierName": "样例", "courierMobile": "13800000000", "weight": "1"},
	})
	form.Set("taskId", o.Task)
	to := o.Param["callBackUrl"]
	s.mu.Unlock()
	return form, s.push(ctx, to, form)
}

// Trace pushes a new state of a parcel's track (快递信息推送) that was reached at a
// time, and gives the form it sent.
func (s *Sandbox) Trace(ctx context.Context, number string, state int, at time.Time) (url.Values, error) {
	s.mu.Lock()
	o := s.find(number)
	if o == nil {
		s.mu.Unlock()
		return nil, errors.New("no such order")
	}
	stamp := at.In(time.FixedZone("CST", 8*3600)).Format(time.DateTime)
	form := s.sealed(o, map[string]any{
		"status": "polling", "billstatus": "", "message": "", "lastResult": map[string]any{
			"message": "ok", "state": strconv.Itoa(state), "status": "200", "com": o.Param["kuaidicom"], "nu": o.Number,
			"data": []map[string]string{{"context": "样例轨迹", "time": stamp, "ftime": stamp}},
		},
	})
	to := o.Param["pollCallBackUrl"]
	s.mu.Unlock()
	return form, s.push(ctx, to, form)
}

func (s *Sandbox) sealed(o *SandboxOrder, param any) url.Values {
	raw, err := json.Marshal(param)
	if err != nil {
		panic(err) // our own values
	}
	return url.Values{"param": {string(raw)}, "sign": {strings.ToLower(signOf(string(raw), o.Param["salt"]))}}
}

// push posts a form and wants to be told that it was taken.
func (s *Sandbox) push(ctx context.Context, to string, form url.Values) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := s.Client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, answerMost))
	if err != nil {
		return err
	}
	var r reply
	if json.Unmarshal(raw, &r) != nil || !r.Result {
		return fmt.Errorf("not taken: %d %s", resp.StatusCode, raw)
	}
	return nil
}

// serveDoing lets a person push: what the document's debugging page does.
func (s *Sandbox) serveDoing(w http.ResponseWriter, r *http.Request) {
	number := r.Form.Get("number")
	status, err := strconv.Atoi(r.Form.Get("status"))
	if err == nil {
		_, err = s.Tell(r.Context(), number, status)
	} else if state, bad := strconv.Atoi(r.Form.Get("state")); bad == nil {
		_, err = s.Trace(r.Context(), number, state, s.Now())
	}
	if err != nil {
		answer(w, "400", err.Error(), nil)
		return
	}
	answer(w, codeTaken, "提交成功", nil)
}
