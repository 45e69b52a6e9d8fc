package couriers

import (
	"crypto/subtle"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/workday"
)

// What is refused of a push.
var (
	ErrPushSign = fault.New(fault.Forbidden, "courier.push_signature", "签名不对，请核对接口设置")
	ErrPush     = fault.New(fault.Invalid, "courier.push", "推送内容读不出来，请核对接口文档")
)

// orderNews says what the states of an order mean (下单回调接口状态说明). Those that
// are about money or about who comes move nothing.
var orderNews = map[int]delivery.News{
	0: delivery.Noted, 1: delivery.Noted, 2: delivery.Noted, 15: delivery.Noted, 155: delivery.Noted,
	10: delivery.Fetched, 101: delivery.Moving, 12: delivery.Back,
	13: delivery.Signed, 14: delivery.Rejected,
	9: delivery.CalledOf, 11: delivery.CalledOf, 99: delivery.CalledOf, 610: delivery.CalledOf,
}

// trackNews says what the states of a track mean. An advanced state of three
// digits begins with its main one.
var trackNews = map[int]delivery.News{
	0: delivery.Moving, 1: delivery.Fetched, 2: delivery.Tried, 3: delivery.Signed, 4: delivery.Back, 5: delivery.Outgoing,
	6: delivery.Back, 7: delivery.Moving, 14: delivery.Rejected,
}

// calledOf says in our words why an order came to nothing.
var calledOf = map[int]string{
	9: "订单已按我方要求取消", 11: "快递员没有揽到邮件", 99: "快递公司取消了订单", 610: "快递公司下单失败",
}

// flexNumber reads 13 and "13": the documents show both.
type flexNumber int

// UnmarshalJSON implements json.Unmarshaler.
func (n *flexNumber) UnmarshalJSON(b []byte) error {
	v, err := strconv.Atoi(strings.Trim(string(b), `"`))
	*n = flexNumber(v)
	return err
}

// ReadOrder reads what became of an order. Errors: ErrPushSign, ErrPush.
func ReadOrder(form url.Values, salt string) (t delivery.Tiding, err error) {
	param, err := signed(form, salt)
	if err != nil {
		return t, err
	}
	var p struct {
		Kuaidinum string `json:"kuaidinum"`
		Data      *struct {
			Status flexNumber `json:"status"`
		} `json:"data"`
	}
	if err := json.Unmarshal([]byte(param), &p); err != nil || p.Data == nil {
		return t, ErrPush
	}
	status := int(p.Data.Status)
	return delivery.Tiding{News: newsOf(orderNews, status), Number: short(p.Kuaidinum), Text: calledOf[status], Raw: []byte(param)}, nil
}

// ReadTrack reads how a parcel's track goes on. Errors: ErrPushSign, ErrPush.
func ReadTrack(form url.Values, salt string) (t delivery.Tiding, err error) {
	param, err := signed(form, salt)
	if err != nil {
		return t, err
	}
	var p struct {
		LastResult *struct {
			State flexNumber `json:"state"`
			Nu    string     `json:"nu"`
			Data  []struct {
				Ftime string `json:"ftime"`
			} `json:"data"`
		} `json:"lastResult"`
	}
	if err := json.Unmarshal([]byte(param), &p); err != nil || p.LastResult == nil {
		return t, ErrPush
	}
	t = delivery.Tiding{News: newsOf(trackNews, int(p.LastResult.State)), Number: short(p.LastResult.Nu), Raw: []byte(param)}
	for _, line := range p.LastResult.Data { // the newest stands first, in Chinese time
		if at, err := time.ParseInLocation(time.DateTime, line.Ftime, workday.Zone); err == nil && at.After(t.At) {
			t.At = at
		}
	}
	return t, nil
}

// newsOf also knows advanced states: 301 is a kind of 3.
func newsOf(table map[int]delivery.News, state int) delivery.News {
	if n, ok := table[state]; ok {
		return n
	}
	if n, ok := table[state/100]; ok && state >= 100 {
		return n
	}
	return delivery.Noted
}

// signed gives the param of a form that carries the order's signature.
func signed(form url.Values, salt string) (string, error) {
	param, sign := form.Get("param"), strings.ToUpper(form.Get("sign"))
	if salt == "" || param == "" || subtle.ConstantTimeCompare([]byte(sign), []byte(signOf(param, salt))) != 1 {
		return "", ErrPushSign
	}
	return param, nil
}

// short bounds what we keep of a carrier's number: letters and digits, 32 at
// most.
func short(number string) string {
	for _, r := range number {
		if (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && r != '-' {
			return ""
		}
	}
	if len(number) > 32 {
		return ""
	}
	return number
}
