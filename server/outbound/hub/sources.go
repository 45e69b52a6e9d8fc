package hub

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/exchange"
)

// The paths of the bases.
const (
	pathFacts   = "/v1/facts"
	pathRevoked = "/v1/revoked"
)

// askIn is a question as it goes over the wire.
type askIn struct {
	Source  string   `json:"source"`
	Name    string   `json:"name"`
	Number  string   `json:"number"` // identity number or credit code
	Item    string   `json:"item"`
	Purpose string   `json:"purpose"`
	Case    string   `json:"case"`
	Basis   string   `json:"basis"`
	Consent string   `json:"consent_at,omitempty"` // RFC 3339
	Wants   []string `json:"wants"`
}

type factOut struct {
	What  string `json:"what"`
	Value string `json:"value"`
	Ref   string `json:"ref"`
	Until string `json:"until,omitempty"` // RFC 3339; how long it may be kept
}

type askOut struct {
	Facts []factOut `json:"facts"`
}

type revokedIn struct {
	Source string `json:"source"`
	After  string `json:"after"`
}

type takenBackOut struct {
	Ref    string `json:"ref"`
	At     string `json:"at"`
	Reason string `json:"reason"`
}

type revokedOut struct {
	Items []takenBackOut `json:"items"`
	Next  string         `json:"next"`
}

var _ exchange.Hub = (*Client)(nil)

// Ask implements exchange.Hub.
func (c *Client) Ask(ctx context.Context, q exchange.Question) (list []exchange.Fact, err error) {
	in := askIn{
		Source: q.Source, Name: q.About.Name.String(), Number: q.About.Identity(), Item: string(q.Item), Purpose: q.Purpose,
		Case: q.Case, Basis: q.Basis, Wants: q.Wants,
	}
	if !q.Consent.IsZero() {
		in.Consent = q.Consent.Format(time.RFC3339)
	}
	var out askOut
	if err := c.call(ctx, q.Source, pathFacts, in, &out); err != nil {
		return nil, exchange.ErrDown.Because(err)
	}
	for _, f := range out.Facts {
		until, _ := time.Parse(time.RFC3339, f.Until) // one that cannot be read says nothing
		list = append(list, exchange.Fact{What: f.What, Given: true, Value: f.Value, Ref: f.Ref, EndsAt: until})
	}
	return list, nil
}

// Revoked implements exchange.Hub.
func (c *Client) Revoked(ctx context.Context, source, after string) (list []exchange.TakenBack, next string, err error) {
	var out revokedOut
	if err := c.call(ctx, source, pathRevoked, revokedIn{source, after}, &out); err != nil {
		return nil, "", exchange.ErrDown.Because(err)
	}
	for _, t := range out.Items {
		at, err := time.Parse(time.RFC3339, t.At)
		if err != nil {
			at = c.now()
		}
		list = append(list, exchange.TakenBack{Ref: t.Ref, At: at, Reason: t.Reason})
	}
	return list, out.Next, nil
}
