package village

import (
	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/miniprogram-api/citizen"
	"github.com/yimen-gov/yimen/pkg/circulation"
)

type lateBagsIn struct{}

type bagOut struct {
	ID        string `json:"id" format:"uuid"`
	Number    string `json:"number" doc:"on the bag"`
	From      string `json:"from" doc:"office codes"`
	To        string `json:"to"`
	State     string `json:"state" enum:"packing,sealed,on_the_way,received,disputed,settled,dropped"`
	Seal      string `json:"seal,omitempty"`
	Carrier   string `json:"carrier,omitempty"`
	HandedAt  string `json:"handed_at,omitempty"`
	DueOn     string `json:"due_on,omitempty" doc:"the last day to arrive"`
	Escalated int    `json:"escalated" doc:"1: told to both offices; 2: to the city and the persons"`
	EndedAt   string `json:"ended_at,omitempty"`
}

type arrivalOut struct {
	Bag        bagOut   `json:"bag"`
	BrokenSeal bool     `json:"broken_seal"`
	Missing    []string `json:"missing" doc:"on the list, not in the bag"`
	Extra      []string `json:"extra" doc:"in the bag, not on the list"`
}

type stepOut struct {
	At        string   `json:"at"`
	Act       string   `json:"act" enum:"make,pack,unpack,seal,open,hand_over,receive,dispute,settle,escalate,drop"`
	Actor     string   `json:"actor" doc:"id of the post; system for the clock"`
	Seal      string   `json:"seal,omitempty"`
	Originals []string `json:"originals"`
	Note      string   `json:"note,omitempty"`
}

type lookedOut struct {
	Bag   bagOut                `json:"bag"`
	Held  []citizen.OriginalOut `json:"held" doc:"what it holds, or what was missing when it was opened"`
	Steps []stepOut             `json:"steps"`
}

type turnOut struct {
	At     string `json:"at"`
	Where  string `json:"where" enum:"at_office,in_bag,missing,back,lost"`
	Office string `json:"office"`
	Bag    string `json:"bag,omitempty"`
	Actor  string `json:"actor" doc:"id of the post"`
}

type tracedOut struct {
	Original citizen.OriginalOut `json:"original"`
	Turns    []turnOut           `json:"turns"`
}

func bagFrom(b circulation.Bag) bagOut {
	return bagOut{
		ID: b.ID, Number: b.Number, From: string(b.From), To: string(b.To), State: string(b.State), Seal: b.Seal, Carrier: b.Carrier,
		HandedAt: api.At(b.HandedAt), DueOn: api.On(b.DueOn), Escalated: b.Escalated, EndedAt: api.At(b.EndedAt),
	}
}

func bagOr(b circulation.Bag, err error) (*bagOut, error) {
	out := bagFrom(b)
	return &out, err
}

func originalOr(o circulation.Original, err error) (*citizen.OriginalOut, error) {
	out := citizen.OriginalFrom(o)
	return &out, err
}

func lookedFrom(l circulation.Looked) *lookedOut {
	out := &lookedOut{Bag: bagFrom(l.Bag), Held: []citizen.OriginalOut{}, Steps: []stepOut{}}
	for _, o := range l.Held {
		out.Held = append(out.Held, citizen.OriginalFrom(o))
	}
	for _, s := range l.Steps {
		out.Steps = append(out.Steps, stepOut{api.At(s.At), string(s.Act), string(s.Actor), s.Seal, some(s.List), s.Note})
	}
	return out
}

func tracedFrom(t circulation.Traced) *tracedOut {
	out := &tracedOut{Original: citizen.OriginalFrom(t.Original), Turns: []turnOut{}}
	for _, u := range t.Turns {
		out.Turns = append(out.Turns, turnOut{api.At(u.At), string(u.Where), string(u.Office), u.Bag, string(u.Actor)})
	}
	return out
}

// some is the list, [] where there is none.
func some(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}
