package wechat

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
)

var granted = sandbox.Event{FromUserName: "oPerson", Event: "subscribe_msg_popup_event", List: sandbox.Items{
	{TemplateID: "T1", Status: "accept", PopupScene: "0"}, {TemplateID: "T2", Status: "reject", PopupScene: "0"},
}}

func TestAPushIsReadInEveryForm(t *testing.T) {
	for name, set := range map[string][]func(*sandbox.Options){
		"json": nil, "xml": {xmlMode}, "json in clear": {plainMode}, "xml in clear": {plainMode, xmlMode},
	} {
		p := start(t, set...)
		r := receiver(p)
		if strings.Contains(name, "clear") {
			r.EncodingAESKey = ""
		}
		ev, err := take(r, p, granted)
		require.NoError(t, err, name)
		require.Equal(t, "oPerson", ev.OpenID)
		require.Equal(t, "event", ev.Type)
		require.Equal(t, "subscribe_msg_popup_event", ev.Name)
		require.True(t, strings.HasPrefix(ev.To, "gh_"))
		require.True(t, ev.At.Equal(p.clock.Now()))
		require.Equal(t, GrantsChanged{true, []Choice{{"T1", true}, {"T2", false}}}, ev.Detail, name)
		require.NotContains(t, ev.ID, "oPerson")
		require.NotEmpty(t, ev.Raw)
	}
}

func TestEveryKindOfEventHasItsDetail(t *testing.T) {
	zero, broken := 0, -1008
	for _, xml := range []bool{false, true} {
		p := start(t, func(o *sandbox.Options) { o.PushXML = xml })
		for name, c := range map[string]struct {
			e    sandbox.Event
			want any
		}{
			"one choice": {
				sandbox.Event{FromUserName: "o", Event: "subscribe_msg_popup_event", List: sandbox.Items{{TemplateID: "T", Status: "accept"}}},
				GrantsChanged{true, []Choice{{"T", true}}},
			},
			"with sound": {
				sandbox.Event{FromUserName: "o", Event: "subscribe_msg_popup_event", List: sandbox.Items{{TemplateID: "T", Status: "acceptWithAudio"}}},
				GrantsChanged{true, []Choice{{"T", true}}},
			},
			"withdrawn": {
				sandbox.Event{FromUserName: "o", Event: "subscribe_msg_change_event", List: sandbox.Items{{TemplateID: "T", Status: "reject"}}},
				GrantsChanged{false, []Choice{{"T", false}}},
			},
			"sent": {
				sandbox.Event{FromUserName: "o", Event: "subscribe_msg_sent_event", List: sandbox.Items{{TemplateID: "T", MsgID: "1700000000000000001", ErrorCode: "0", ErrorStatus: "success"}}},
				MessagesSent{[]Sent{{"1700000000000000001", "T", true, "0"}}},
			},
			"not sent": {
				sandbox.Event{FromUserName: "o", Event: "subscribe_msg_sent_event", List: sandbox.Items{{TemplateID: "T", MsgID: "5", ErrorCode: "20001", ErrorStatus: "failed:system"}}},
				MessagesSent{[]Sent{{"5", "T", false, "20001"}}},
			},
			"picture": {
				sandbox.Event{FromUserName: "o", Event: "wxa_media_check", TraceID: "t1", ErrCode: &zero, Result: &sandbox.Result{Suggest: "risky", Label: 20002}},
				MediaChecked{"t1", Risky, 20002},
			},
			"picture not fetched": {
				sandbox.Event{FromUserName: "o", Event: "wxa_media_check", TraceID: "t2", ErrCode: &broken, Result: &sandbox.Result{Suggest: "pass", Label: 100}},
				MediaChecked{"t2", Review, 100},
			},
			"picture without verdict": {
				sandbox.Event{FromUserName: "o", Event: "wxa_media_check", TraceID: "t3"},
				MediaChecked{"t3", Review, 0},
			},
			"unknown": {sandbox.Event{FromUserName: "o", Event: "debug_demo"}, nil},
			"message": {sandbox.Event{FromUserName: "o", MsgType: "text", MsgID: "23", Content: "你好"}, nil},
		} {
			ev, err := take(receiver(p), p, c.e)
			require.NoError(t, err, name)
			require.Equal(t, c.want, ev.Detail, name)
			require.Equal(t, c.e.Event, ev.Name, name)
		}
	}
}

// Forms that the platform is known to send besides.
func TestOtherFormsOfEventsAreRead(t *testing.T) {
	p := start(t, plainMode)
	for body, want := range map[string]any{
		`{"ToUserName":"gh","FromUserName":"o","CreateTime":1700000000,"MsgType":"event","Event":"subscribe_msg_sent_event","SubscribeMsgSentEvent":{"List":[{"TemplateId":"T","MsgID":17,"ErrorCode":0,"ErrorStatus":"success"}]}}`: MessagesSent{[]Sent{{"17", "T", true, "0"}}},
		` {"FromUserName":"o","CreateTime":"1700000000","MsgType":"event","Event":"wxa_media_check","trace_id":"t","errcode":"0","result":{"suggest":"pass","label":"100"}}`:                                                         MediaChecked{"t", Pass, 100},
		"\n<xml><FromUserName>o</FromUserName><CreateTime>1700000000</CreateTime><MsgType>event</MsgType><Event>subscribe_msg_change_event</Event></xml>":                                                                            GrantsChanged{false, nil},
		`{"FromUserName":"o","CreateTime":1700000000,"MsgType":"event","Event":"subscribe_msg_popup_event","List":[]}`:                                                                                                               GrantsChanged{true, nil},
	} {
		r := receiver(p, func(r *Push) { r.EncodingAESKey = "" })
		q, _ := p.box.Seal(granted)
		ev, err := r.Receive(bg, q, []byte(body))
		require.NoError(t, err, body)
		require.Equal(t, want, ev.Detail, body)
	}
}

func TestTwoEventsOfOneSecondAreTwo(t *testing.T) {
	p := start(t)
	r := receiver(p)
	zero := 0
	media := func(trace string) sandbox.Event {
		return sandbox.Event{FromUserName: "o", Event: "wxa_media_check", TraceID: trace, ErrCode: &zero, Result: &sandbox.Result{Suggest: "pass"}}
	}
	sent := func(id string) sandbox.Event {
		return sandbox.Event{FromUserName: "o", Event: "subscribe_msg_sent_event", List: sandbox.Items{{TemplateID: "T", MsgID: id, ErrorCode: "0"}}}
	}
	text := func(id string) sandbox.Event {
		return sandbox.Event{FromUserName: "o", MsgType: "text", MsgID: id, Content: "好"}
	}
	for _, e := range []sandbox.Event{media("a"), media("b"), sent("1"), sent("2"), text("1"), text("2")} {
		_, err := take(r, p, e)
		require.NoError(t, err)
		_, err = take(r, p, e)
		require.ErrorIs(t, err, ErrPushRepeated)
	}
}

func TestBadBodiesAreMalformedAndNeverPanic(t *testing.T) {
	p := start(t, plainMode)
	r := receiver(p, func(r *Push) { r.EncodingAESKey = "" })
	for _, body := range []string{
		"", " ", "{}", "[]", "null", "<xml/>", "<xml>", "<", "{", `{"FromUserName":"o"}`, "success",
		`{"FromUserName":"o","CreateTime":"abc","MsgType":"event"}`,
		`{"FromUserName":"o","CreateTime":1,"MsgType":""}`,
		`{"FromUserName":"","CreateTime":1,"MsgType":"event"}`,
		`{"FromUserName":"o","CreateTime":1,"MsgType":"event","Event":"subscribe_msg_popup_event","List":"x"}`,
		`{"FromUserName":"o","CreateTime":99999999999999999999,"MsgType":"event"}`,
		strings.Repeat("[", 100_000), strings.Repeat("<a>", 80_000), strings.Repeat(" ", maxPush+1),
		`<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><FromUserName>&a;</FromUserName></xml>`,
	} {
		q, _ := p.box.Seal(granted)
		_, err := r.Receive(bg, q, []byte(body))
		require.ErrorIs(t, err, ErrPushMalformed, "%.60q", body)
	}
}
