package wechat

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// Event is one message push.
type Event struct {
	ID     string    // the same whenever the platform sends it again; holds no openid
	OpenID string    // whom it is about
	To     string    // the mini-program's original id (gh_…)
	Type   string    // "event", or the type of a message
	Name   string    // of an event: "subscribe_msg_popup_event"
	At     time.Time // when it happened
	Detail any       // GrantsChanged, MessagesSent, MediaChecked, or nil
	Raw    []byte    // the whole, as JSON or XML; personal data
}

// GrantsChanged tells what a person answered to a subscription question, or
// changed in the settings later.
type GrantsChanged struct {
	Asked   bool // true: answered in the mini-program; false: changed in the settings
	Choices []Choice
}

// Choice is the answer for one template.
type Choice struct {
	TemplateID string
	Accepted   bool
}

// MessagesSent tells how messages fared that Send handed over.
type MessagesSent struct{ Messages []Sent }

// Sent is the fate of one message.
type Sent struct {
	MsgID      string
	TemplateID string
	Arrived    bool
	Code       string // the platform's, "0" = arrived
}

// MediaChecked is the late answer to CheckMedia. A check that failed on the
// platform's side counts as Review, never as Pass.
type MediaChecked struct {
	TraceID string
	Suggest Suggest
	Label   int
}

// text reads a JSON string, number or boolean: the platform sends numbers
// either way.
type text string

func (t *text) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, (*string)(t))
	}
	if s := string(b); s != "null" {
		*t = text(s)
	}
	return nil
}

// entries reads one object or a list of them: in JSON the platform leaves the
// brackets out where there is one.
type entries []entry

type entry struct {
	TemplateID text `json:"TemplateId" xml:"TemplateId"`
	Status     text `json:"SubscribeStatusString" xml:"SubscribeStatusString"`
	MsgID      text `json:"MsgID" xml:"MsgID"`
	ErrorCode  text `json:"ErrorCode" xml:"ErrorCode"`
}

func (e *entries) UnmarshalJSON(b []byte) error {
	if b = bytes.TrimSpace(b); len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]entry)(e))
	}
	var one entry
	if err := json.Unmarshal(b, &one); err != nil {
		return err
	}
	*e = entries{one}
	return nil
}

type list struct {
	List entries `json:"List" xml:"List"`
}

// message is every push we know, in both its forms.
type message struct {
	To      text `json:"ToUserName" xml:"ToUserName"`
	From    text `json:"FromUserName" xml:"FromUserName"`
	Created text `json:"CreateTime" xml:"CreateTime"`
	Type    text `json:"MsgType" xml:"MsgType"`
	MsgID   text `json:"MsgId" xml:"MsgId"`
	Event   text `json:"Event" xml:"Event"`

	List   entries `json:"List" xml:"-"` // JSON has it bare, XML in one of these:
	Popup  list    `json:"SubscribeMsgPopupEvent" xml:"SubscribeMsgPopupEvent"`
	Change list    `json:"SubscribeMsgChangeEvent" xml:"SubscribeMsgChangeEvent"`
	Sent   list    `json:"SubscribeMsgSentEvent" xml:"SubscribeMsgSentEvent"`

	TraceID text `json:"trace_id" xml:"trace_id"`
	ErrCode text `json:"errcode" xml:"errcode"`
	Result  struct {
		Suggest text `json:"suggest" xml:"suggest"`
		Label   text `json:"label" xml:"label"`
	} `json:"result" xml:"result"`
}

// eventOf reads the plain text of a push.
func eventOf(plain []byte) (Event, error) {
	var m message
	if err := decode(plain, &m); err != nil {
		return Event{}, ErrPushMalformed
	}
	sec, err := strconv.ParseInt(string(m.Created), 10, 64)
	if err != nil || m.From == "" || m.Type == "" {
		return Event{}, ErrPushMalformed
	}
	ev := Event{
		OpenID: string(m.From), To: string(m.To), Type: string(m.Type), Name: string(m.Event),
		At: time.Unix(sec, 0).In(shanghai), Raw: plain,
	}
	mark := m.detail(&ev)
	ev.ID = m.id(mark)
	return ev, nil
}

// detail fills the event's Detail, and returns what tells two such events of
// one person in one second apart.
func (m *message) detail(ev *Event) (mark string) {
	if m.Type != "event" {
		return ""
	}
	switch m.Event {
	case "subscribe_msg_popup_event":
		return grants(ev, true, append(m.List, m.Popup.List...))
	case "subscribe_msg_change_event":
		return grants(ev, false, append(m.List, m.Change.List...))
	case "subscribe_msg_sent_event":
		return sent(ev, append(m.List, m.Sent.List...))
	case "wxa_media_check":
		return m.media(ev)
	}
	return ""
}

func grants(ev *Event, asked bool, all entries) (mark string) {
	d := GrantsChanged{Asked: asked}
	for _, e := range all {
		d.Choices = append(d.Choices, Choice{string(e.TemplateID), strings.HasPrefix(string(e.Status), "accept")})
		mark += string(e.TemplateID) + string(e.Status)
	}
	ev.Detail = d
	return mark
}

func sent(ev *Event, all entries) (mark string) {
	var d MessagesSent
	for _, e := range all {
		d.Messages = append(d.Messages, Sent{string(e.MsgID), string(e.TemplateID), e.ErrorCode == "0", string(e.ErrorCode)})
		mark += string(e.MsgID) + " "
	}
	ev.Detail = d
	return mark
}

func (m *message) media(ev *Event) (mark string) {
	d := MediaChecked{TraceID: string(m.TraceID), Suggest: Review}
	if m.ErrCode == "" || m.ErrCode == "0" {
		d.Suggest = suggestOf(string(m.Result.Suggest))
	}
	d.Label, _ = strconv.Atoi(string(m.Result.Label))
	ev.Detail = d
	return string(m.TraceID)
}

// id is the platform's message id where there is one; events have none, and go
// by sender, second and name, as the platform advises, and by their mark.
func (m *message) id(mark string) string {
	if m.MsgID != "" {
		return "msg-" + digest(string(m.MsgID))
	}
	return "event-" + digest(string(m.From), string(m.Created), string(m.Event), mark)
}

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}
