package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTwoClerksTakeOneCase: one gets it, the others are told that somebody has.
func TestTwoClerksTakeOneCase(t *testing.T) {
	c := sharedTown(t)
	w, p := c.crew(t), c.citizen(t)
	path := p.tolerated()
	clerks := []*client{w.clerk, w.window, w.manager}
	list := together(24, func(i int) *reply { return clerks[i%3].post(atWindow(path)+"/take", nil) })
	require.Equal(t, map[string]int{"": 8, "casework.other_clerk": 16}, tally(list))
	for i, r := range list {
		if r.status == http.StatusOK {
			clerks[i%3].post(atWindow(path)+"/materials/"+permitPhoto+"/originals", map[string]int{"copies": 1}).ok()
		} else {
			clerks[i%3].post(atWindow(path)+"/materials/"+permitPhoto+"/originals", map[string]int{"copies": 1}).refused(409, "casework.other_clerk")
		}
	}
}

// TestTwoReviewersDecideAtOnce: one decision stands.
func TestTwoReviewersDecideAtOnce(t *testing.T) {
	c := sharedTown(t)
	w, p := c.crew(t), c.citizen(t)
	second := c.reviewer(t, townOffice, "GA")
	path := p.tolerated()
	p.upload(path+"/files", permitLease, photo).ok()
	for _, m := range []string{permitForm, permitPhoto, permitLease} {
		w.reviewer.post(atWindow(path)+"/materials/"+m+"/judge", map[string]bool{"fit": true}).ok()
	}
	list := together(12, func(i int) *reply {
		if i%2 == 0 {
			return w.reviewer.post(atWindow(path)+"/decision", map[string]bool{"grant": true})
		}
		return second.post(atWindow(path)+"/decision", map[string]any{"grant": false, "text": "不符合条件"})
	})
	require.Equal(t, map[string]int{"": 1, "casework.not_now": 5, "casework.other_clerk": 6}, tally(list), "one reviews it, and says whose it is")
	for _, r := range list {
		if r.status == http.StatusOK {
			require.Equal(t, r.text("state"), p.get(path).ok().text("state"))
		}
	}
}

// TestOneSubmissionCounts: two phones hand the same case in.
func TestOneSubmissionCounts(t *testing.T) {
	p := sharedTown(t).citizen(t)
	path := p.permitDraft()
	p.upload(path+"/files", permitPhoto, photo).ok()
	p.upload(path+"/files", permitLease, photo).ok()
	list := together(12, func(int) *reply { return p.post(path+"/submit", nil) })
	require.Equal(t, map[string]int{"": 1, "casework.not_now": 11}, tally(list))
}

// TestATrueDuplicateIsToldAndAFalseOneIsNot: what counts is what was handed in.
func TestATrueDuplicateIsToldAndAFalseOneIsNot(t *testing.T) {
	c := sharedTown(t)
	p := c.citizen(t)
	first, second, third := p.permitDraft(), p.permitDraft(), p.permitDraft()
	p.put(third+"/form", map[string]any{"form": map[string]string{"residence_address": "佛山市禅城区样例路2号"}}).ok()
	for _, path := range []string{first, second, third} {
		p.upload(path+"/files", permitPhoto, photo).ok()
		p.upload(path+"/files", permitLease, photo).ok()
	}
	require.Equal(t, "accept", p.post(first+"/submit", nil).ok().text("outcome"), "drafts raise no alarm")
	p.post(second+"/submit", nil).refused(409, "casework.duplicate")
	require.Equal(t, "draft", p.get(second).ok().text("state"))
	require.Equal(t, "accept", p.post(third+"/submit", nil).ok().text("outcome"), "another address is another application")
	require.Equal(t, "accept", withDraft(c.citizen(t)).text("outcome"), "somebody else's is none of mine")
	p.post(first+"/withdraw", nil).ok()
	require.Equal(t, "accept", p.post(second+"/submit", nil).ok().text("outcome"))
}

func withDraft(p *client) *reply {
	path := p.permitDraft()
	p.upload(path+"/files", permitPhoto, photo).ok()
	p.upload(path+"/files", permitLease, photo).ok()
	return p.post(path+"/submit", nil).ok()
}

// TestTwoEqualApplicationsAtOnceAreOne: duplicates race as well.
func TestTwoEqualApplicationsAtOnceAreOne(t *testing.T) {
	p := sharedTown(t).citizen(t)
	var paths []string
	for range 6 {
		path := p.permitDraft()
		p.upload(path+"/files", permitPhoto, photo).ok()
		p.upload(path+"/files", permitLease, photo).ok()
		paths = append(paths, path)
	}
	list := together(6, func(i int) *reply { return p.post(paths[i]+"/submit", nil) })
	require.Equal(t, map[string]int{"": 1, "casework.duplicate": 5}, tally(list))
}
