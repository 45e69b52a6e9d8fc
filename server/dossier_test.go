package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTheFileHoldsEveryTrace: what stands about a person in any table is in
// the file that the person gets, and nothing of anybody else.
func TestTheFileHoldsEveryTrace(t *testing.T) {
	s := sharedScene(t)
	data := s.citizen.get("/api/v1/me/data").ok()
	kinds := map[string]string{}
	for _, r := range data.list("records") {
		kinds[r["kind"].(string)] = r["title"].(string)
		require.NotEmpty(t, r["entries"], r["kind"])
	}
	for kind, title := range map[string]string{
		"original": "材料原件", "original_turn": "原件流转", "ticket_event": "排队经过", "waybill_event": "运单经过", "face_check": "人脸核验",
	} {
		require.Equal(t, title, kinds[kind], kind)
	}
	require.Contains(t, string(data.raw), "租赁合同", "what is sealed is opened for its owner")
	require.NotContains(t, string(data.raw), "_sealed")
	require.NotContains(t, string(data.raw), "_index")
	for _, other := range []*client{s.clerk, s.courier, s.reviewer, s.manager} {
		require.NotContains(t, string(data.raw), other.person.IDNumber)
		require.NotContains(t, string(data.raw), other.person.Phone)
	}
}

// TestNoTableHoldsAPersonOpenly reads every cell that a whole office's work
// has left.
func TestNoTableHoldsAPersonOpenly(t *testing.T) {
	s := sharedScene(t)
	cells := cells(t, s.town.in.conf.database())
	require.Greater(t, len(cells), 1000)
	for _, p := range []*client{s.citizen, s.clerk, s.courier, s.reviewer, s.manager} {
		for _, secret := range []string{p.person.Name, p.person.IDNumber, p.person.Phone, p.person.OpenID, p.token} {
			require.NotEmpty(t, secret)
			for at, text := range cells {
				for form, looksLike := range forms(secret) {
					require.False(t, holds(text, looksLike), "%s stands in %s (%s)", secret, at, form)
				}
			}
		}
	}
}
