package sandbox

import (
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// visitLife is how long a visit lets a person's content be checked.
const visitLife = 2 * time.Hour

// Label numbers of the platform that the sandbox gives.
const (
	labelNormal = 100
	labelCrime  = 20006
	labelOther  = 21000
)

// visited judges the openid of a content check.
func (s *Sandbox) visited(openID string) *refusal {
	if s.byOpenID(openID) == nil {
		return &refusal{40003, "invalid openid"}
	}
	if at, been := s.visits[openID]; !been || s.o.Now().Sub(at) > visitLife {
		return &refusal{61010, "code is expired"}
	}
	return nil
}

// verdict looks for the words that the options name.
func (s *Sandbox) verdict(content string) (suggest string, label int, keyword string) {
	for _, w := range s.o.RiskyWords {
		if strings.Contains(content, w) {
			return "risky", labelCrime, w
		}
	}
	for _, w := range s.o.ReviewWords {
		if strings.Contains(content, w) {
			return "review", labelOther, w
		}
	}
	return "pass", labelNormal, ""
}

func (s *Sandbox) textCheck(r *http.Request) (any, *refusal) {
	var in struct {
		Version int    `json:"version"`
		OpenID  string `json:"openid"`
		Scene   int    `json:"scene"`
		Content string `json:"content"`
	}
	if no := decode(r, &in); no != nil {
		return nil, no
	}
	if no := s.visited(in.OpenID); no != nil {
		return nil, no
	}
	switch {
	case in.Version != 2 || in.Scene < 1 || in.Scene > 4 || in.Content == "":
		return nil, &refusal{40097, "invalid args"}
	case utf8.RuneCountInString(in.Content) > 2500:
		return nil, &refusal{45002, "content size out of limit"}
	}
	suggest, label, word := s.verdict(in.Content)
	return ok(map[string]any{
		"trace_id": trace(),
		"result":   map[string]any{"suggest": suggest, "label": label},
		"detail": []map[string]any{
			{"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": label, "prob": 90},
			{"strategy": "keyword", "errcode": 0, "suggest": suggest, "label": label, "level": 90, "keyword": word},
		},
	}), nil
}

// mediaCheck answers at once and pushes the verdict later. Words are looked for
// in the address: the sandbox does not fetch it.
func (s *Sandbox) mediaCheck(r *http.Request) (any, *refusal) {
	var in struct {
		URL     string `json:"media_url"`
		Type    int    `json:"media_type"`
		Version int    `json:"version"`
		OpenID  string `json:"openid"`
		Scene   int    `json:"scene"`
	}
	if no := decode(r, &in); no != nil {
		return nil, no
	}
	if no := s.visited(in.OpenID); no != nil {
		return nil, no
	}
	if in.URL == "" || in.Type < 1 || in.Type > 2 || in.Version != 2 || in.Scene < 1 || in.Scene > 4 {
		return nil, &refusal{40097, "invalid args"}
	}
	id := trace()
	suggest, label, _ := s.verdict(in.URL)
	s.tell(mediaEvent(in.OpenID, s.o.AppID, id, suggest, label))
	return ok(map[string]any{"trace_id": id}), nil
}

func trace() string { return hexes(4) + "-" + hexes(4) + "-" + hexes(4) }
