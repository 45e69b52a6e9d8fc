package citizen

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/place"
)

// slotsBytes is an answer that is encoded already; the description sees slotsOut.
type slotsBytes struct{ json []byte }

// JSON gives the ready bytes to the edge.
func (s *slotsBytes) JSON() []byte { return s.json }

// Schema describes the bytes.
func (slotsBytes) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[slotsOut](), true, "Slots")
}

// How long and how many answers about free slots are kept. A month of an office
// is 30 KB, and many look at the same one; who has booked or given back a seat
// here sees it at once, what was booked through another instance within this
// time. No seat is given on the word of such an answer: the hold asks anew.
const (
	slotsLife = time.Second
	slotsMost = 1000
)

// keptSlots are the answers of the last moment.
type keptSlots struct {
	mu      sync.Mutex
	answers map[string]keptAnswer
}

type keptAnswer struct {
	at    time.Time
	turns uint64 // of the office's seats, when it was made
	body  []byte
}

// answer gives the kept answer to a question, or makes it.
func (k *keptSlots) answer(in *slotsIn, desk *appointment.Desk, ask func() (*slotsOut, error)) (*slotsBytes, error) {
	key := fmt.Sprint(in.Office, "|", in.Item, "|", in.More, in.People, "|", in.Window, in.Priority, "|", in.From, "|", in.Days)
	now, turns := desk.Now(), desk.Turns(place.OfficeCode(in.Office))
	if body := k.find(key, now, turns); body != nil {
		return &slotsBytes{body}, nil
	}
	out, err := ask()
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(out)
	k.keep(key, keptAnswer{now, turns, body})
	return &slotsBytes{body}, err
}

func (k *keptSlots) find(key string, now time.Time, turns uint64) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	kept, ok := k.answers[key]
	if age := now.Sub(kept.at); !ok || kept.turns != turns || age < 0 || age >= slotsLife {
		return nil
	}
	return kept.body
}

func (k *keptSlots) keep(key string, a keptAnswer) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.answers == nil || len(k.answers) >= slotsMost {
		k.answers = map[string]keptAnswer{}
	}
	k.answers[key] = a
}
