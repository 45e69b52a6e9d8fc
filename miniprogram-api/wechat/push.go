package wechat

import (
	"bytes"
	"context"
	"crypto/subtle"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"time"

	"github.com/silenceper/wechat/v2/util"
)

// Push receives message pushes (消息推送): signed, and encrypted where there is
// a key, calls of the platform to us. It works on raw parts and so fits any
// HTTP framework. Answer its caller within five seconds, or it is called again:
// 200 and "success" after Receive gave an event or ErrPushRepeated, else the
// fault's status.
type Push struct {
	Token          string
	EncodingAESKey string // set = only encrypted pushes are taken
	AppID          string
	Now            func() time.Time
	// Seen tells whether an event was received before, and marks it.
	Seen func(ctx context.Context, id string) (bool, error)
}

// pushAge is how far a push's timestamp may lie from our clock, either way.
const pushAge = 5 * time.Minute

// maxPush bounds a push in bytes. Events have a few hundred.
const maxPush = 256 << 10

// Format keeps token and key out of every print verb.
func (p Push) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "wechat.Push(%s)", p.AppID) }

var echoForm = regexp.MustCompile(`^[0-9A-Za-z_=+/-]{1,256}$`)

// Echo answers the platform's GET that proves the address ours: return the
// string as plain text.
//
// Errors: ErrMisconfigured, ErrPushForged, ErrPushStale, ErrPushMalformed.
func (p Push) Echo(query url.Values) (string, error) {
	if p.Token == "" {
		return "", ErrMisconfigured
	}
	if err := p.genuine(query.Get("signature"), query); err != nil {
		return "", err
	}
	echo := query.Get("echostr")
	if !echoForm.MatchString(echo) {
		return "", ErrPushMalformed
	}
	return echo, nil
}

// Receive checks a push and returns its event. Bodies are JSON or XML.
//
// Errors: ErrMisconfigured, ErrPushForged, ErrPushStale, ErrPushPlain (not
// encrypted though a key is set), ErrPushMalformed, ErrPushRepeated,
// ErrPushUnsure (Seen failed; WeChat will send again).
func (p Push) Receive(ctx context.Context, query url.Values, body []byte) (Event, error) {
	if p.Token == "" || p.Seen == nil {
		return Event{}, ErrMisconfigured
	}
	plain, err := p.open(query, body)
	if err != nil {
		return Event{}, err
	}
	ev, err := eventOf(plain)
	if err != nil {
		return Event{}, err
	}
	seen, err := p.Seen(ctx, ev.ID)
	switch {
	case err != nil:
		return Event{}, because(ErrPushUnsure, err)
	case seen:
		return Event{}, ErrPushRepeated
	}
	return ev, nil
}

// open proves the push genuine and fresh, and returns its plain text.
func (p Push) open(query url.Values, body []byte) ([]byte, error) {
	if len(body) > maxPush {
		return nil, ErrPushMalformed
	}
	if p.EncodingAESKey == "" {
		return body, p.genuine(query.Get("signature"), query)
	}
	var sealed struct {
		Encrypt string `json:"Encrypt" xml:"Encrypt"`
	}
	if query.Get("encrypt_type") != "aes" {
		return nil, ErrPushPlain
	}
	if err := decode(body, &sealed); err != nil || sealed.Encrypt == "" {
		return nil, ErrPushPlain
	}
	// msg_signature covers the ciphertext; signature alone covers only the address.
	if err := p.genuine(query.Get("msg_signature"), query, sealed.Encrypt); err != nil {
		return nil, err
	}
	_, plain, err := util.DecryptMsg(p.AppID, sealed.Encrypt, p.EncodingAESKey)
	if err != nil {
		return nil, ErrPushMalformed
	}
	return plain, nil
}

var stampForm = regexp.MustCompile(`^[0-9]{10}$`)

// genuine checks a signature over token, timestamp, nonce and more, and then
// the timestamp's age.
func (p Push) genuine(signature string, query url.Values, more ...string) error {
	stamp := query.Get("timestamp")
	want := util.Signature(append([]string{p.Token, stamp, query.Get("nonce")}, more...)...)
	if subtle.ConstantTimeCompare([]byte(want), []byte(signature)) != 1 {
		return ErrPushForged
	}
	if !stampForm.MatchString(stamp) {
		return ErrPushStale
	}
	sec, _ := strconv.ParseInt(stamp, 10, 64)
	if age := p.Now().Sub(time.Unix(sec, 0)); age > pushAge || age < -pushAge {
		return ErrPushStale
	}
	return nil
}

// decode reads a body that is JSON or XML, told by its first character.
func decode(body []byte, into any) error {
	body = bytes.TrimSpace(body)
	if bytes.HasPrefix(body, []byte("<")) {
		return xml.Unmarshal(body, into)
	}
	return json.Unmarshal(body, into)
}
