package hub

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/exchange"
)

// The paths of departments' own systems.
const (
	pathSend     = "/v1/lines/cases"
	pathReports  = "/v1/lines/reports"
	pathBelieves = "/v1/lines/beliefs"
)

// sendIn is a case as it goes to a system.
type sendIn struct {
	Message   string            `json:"message"` // the same again is the same message
	Case      string            `json:"case"`
	Seq       int               `json:"seq"`
	System    string            `json:"system"`
	Act       string            `json:"act"`
	At        string            `json:"at"`
	Number    string            `json:"number"`
	Item      string            `json:"item"`
	State     string            `json:"state"`
	Name      string            `json:"name"`
	Identity  string            `json:"identity"`
	Form      map[string]string `json:"form"`
	Materials map[string]string `json:"materials"`
}

type taken struct {
	Taken bool `json:"taken"`
}

type reportsIn struct {
	System string `json:"system"`
	After  string `json:"after"`
}

type reportOut struct {
	ID      string            `json:"id"`
	Case    string            `json:"case"`
	Seq     int               `json:"seq"`
	Kind    string            `json:"kind"`
	Text    string            `json:"text"`
	Outputs map[string]string `json:"outputs,omitempty"`
}

type reportsOut struct {
	Items []reportOut `json:"items"`
	Next  string      `json:"next"`
}

type beliefOut struct {
	Case  string `json:"case"`
	State string `json:"state"`
}

type beliefsOut struct {
	Items []beliefOut `json:"items"`
}

var _ exchange.Lines = (*Client)(nil)

// Send implements exchange.Lines.
func (c *Client) Send(ctx context.Context, d exchange.Dispatch) error {
	in := sendIn{
		Message: d.ID, Case: d.Case, Seq: d.Seq, System: d.System, Act: d.Act, At: d.At.Format(time.RFC3339), Number: d.Number,
		Item: string(d.Item), State: d.State, Name: d.Person.Name.String(), Identity: d.Person.Identity(), Form: d.Form, Materials: map[string]string{},
	}
	for code, state := range d.Materials {
		in.Materials[string(code)] = state
	}
	var out taken
	if err := c.call(ctx, d.System, pathSend, in, &out); err != nil {
		return exchange.ErrLineDown.Because(err)
	}
	if !out.Taken {
		return exchange.ErrLineDown.Because(errRefused)
	}
	return nil
}

// Reports implements exchange.Lines. One of no known kind, or without a place,
// is left out.
func (c *Client) Reports(ctx context.Context, system, after string) (list []exchange.Report, next string, err error) {
	var out reportsOut
	if err := c.call(ctx, system, pathReports, reportsIn{system, after}, &out); err != nil {
		return nil, "", exchange.ErrLineDown.Because(err)
	}
	for _, r := range out.Items {
		switch kind := exchange.ReportKind(r.Kind); kind {
		case exchange.LineStatus, exchange.LineGranted, exchange.LineRefused:
			if r.ID != "" && r.Seq > 0 {
				list = append(list, exchange.Report{ID: r.ID, Case: r.Case, Seq: r.Seq, System: system, Kind: kind, Text: r.Text, Outputs: r.Outputs})
			}
		}
	}
	return list, out.Next, nil
}

// Believes implements exchange.Lines.
func (c *Client) Believes(ctx context.Context, system string) (list []exchange.Belief, err error) {
	var out beliefsOut
	if err := c.call(ctx, system, pathBelieves, reportsIn{System: system}, &out); err != nil {
		return nil, exchange.ErrLineDown.Because(err)
	}
	for _, b := range out.Items {
		list = append(list, exchange.Belief(b))
	}
	return list, nil
}
