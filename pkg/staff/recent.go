package staff

import (
	"maps"
	"sync"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
)

const (
	// recentLife is how long another replica may go on with what it knows of a
	// principal after a change was made elsewhere.
	recentLife = 2 * time.Second
	// settling is how long after a change made here nothing is kept of its
	// account: longer than a request may take to make the change durable.
	settling = 20 * time.Second
	// recentMost bounds the memory; full, it starts anew.
	recentMost = 20_000
)

// recent keeps the principals of the last moments in memory, so that a page
// that asks ten things reads its session once.
type recent struct {
	mu      sync.RWMutex
	known   map[[32]byte]glimpse
	changed map[citizen.AccountID]time.Time
}

// glimpse is a principal as it was read at a moment.
type glimpse struct {
	who Principal
	at  time.Time
}

func (r *recent) get(hash [32]byte, now time.Time) (Principal, bool) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	g, ok := r.known[hash]
	age := now.Sub(g.at)
	if !ok || age < 0 || age >= recentLife || r.settles(g.who.Account.ID, now) {
		return Principal{}, false
	}
	return g.who, g.who.Session.Alive(now)
}

// put keeps a principal unless its account is changing. Not kept is somebody
// who has yet to prove anything: they are about to, maybe elsewhere. Nor is who
// holds a post: leaving it ends access at once, through whichever replica or
// command it was ended. Nor who stands at a terminal, for the same reason.
func (r *recent) put(hash [32]byte, p Principal, now time.Time) {
	if p.Account.Person == "" || p.Member != nil || p.Session.Terminal != "" {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.settles(p.Account.ID, now) {
		return
	}
	if r.known == nil || len(r.known) >= recentMost {
		r.known = map[[32]byte]glimpse{}
	}
	r.known[hash] = glimpse{p, now}
}

// settles says whether the account has just been changed. The lock is held.
func (r *recent) settles(who citizen.AccountID, now time.Time) bool {
	at, ok := r.changed[who]
	return ok && now.Sub(at) < settling
}

// change notes that an account is changing: what is known of it no longer
// counts, and nothing new is kept until the change has surely become durable.
func (r *recent) change(who citizen.AccountID, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.changed == nil {
		r.changed = map[citizen.AccountID]time.Time{}
	}
	if len(r.changed) >= recentMost {
		maps.DeleteFunc(r.changed, func(_ citizen.AccountID, at time.Time) bool { return now.Sub(at) >= settling })
	}
	r.changed[who] = now
}
