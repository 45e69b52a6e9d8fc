package sandbox

import (
	"encoding/json"
	"encoding/xml"
	"strconv"
	"time"
)

// originalID is the mini-program's original id, the addressee of every push.
const originalID = "gh_5a4d0b0c0001"

// Event is a message push. What is empty of the first four is filled in.
type Event struct {
	XMLName      xml.Name `json:"-" xml:"xml"`
	ToUserName   string   `json:"ToUserName" xml:"ToUserName"`
	FromUserName string   `json:"FromUserName" xml:"FromUserName"`
	CreateTime   any      `json:"CreateTime" xml:"CreateTime"` // JSON: a string in events with a List, else a number
	MsgType      string   `json:"MsgType" xml:"MsgType"`
	Event        string   `json:"Event,omitempty" xml:"Event,omitempty"`
	MsgID        string   `json:"MsgId,omitempty" xml:"MsgId,omitempty"`
	Content      string   `json:"Content,omitempty" xml:"Content,omitempty"`

	List   Items   `json:"List,omitempty" xml:"-"`
	Popup  *inside `json:"-" xml:"SubscribeMsgPopupEvent,omitempty"`
	Change *inside `json:"-" xml:"SubscribeMsgChangeEvent,omitempty"`
	Done   *inside `json:"-" xml:"SubscribeMsgSentEvent,omitempty"`

	AppID   string   `json:"appid,omitempty" xml:"appid,omitempty"`
	TraceID string   `json:"trace_id,omitempty" xml:"trace_id,omitempty"`
	Version int      `json:"version,omitempty" xml:"version,omitempty"`
	Detail  []Detail `json:"detail,omitempty" xml:"detail,omitempty"`
	ErrCode *int     `json:"errcode,omitempty" xml:"errcode,omitempty"`
	ErrMsg  string   `json:"errmsg,omitempty" xml:"errmsg,omitempty"`
	Result  *Result  `json:"result,omitempty" xml:"result,omitempty"`
}

// Item is one entry of a subscription event.
type Item struct {
	TemplateID  string `json:"TemplateId" xml:"TemplateId"`
	Status      string `json:"SubscribeStatusString,omitempty" xml:"SubscribeStatusString,omitempty"`
	PopupScene  string `json:"PopupScene,omitempty" xml:"PopupScene,omitempty"`
	MsgID       string `json:"MsgID,omitempty" xml:"MsgID,omitempty"`
	ErrorCode   string `json:"ErrorCode,omitempty" xml:"ErrorCode,omitempty"`
	ErrorStatus string `json:"ErrorStatus,omitempty" xml:"ErrorStatus,omitempty"`
}

// Items are written to JSON as the platform does it: one without brackets.
type Items []Item

// MarshalJSON leaves the brackets out where there is one.
func (l Items) MarshalJSON() ([]byte, error) {
	if len(l) == 1 {
		return json.Marshal(l[0])
	}
	return json.Marshal([]Item(l))
}

type inside struct {
	List []Item `xml:"List"`
}

// Detail and Result are the verdict of a media check.
type (
	Detail struct {
		Strategy string `json:"strategy" xml:"strategy"`
		ErrCode  int    `json:"errcode" xml:"errcode"`
		Suggest  string `json:"suggest" xml:"suggest"`
		Label    int    `json:"label" xml:"label"`
		Prob     int    `json:"prob" xml:"prob"`
	}
	Result struct {
		Suggest string `json:"suggest" xml:"suggest"`
		Label   int    `json:"label" xml:"label"`
	}
)

func mediaEvent(openID, appID, traceID, suggest string, label int) Event {
	zero := 0
	return Event{
		FromUserName: openID, Event: "wxa_media_check", AppID: appID, TraceID: traceID, Version: 2,
		Detail:  []Detail{{Strategy: "content_model", Suggest: suggest, Label: label, Prob: 90}},
		ErrCode: &zero, ErrMsg: "ok", Result: &Result{suggest, label},
	}
}

// filled adds addressee, time and type.
func (e Event) filled(now time.Time) Event {
	if e.ToUserName == "" {
		e.ToUserName = originalID
	}
	if e.MsgType == "" {
		e.MsgType = "event"
	}
	if e.CreateTime == nil && e.List != nil {
		e.CreateTime = strconv.FormatInt(now.Unix(), 10)
	}
	if e.CreateTime == nil {
		e.CreateTime = now.Unix()
	}
	return e
}

// forXML moves the list to where XML has it.
func (e Event) forXML() Event {
	in := &inside{e.List}
	switch e.Event {
	case "subscribe_msg_popup_event":
		e.Popup = in
	case "subscribe_msg_change_event":
		e.Change = in
	case "subscribe_msg_sent_event":
		e.Done = in
	}
	return e
}
