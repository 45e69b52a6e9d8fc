package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// played is a house where the whole journey has been played.
type played struct {
	*house
	citizen, clerk, courier string // tokens
	licence, code, waybill  string
	cs                      string
}

func openPlayed(t *testing.T) *played {
	h := newHouse(t)
	h.journey()
	p := &played{house: h}
	for _, e := range h.api.found(http.MethodPost, "/api/v1/me/post") {
		require.Contains(t, e.raw, "role")
	}
	for _, who := range h.people() {
		p.find(who.OpenID)
	}
	require.NotEmpty(t, p.licence)
	require.NotEmpty(t, p.courier)
	require.NotEmpty(t, p.clerk)
	return p
}

// find says which part somebody of the local WeChat has played.
func (p *played) find(openID string) {
	var token string
	for _, given := range p.play.found(http.MethodPost, "/sandbox/login-code") {
		if given.in["openid"] == openID {
			token = p.token(openID)
		}
	}
	if token == "" {
		return
	}
	_, raw := p.ask(http.MethodGet, "/api/v1/me", token, nil)
	switch {
	case strings.Contains(raw, `"courier"`):
		p.courier = token
	case strings.Contains(raw, `"village_staff"`):
		p.clerk = token
	}
	var mine struct {
		Items []struct{ ID, Code, Case string }
	}
	if status, raw := p.ask(http.MethodGet, "/api/v1/licences", token, nil); status == http.StatusOK {
		require.NoError(p.t, json.Unmarshal([]byte(raw), &mine))
	}
	if len(mine.Items) == 0 {
		return
	}
	p.citizen, p.licence, p.code, p.cs = token, mine.Items[0].ID, mine.Items[0].Code, mine.Items[0].Case
	var w struct{ ID string }
	_, raw = p.ask(http.MethodGet, "/api/v1/cases/"+p.cs+"/waybill", token, nil)
	require.NoError(p.t, json.Unmarshal([]byte(raw), &w))
	p.waybill = w.ID
}

func TestTheProofOfALicenceIsGivenOverHTTPAndChecksOffline(t *testing.T) {
	p := openPlayed(t)
	status, raw := p.ask(http.MethodGet, "/api/v1/licences/"+p.licence+"/proof", p.citizen, nil)
	require.Equal(t, http.StatusOK, status, raw)
	var given struct {
		Proof, Checkpoint string
		Keys              []string
	}
	require.NoError(t, json.Unmarshal([]byte(raw), &given))
	dir := t.TempDir()
	proof, checkpoint := filepath.Join(dir, "proof"), filepath.Join(dir, "checkpoint")
	require.NoError(t, os.WriteFile(proof, []byte(given.Proof), 0o600))
	require.NoError(t, os.WriteFile(checkpoint, []byte(given.Checkpoint), 0o600))
	var out bytes.Buffer
	require.Zero(t, run([]string{"ledger", "verify", "--checkpoint", checkpoint, "--proof", proof, "--key", given.Keys[0]}, &out, &out), out.String())

	status, raw = p.ask(http.MethodGet, "/api/v1/licences/"+p.licence+"/proof", p.clerk, nil)
	require.Equal(t, http.StatusNotFound, status, raw)
	status, raw = p.ask(http.MethodGet, "/api/v1/ledger/checkpoint", "", nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, raw, "yimen.local/ledger")

	out.Reset()
	require.Zero(t, run([]string{"ledger", "audit", "--since", checkpoint, "--data", p.conf.Data}, &out, &out), out.String())
	require.Contains(t, out.String(), "intact")
	require.NoError(t, execOne(p.conf.database(), `UPDATE licence SET issuer = '假单位'`))
	out.Reset()
	require.Equal(t, 1, run([]string{"ledger", "audit", "--since", checkpoint, "--data", p.conf.Data}, &out, &out))
	require.Contains(t, out.String(), "licence.issued")
}

func TestThePageBehindTheCodeTellsHowTheLicenceStands(t *testing.T) {
	p := openPlayed(t)
	page := func(code string) (int, string) { return p.ask(http.MethodGet, "/verify/"+code, "", nil) }
	status, html := page(p.code)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, html, "有效")
	require.Contains(t, html, "*", "the holder's name is masked")
	for _, outside := range []string{"http://", "https://", "src=", "@import", "url(", "<script"} {
		require.NotContains(t, html, outside)
	}
	status, raw := p.ask(http.MethodPut, "/api/v1/licences/"+p.licence+"/showing", p.citizen, map[string]bool{"holder": false})
	require.Equal(t, http.StatusOK, status, raw)
	_, html = page(p.code)
	require.NotContains(t, html, "持证人")

	for state, edit := range map[string]string{
		"已过期": `UPDATE licence SET valid_until = '2020-01-01'`,
		"已撤销": `UPDATE licence SET state = 'revoked'`,
		"已换发": `UPDATE licence SET state = 'replaced', replaced_by = 'x'`,
	} {
		require.NoError(t, execOne(p.conf.database(), `UPDATE licence SET state = 'valid', valid_until = '', replaced_by = ''`))
		require.NoError(t, execOne(p.conf.database(), edit))
		status, html = page(p.code)
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, html, state)
	}
	for _, code := range []string{"AAAAAAAAAAAAAAAA", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", "x%20y", "%E6%A0%B8%E9%AA%8C"} {
		status, html = page(code)
		require.Equal(t, http.StatusNotFound, status, code)
		require.Contains(t, html, "查无此")
		require.NotContains(t, html, "<script")
	}
}

func TestActsAreSentInOverHTTP(t *testing.T) {
	p := openPlayed(t)
	acts := func(token string, list ...map[string]any) (int, string) {
		return p.ask(http.MethodPost, "/api/v1/courier/acts", token, map[string]any{"sent_at": p.time.now(), "acts": list})
	}
	act := map[string]any{"id": "act-00000001", "at": p.time.now(), "waybill": p.waybill, "act": "deliver", "proof": map[string]string{"code": "000000"}}
	status, raw := acts(p.courier, act)
	require.Equal(t, http.StatusOK, status, raw)
	require.Contains(t, raw, `"already_done"`, "the journey delivered it")
	status, raw = acts(p.courier, map[string]any{"id": "act-00000002", "at": p.time.now(), "waybill": p.waybill, "act": "fail", "reason": "absent"})
	require.Equal(t, http.StatusOK, status, raw)
	require.Contains(t, raw, `"delivery.delivered"`)
	status, raw = p.ask(http.MethodGet, "/api/v1/village/courier-conflicts", p.clerk, nil)
	require.Equal(t, http.StatusOK, status, raw)
	require.Contains(t, raw, "act-00000002")

	for name, wrong := range map[string]map[string]any{
		"an unknown act":   {"id": "act-00000003", "at": p.time.now(), "waybill": p.waybill, "act": "release"},
		"an unknown field": {"id": "act-00000003", "at": p.time.now(), "waybill": p.waybill, "act": "fail", "reason": "absent", "x": 1},
		"a short id":       {"id": "a", "at": p.time.now(), "waybill": p.waybill, "act": "fail", "reason": "absent"},
		"no time":          {"id": "act-00000003", "waybill": p.waybill, "act": "fail", "reason": "absent"},
	} {
		status, raw := acts(p.courier, wrong)
		require.Equal(t, http.StatusUnprocessableEntity, status, name+raw)
	}
	for name, token := range map[string]string{"a citizen": p.citizen, "a clerk": p.clerk} {
		status, _ := acts(token, act)
		require.Equal(t, http.StatusForbidden, status, name)
	}
	status, _ = acts("", act)
	require.Equal(t, http.StatusUnauthorized, status)
}

func TestReleaseIsTheManagersAloneAndTheLabelIsTheOffices(t *testing.T) {
	p := openPlayed(t)
	for _, token := range []string{p.citizen, p.clerk, p.courier} {
		status, raw := p.ask(http.MethodPost, "/api/v1/village/cases/"+p.cs+"/release", token, map[string]string{"reason": "本人行动不便上门核实"})
		require.Equal(t, http.StatusForbidden, status, raw)
		status, _ = p.ask(http.MethodPost, "/api/v1/village/waybills/"+p.waybill+"/reassign", token, map[string]string{"reason": "原快递员已离职", "to": p.waybill})
		require.Equal(t, http.StatusForbidden, status)
	}
	status, raw := p.ask(http.MethodGet, "/api/v1/village/waybills/"+p.waybill+"/label", p.clerk, nil)
	require.Equal(t, http.StatusOK, status, raw)
	var label struct {
		Number string
		QR     []byte
		Papers []string
	}
	require.NoError(t, json.Unmarshal([]byte(raw), &label))
	require.True(t, bytes.HasPrefix(label.QR, []byte("\x89PNG")))
	require.NotEmpty(t, label.Papers)
	status, _ = p.ask(http.MethodGet, "/api/v1/village/waybills/"+p.waybill+"/label", p.courier, nil)
	require.Equal(t, http.StatusForbidden, status)
}
