package wechat

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
)

// memory is a Seen.
type memory struct {
	mu  sync.Mutex
	ids map[string]bool
}

func (m *memory) seen(_ context.Context, id string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.ids == nil {
		m.ids = map[string]bool{}
	}
	was := m.ids[id]
	m.ids[id] = true
	return was, nil
}

func plainMode(o *sandbox.Options) { o.EncodingAESKey = "" }
func xmlMode(o *sandbox.Options)   { o.PushXML = true }

// receiver is what the house has for a sandbox.
func receiver(p *play, o ...func(*Push)) Push {
	r := p.Push((&memory{}).seen)
	for _, f := range o {
		f(&r)
	}
	return r
}

// take lets r receive what a sandbox seals.
func take(r Push, from *play, e sandbox.Event) (Event, error) {
	query, body := from.box.Seal(e)
	return r.Receive(bg, query, body)
}

func TestAForgedPushIsRefused(t *testing.T) {
	p := start(t)
	for name, spoil := range map[string]func(url.Values, []byte) []byte{
		"signature of the address only": func(q url.Values, b []byte) []byte { q.Set("msg_signature", q.Get("signature")); return b },
		"no signature":                  func(q url.Values, b []byte) []byte { q.Del("msg_signature"); return b },
		"empty signature":               func(q url.Values, b []byte) []byte { q.Set("msg_signature", ""); return b },
		"other nonce":                   func(q url.Values, b []byte) []byte { q.Set("nonce", "1"); return b },
		"other time":                    func(q url.Values, b []byte) []byte { q.Set("timestamp", "1700000000"); return b },
		"no time":                       func(q url.Values, b []byte) []byte { q.Del("timestamp"); return b },
		"upper case signature": func(q url.Values, b []byte) []byte {
			q.Set("msg_signature", strings.ToUpper(q.Get("msg_signature")))
			return b
		},
		"body of another push": func(_ url.Values, _ []byte) []byte { _, b := p.box.Seal(granted); return b },
	} {
		q, b := p.box.Seal(granted)
		b = spoil(q, b)
		_, err := receiver(p).Receive(bg, q, b)
		require.ErrorIs(t, err, ErrPushForged, name)
	}
}

func TestAPushUnderAnotherTokenOrKeyIsRefused(t *testing.T) {
	p := start(t)
	other := start(t, func(o *sandbox.Options) { o.Token = "other" })
	_, err := take(receiver(p), other, granted)
	require.ErrorIs(t, err, ErrPushForged)
	key := start(t, func(o *sandbox.Options) { o.EncodingAESKey = strings.Repeat("k", 43) })
	_, err = take(receiver(p), key, granted)
	require.ErrorIs(t, err, ErrPushMalformed)
	app := start(t, func(o *sandbox.Options) { o.AppID = "wxother" })
	_, err = take(receiver(p), app, granted)
	require.ErrorIs(t, err, ErrPushMalformed, "sealed for another mini-program")
}

func TestAnOldOrEarlyPushIsRefused(t *testing.T) {
	p := start(t)
	for age, want := range map[time.Duration]error{
		0: nil, 5 * time.Minute: nil, -5 * time.Minute: nil,
		5*time.Minute + time.Second: ErrPushStale, -5*time.Minute - time.Second: ErrPushStale,
		24 * time.Hour: ErrPushStale,
	} {
		q, b := p.box.Seal(granted)
		late := receiver(p, func(r *Push) { r.Now = func() time.Time { return p.clock.Now().Add(age) } })
		_, err := late.Receive(bg, q, b)
		if want == nil {
			require.NoError(t, err, age)
		} else {
			require.ErrorIs(t, err, want, age)
		}
	}
}

// Token, time and nonce are hashed without separators, so one signature fits
// other divisions of the same characters.
func TestATimestampHasTenDigits(t *testing.T) {
	p := start(t, plainMode)
	r := receiver(p, func(r *Push) { r.EncodingAESKey = "" })
	for _, stamp := range []string{"", "+1763861400", "17638614000", "1763861400 ", "0x1", "-1", "٣", "1763861400.0", "99999999999999999999"} {
		q := url.Values{"timestamp": {stamp}, "nonce": {"n"}}
		q.Set("signature", sign(testToken, stamp, "n"))
		_, err := r.Receive(bg, q, []byte(`{}`))
		require.ErrorIs(t, err, ErrPushStale, stamp)
	}
}

func sign(parts ...string) string {
	for i := range parts {
		for j := range i {
			if parts[i] < parts[j] {
				parts[i], parts[j] = parts[j], parts[i]
			}
		}
	}
	return sha1hex(strings.Join(parts, ""))
}

func TestPlainTextIsRefusedWhereThereIsAKey(t *testing.T) {
	p, clear := start(t), start(t, plainMode)
	q, b := clear.box.Seal(granted)
	_, err := receiver(p).Receive(bg, q, b)
	require.ErrorIs(t, err, ErrPushPlain)
	q.Set("encrypt_type", "raw")
	_, err = receiver(p).Receive(bg, q, b)
	require.ErrorIs(t, err, ErrPushPlain)
	q.Set("encrypt_type", "aes")
	q.Set("msg_signature", q.Get("signature"))
	_, err = receiver(p).Receive(bg, q, b)
	require.ErrorIs(t, err, ErrPushPlain, "says aes, is plain")

	q, b = p.box.Seal(granted)
	q.Del("encrypt_type")
	_, err = receiver(p).Receive(bg, q, b)
	require.ErrorIs(t, err, ErrPushPlain, "the SDK would have read it as plain text")
}

// In the compatible mode the body holds both; only the sealed half counts.
func TestThePlainHalfOfACompatiblePushIsNotRead(t *testing.T) {
	p := start(t)
	q, b := p.box.Seal(granted)
	var both map[string]any
	require.NoError(t, json.Unmarshal(b, &both))
	both["FromUserName"], both["Event"], both["MsgType"], both["CreateTime"] = "oEvil", "evil", "event", 1
	b, err := json.Marshal(both)
	require.NoError(t, err)
	ev, err := receiver(p).Receive(bg, q, b)
	require.NoError(t, err)
	require.Equal(t, "oPerson", ev.OpenID)
}

func TestAPushIsReceivedOnce(t *testing.T) {
	p := start(t)
	r := receiver(p)
	_, err := take(r, p, granted)
	require.NoError(t, err)
	_, err = take(r, p, granted)
	require.ErrorIs(t, err, ErrPushRepeated, "sent again, freshly signed")
	p.clock.turn(time.Second)
	_, err = take(r, p, granted)
	require.NoError(t, err, "a second later it is another event")
}

func TestAForgedPushMarksNothing(t *testing.T) {
	p := start(t)
	m := &memory{}
	r := p.Push(m.seen)
	q, b := p.box.Seal(granted)
	q.Set("msg_signature", "00")
	_, err := r.Receive(bg, q, b)
	require.ErrorIs(t, err, ErrPushForged)
	require.Empty(t, m.ids)
}

func TestWhereNobodyKnowsWhetherItWasSeenItIsAskedForAgain(t *testing.T) {
	p := start(t)
	r := p.Push(func(context.Context, string) (bool, error) { return false, errors.New("database is down") })
	_, err := take(r, p, granted)
	require.ErrorIs(t, err, ErrPushUnsure)
}

func TestAReceiverWithoutTokenOrMemoryTakesNothing(t *testing.T) {
	p := start(t)
	q, b := p.box.Seal(granted)
	_, err := receiver(p, func(r *Push) { r.Token = "" }).Receive(bg, q, b)
	require.ErrorIs(t, err, ErrMisconfigured)
	_, err = receiver(p, func(r *Push) { r.Seen = nil }).Receive(bg, q, b)
	require.ErrorIs(t, err, ErrMisconfigured)
	_, err = receiver(p, func(r *Push) { r.Token = "" }).Echo(url.Values{"signature": {sign("", "", "")}, "echostr": {"1"}})
	require.ErrorIs(t, err, ErrMisconfigured)
	_, err = receiver(p, func(r *Push) { r.EncodingAESKey = "short" }).Receive(bg, q, b)
	require.ErrorIs(t, err, ErrPushMalformed)
}

func TestEchoProvesTheAddress(t *testing.T) {
	p := start(t)
	r := receiver(p)
	stamp := strconv.FormatInt(p.clock.Now().Unix(), 10)
	good := func() url.Values {
		return url.Values{"timestamp": {stamp}, "nonce": {"n"}, "echostr": {"8123456789"}, "signature": {sign(testToken, stamp, "n")}}
	}
	echo, err := r.Echo(good())
	require.NoError(t, err)
	require.Equal(t, "8123456789", echo)
	for name, c := range map[string]struct {
		spoil func(url.Values)
		want  error
	}{
		"forged":  {func(q url.Values) { q.Set("signature", "x") }, ErrPushForged},
		"none":    {func(q url.Values) { q.Del("signature") }, ErrPushForged},
		"no echo": {func(q url.Values) { q.Del("echostr") }, ErrPushMalformed},
		"script":  {func(q url.Values) { q.Set("echostr", "<script>") }, ErrPushMalformed},
	} {
		q := good()
		c.spoil(q)
		_, err := r.Echo(q)
		require.ErrorIs(t, err, c.want, name)
	}
	p.clock.turn(6 * time.Minute)
	_, err = r.Echo(good())
	require.ErrorIs(t, err, ErrPushStale)
}

func TestBadCiphertextIsMalformedAndNeverPanics(t *testing.T) {
	p := start(t)
	b64 := base64.StdEncoding.EncodeToString
	for _, sealed := range []string{"?", "AA==", b64(make([]byte, 15)), b64(make([]byte, 16)), b64(make([]byte, 32)), b64(make([]byte, 33)), b64(bytes.Repeat([]byte{1}, 64))} {
		stamp := strconv.FormatInt(p.clock.Now().Unix(), 10)
		q := url.Values{"timestamp": {stamp}, "nonce": {"n"}, "encrypt_type": {"aes"}, "msg_signature": {sign(testToken, stamp, "n", sealed)}}
		_, err := receiver(p).Receive(bg, q, []byte(`{"Encrypt":"`+sealed+`"}`))
		require.ErrorIs(t, err, ErrPushMalformed, sealed)
	}
}

// hook is a callback address as the house serves it.
func hook(p *play, r Push, events chan<- Event) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Method == http.MethodGet {
			echo, err := r.Echo(req.URL.Query())
			if err != nil {
				w.WriteHeader(http.StatusForbidden)
			}
			fmt.Fprint(w, echo)
			return
		}
		body, _ := io.ReadAll(req.Body)
		ev, err := r.Receive(req.Context(), req.URL.Query(), body)
		switch {
		case err == nil:
			events <- ev
		case !errors.Is(err, ErrPushRepeated):
			w.WriteHeader(http.StatusForbidden)
			return
		}
		fmt.Fprint(w, "success")
	}))
}

func TestAPushGoesRoundEncrypted(t *testing.T) {
	for _, xml := range []bool{false, true} {
		var target string
		p := start(t, func(o *sandbox.Options) {
			o.PushXML, o.RiskyWords = xml, []string{"bad"}
			srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				req, _ := http.NewRequest(r.Method, target+"?"+r.URL.RawQuery, r.Body)
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					w.WriteHeader(http.StatusBadGateway)
					return
				}
				defer res.Body.Close()
				w.WriteHeader(res.StatusCode)
				_, _ = io.Copy(w, res.Body)
			}))
			t.Cleanup(srv.Close)
			o.PushURL = srv.URL
		})
		events := make(chan Event, 10)
		srv := hook(p, receiver(p), events)
		defer srv.Close()
		target = srv.URL

		require.NoError(t, p.box.VerifyPushURL(bg))
		p.box.Grant(p.citizen(), "T", 1)
		p.box.Settle()
		require.Equal(t, GrantsChanged{true, []Choice{{"T", true}}}, (<-events).Detail)

		id, err := p.Send(bg, SubscribeMessage{OpenID: p.citizen(), TemplateID: "T", Data: map[string]string{"thing1": "好"}})
		require.NoError(t, err)
		p.box.Settle()
		require.Equal(t, MessagesSent{[]Sent{{id, "T", true, "0"}}}, (<-events).Detail)

		trace, err := p.CheckMedia(bg, p.citizen(), SceneProfile, "https://files.example/bad.jpg", Image)
		require.NoError(t, err)
		p.box.Settle()
		ev := <-events
		require.Equal(t, MediaChecked{trace, Risky, 20006}, ev.Detail)
		require.Equal(t, p.citizen(), ev.OpenID)

		p.box.Withdraw(p.citizen(), "T")
		p.box.Settle()
		require.Equal(t, GrantsChanged{false, []Choice{{"T", false}}}, (<-events).Detail)
	}
}

func FuzzReceive(f *testing.F) {
	now := time.Date(2026, 11, 23, 9, 30, 0, 0, shanghai)
	box := sandbox.New(sandbox.Options{AppID: testAppID, Secret: "s", Token: testToken, EncodingAESKey: testAESKey, Now: func() time.Time { return now }})
	sealed := Push{Token: testToken, EncodingAESKey: testAESKey, AppID: testAppID, Now: func() time.Time { return now },
		Seen: func(context.Context, string) (bool, error) { return false, nil }}
	open := sealed
	open.EncodingAESKey = ""
	q, b := box.Seal(granted)
	f.Add(q.Encode(), b)
	f.Add(q.Encode(), []byte(`{"FromUserName":"o","CreateTime":1,"MsgType":"event","Event":"subscribe_msg_popup_event","List":{}}`))
	f.Add("", []byte("<xml><Encrypt>AA==</Encrypt></xml>"))
	stamp := strconv.FormatInt(now.Unix(), 10)
	f.Fuzz(func(t *testing.T, query string, body []byte) {
		values, _ := url.ParseQuery(query)
		if ev, err := sealed.Receive(bg, values, body); err == nil && ev.OpenID == "" {
			t.Fatal("an event of nobody")
		}
		// What is signed rightly, and rubbish.
		values = url.Values{"timestamp": {stamp}, "nonce": {"n"}, "signature": {sign(testToken, stamp, "n")}}
		if ev, err := open.Receive(bg, values, body); err == nil && (ev.OpenID == "" || ev.ID == "") {
			t.Fatal("an event of nobody")
		}
		cipherText := base64.StdEncoding.EncodeToString(body)
		values.Set("encrypt_type", "aes")
		values.Set("msg_signature", sign(testToken, stamp, "n", cipherText))
		if _, err := sealed.Receive(bg, values, []byte(`{"Encrypt":"`+cipherText+`"}`)); err == nil {
			t.Fatal("random bytes were taken for a sealed push")
		}
	})
}
