package sandbox

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/silenceper/wechat/v2/util"
	"github.com/stretchr/testify/require"
)

const aesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

func sealing(o *Options) { o.EncodingAESKey = aesKey }

var popup = Event{FromUserName: "oPerson", Event: "subscribe_msg_popup_event", List: Items{{TemplateID: "T", Status: "accept", PopupScene: "0"}}}

// The SDK is the judge: it knows the platform's sealing, and is not ours.
func TestTheSDKOpensWhatTheSandboxSeals(t *testing.T) {
	for _, asXML := range []bool{false, true} {
		s := open(t, sealing, func(o *Options) { o.PushXML = asXML })
		for range 40 { // every padding
			e := popup
			e.Content += strings.Repeat("x", len(e.Content)+1)
			q, body := s.Seal(e)
			var sealed struct {
				Encrypt string `json:"Encrypt" xml:"Encrypt"`
			}
			if asXML {
				require.NoError(t, xml.Unmarshal(body, &sealed))
			} else {
				require.NoError(t, json.Unmarshal(body, &sealed))
			}
			require.Equal(t, "aes", q.Get("encrypt_type"))
			require.Equal(t, util.Signature("token", q.Get("timestamp"), q.Get("nonce")), q.Get("signature"))
			require.Equal(t, util.Signature("token", q.Get("timestamp"), q.Get("nonce"), sealed.Encrypt), q.Get("msg_signature"))
			_, plain, err := util.DecryptMsg("wxtest", sealed.Encrypt, aesKey)
			require.NoError(t, err)
			require.Contains(t, string(plain), "oPerson")
		}
	}
}

func TestJSONLeavesTheBracketsOutWhereThereIsOne(t *testing.T) {
	s := open(t)
	_, body := s.Seal(popup)
	require.Contains(t, string(body), `"List":{"TemplateId":"T"`)
	require.Contains(t, string(body), fmt.Sprintf(`"CreateTime":"%d"`, s.clock.Now().Unix()))
	two := popup
	two.List = append(Items{}, popup.List[0], popup.List[0])
	_, body = s.Seal(two)
	require.Contains(t, string(body), `"List":[{"TemplateId":"T"`)
}

func TestXMLPutsTheListIntoItsEvent(t *testing.T) {
	s := open(t, func(o *Options) { o.PushXML = true })
	for name, element := range map[string]string{
		"subscribe_msg_popup_event":  "SubscribeMsgPopupEvent",
		"subscribe_msg_change_event": "SubscribeMsgChangeEvent",
		"subscribe_msg_sent_event":   "SubscribeMsgSentEvent",
	} {
		e := popup
		e.Event = name
		_, body := s.Seal(e)
		require.Contains(t, string(body), "<"+element+"><List><TemplateId>T</TemplateId>")
	}
}

func TestAPushIsTriedThreeTimes(t *testing.T) {
	var tries atomic.Int32
	refuse := int32(2)
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if tries.Add(1) <= atomic.LoadInt32(&refuse) {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		fmt.Fprint(w, "success")
	}))
	defer hook.Close()
	s := open(t, sealing, func(o *Options) { o.PushURL = hook.URL + "/callback?tenant=1" })
	require.NoError(t, s.Push(popup))
	require.EqualValues(t, 3, tries.Load())
	atomic.StoreInt32(&refuse, 100)
	require.Error(t, s.Push(popup))
	require.EqualValues(t, 6, tries.Load())
}

func TestOnlySuccessIsSuccess(t *testing.T) {
	var answer atomic.Value
	answer.Store("")
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, answer.Load(), r.URL.Query().Get("echostr"))
	}))
	defer hook.Close()
	s := open(t, func(o *Options) { o.PushURL = hook.URL })
	require.NoError(t, s.Push(popup))
	require.NoError(t, s.VerifyPushURL(context.Background()))
	answer.Store("success")
	require.NoError(t, s.Push(popup))
	require.Error(t, s.VerifyPushURL(context.Background()))
	answer.Store(`{"error":"no"}`)
	require.Error(t, s.Push(popup))
}

func TestWithoutAPushURLNothingIsPushed(t *testing.T) {
	s := open(t)
	require.NoError(t, s.Push(popup))
	s.Grant("o", "T", 1)
	s.Settle()
}
