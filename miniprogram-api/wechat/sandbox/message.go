package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// Template is a message template that the mini-program has.
type Template struct {
	ID       string
	Fields   []string // "thing1", "time2": all of them are needed, none besides
	LongTerm bool     // one grant pays for every message until it is withdrawn
}

// Sent is a message that reached a person.
type Sent struct {
	OpenID     string            `json:"openid"`
	TemplateID string            `json:"template_id"`
	Page       string            `json:"page"`
	Data       map[string]string `json:"data"`
	State      string            `json:"miniprogram_state"`
	Lang       string            `json:"lang"`
	MsgID      int64             `json:"msgid"`
	At         time.Time         `json:"at"`
}

// grant is what a person allowed.
type grant struct{ openID, templateID string }

// Grant is the person's yes, n times, to the subscription question. It is told
// by a popup event where there is a PushURL.
func (s *Sandbox) Grant(openID, templateID string, n int) {
	s.mu.Lock()
	s.grants[grant{openID, templateID}] += n
	s.mu.Unlock()
	s.tell(Event{FromUserName: openID, Event: "subscribe_msg_popup_event", List: Items{
		{TemplateID: templateID, Status: "accept", PopupScene: "0"},
	}})
}

// Withdraw is the person's no in the settings: every grant is gone. It is told
// by a change event where there is a PushURL.
func (s *Sandbox) Withdraw(openID, templateID string) {
	s.mu.Lock()
	delete(s.grants, grant{openID, templateID})
	s.mu.Unlock()
	s.tell(Event{FromUserName: openID, Event: "subscribe_msg_change_event", List: Items{
		{TemplateID: templateID, Status: "reject"},
	}})
}

// Messages lists what a person received, oldest first.
func (s *Sandbox) Messages(openID string) []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []Sent{}
	for _, m := range s.sent {
		if m.OpenID == openID {
			all = append(all, m)
		}
	}
	return all
}

type sendIn struct {
	ToUser     string `json:"touser"`
	TemplateID string `json:"template_id"`
	Page       string `json:"page"`
	Data       map[string]struct {
		Value string `json:"value"`
	} `json:"data"`
	State string `json:"miniprogram_state"`
	Lang  string `json:"lang"`
}

func (s *Sandbox) subscribeSend(r *http.Request) (any, *refusal) {
	var in sendIn
	if no := decode(r, &in); no != nil {
		return nil, no
	}
	if s.byOpenID(in.ToUser) == nil {
		return nil, &refusal{40003, "invalid openid"}
	}
	longTerm, no := s.judge(in)
	if no != nil {
		return nil, no
	}
	key := grant{in.ToUser, in.TemplateID}
	if s.grants[key] <= 0 {
		return nil, &refusal{43101, "user refuse to accept the msg"}
	}
	if !longTerm {
		s.grants[key]--
	}
	m := s.deliver(in)
	s.tell(Event{FromUserName: m.OpenID, Event: "subscribe_msg_sent_event", List: Items{
		{TemplateID: m.TemplateID, MsgID: strconv.FormatInt(m.MsgID, 10), ErrorCode: "0", ErrorStatus: "success"},
	}})
	return ok(map[string]any{"msgid": m.MsgID}), nil
}

// deliver keeps the message.
func (s *Sandbox) deliver(in sendIn) Sent {
	s.serial++
	m := Sent{
		OpenID: in.ToUser, TemplateID: in.TemplateID, Page: in.Page, Data: map[string]string{},
		State: in.State, Lang: in.Lang, MsgID: 1_700_000_000_000_000_000 + s.serial, At: s.o.Now(),
	}
	for k, v := range in.Data {
		m.Data[k] = v.Value
	}
	s.sent = append(s.sent, m)
	return m
}

// judge checks template, fields and page.
func (s *Sandbox) judge(in sendIn) (longTerm bool, no *refusal) {
	var t Template
	i := slices.IndexFunc(s.o.Templates, func(t Template) bool { return t.ID == in.TemplateID })
	switch {
	case i >= 0:
		t = s.o.Templates[i]
	case s.o.Templates != nil || in.TemplateID == "":
		return false, &refusal{40037, "invalid template_id"}
	}
	if !s.hasPage(in.Page) {
		return false, &refusal{41030, "invalid page"}
	}
	for _, f := range t.Fields {
		if in.Data[f].Value == "" {
			return false, &refusal{47003, "argument invalid! data." + f + ".value is empty"}
		}
	}
	for f, v := range in.Data {
		if t.Fields != nil && !slices.Contains(t.Fields, f) || !fits(f, v.Value) {
			return false, &refusal{47003, "argument invalid! data." + f + ".value invalid"}
		}
	}
	return t.LongTerm, nil
}
