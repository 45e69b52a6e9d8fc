package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEverythingCanBePlayedOverHTTP(t *testing.T) {
	s := open(t)
	_, p := s.do("POST", "/sandbox/persons", object{"name": "新人", "face_fails": true})
	openID := p["openid"].(string)
	require.Equal(t, true, p["face_fails"])
	require.Equal(t, "p9", p["id"])

	_, code := s.do("POST", "/sandbox/login-code", object{"openid": openID})
	require.Equal(t, openID, s.login(code["code"].(string))["openid"])

	_, code = s.do("POST", "/sandbox/phone-code", object{"openid": openID})
	out := s.ask("POST", s.with("/wxa/business/getuserphonenumber"), object{"code": code["code"]})
	require.Equal(t, p["phone"], out["phone_info"].(object)["purePhoneNumber"])

	send := object{"touser": openID, "template_id": "T", "data": object{"thing1": object{"value": "好"}}}
	s.do("POST", "/sandbox/grants", object{"openid": openID, "template_id": "T", "n": 2})
	require.Equal(t, 0.0, s.ask("POST", s.with("/cgi-bin/message/subscribe/send"), send)["errcode"])
	s.do("POST", "/sandbox/grants", object{"openid": openID, "template_id": "T", "n": 0})
	require.Equal(t, 43101.0, s.ask("POST", s.with("/cgi-bin/message/subscribe/send"), send)["errcode"])

	res, err := http.Get(s.url + "/sandbox/messages?openid=" + url.QueryEscape(openID))
	require.NoError(t, err)
	defer res.Body.Close()
	var got []Sent
	require.NoError(t, json.NewDecoder(res.Body).Decode(&got))
	require.Len(t, got, 1)
	require.Equal(t, "好", got[0].Data["thing1"])

	_, match := s.do("POST", "/sandbox/real-name", object{"name": "新人", "id_number": p["id_number"]})
	require.Equal(t, object{"match": true}, match)
	_, match = s.do("POST", "/sandbox/real-name", object{"name": "新人", "id_number": "11010519491231002X"})
	require.Equal(t, object{"match": false}, match)

	s.do("POST", "/sandbox/faults", object{"path": "/sns/jscode2session", "kind": "busy"})
	require.Equal(t, -1.0, s.login("x")["errcode"])
	require.Equal(t, 40029.0, s.login("x")["errcode"], "once by default")
}

func TestFacesOverHTTP(t *testing.T) {
	s := open(t)
	begin := func(p Person, seq string) string {
		out := s.ask("POST", s.with("/cityservice/face/identify/getverifyid"), object{
			"out_seq_no": seq, "openid": p.OpenID,
			"cert_info": object{"cert_type": "IDENTITY_CARD", "cert_name": p.Name, "cert_no": p.IDNumber},
		})
		return out["verify_id"].(string)
	}
	all := s.Persons()
	_, out := s.do("POST", "/sandbox/face/"+begin(all[0], "1")+"/pass", nil)
	require.Equal(t, object{"verify_ret": 10000.0}, out)
	_, out = s.do("POST", "/sandbox/face/"+begin(all[7], "2")+"/pass", object{})
	require.Equal(t, object{"verify_ret": 10004.0}, out, "this one's face fails")
	_, out = s.do("POST", "/sandbox/face/"+begin(all[0], "3")+"/pass", object{"ret": 90004})
	require.Equal(t, object{"verify_ret": 90004.0}, out)
	status, _ := s.do("POST", "/sandbox/face/none/pass", nil)
	require.Equal(t, http.StatusBadRequest, status)
	s.clock.turn(2 * time.Hour)
	require.ErrorIs(t, s.PassFace(begin(all[0], "4")+"x"), ErrNoFace)
}

func TestFaceInputIsJudged(t *testing.T) {
	s := open(t)
	p := s.Persons()[0]
	for name, c := range map[string]struct {
		openID, kind, who, number, seq string
		want                           float64
	}{
		"nobody":       {"oNobody", "IDENTITY_CARD", p.Name, p.IDNumber, "1", 40003},
		"other paper":  {p.OpenID, "PASSPORT", p.Name, p.IDNumber, "1", 84005},
		"no name":      {p.OpenID, "IDENTITY_CARD", "", p.IDNumber, "1", 84005},
		"wrong number": {p.OpenID, "IDENTITY_CARD", p.Name, "440604199003128627", "1", 84005},
		"no serial":    {p.OpenID, "IDENTITY_CARD", p.Name, p.IDNumber, "", 84004},
	} {
		out := s.ask("POST", s.with("/cityservice/face/identify/getverifyid"), object{
			"out_seq_no": c.seq, "openid": c.openID, "cert_info": object{"cert_type": c.kind, "cert_name": c.who, "cert_no": c.number},
		})
		require.Equal(t, c.want, out["errcode"], name)
	}
}

func TestWhatCannotBePlayedIsSaid(t *testing.T) {
	s := open(t)
	for path, bodies := range map[string][]any{
		"/sandbox/persons":    {object{}, object{"name": "a", "id_number": "1"}, "text"},
		"/sandbox/login-code": {object{}, object{"openid": "oNobody"}},
		"/sandbox/phone-code": {object{"openid": "oNobody"}},
		"/sandbox/grants":     {object{}, object{"openid": "o", "template_id": "T", "n": -1}},
		"/sandbox/faults":     {object{}, object{"path": "/x", "kind": "earthquake"}, object{"path": "/x", "kind": "busy", "times": -1}, object{"path": "/x", "kind": "errcode:x"}},
	} {
		for _, body := range bodies {
			status, out := s.do("POST", path, body)
			require.Equal(t, http.StatusBadRequest, status, "%s %v", path, body)
			require.NotEmpty(t, out["error"])
		}
	}
}

// visit posts a form of the page.
func (s *stage) visit(form url.Values) string {
	s.t.Helper()
	res, err := http.PostForm(s.url+"/sandbox/", form)
	require.NoError(s.t, err)
	defer res.Body.Close()
	require.Equal(s.t, http.StatusOK, res.StatusCode)
	var b strings.Builder
	_ = res.Write(&b)
	return b.String()
}

var shown = regexp.MustCompile(`<output>([0-9a-f]+)</output>`)

func TestANewcomerGetsALoginCodeFromThePage(t *testing.T) {
	s := open(t)
	res, err := http.Get(s.url + "/sandbox")
	require.NoError(t, err)
	defer res.Body.Close()
	var page strings.Builder
	_ = res.Write(&page)
	for _, p := range s.Persons() {
		require.Contains(t, page.String(), p.Name)
		require.Contains(t, page.String(), p.Role)
	}
	require.NotRegexp(t, `(?i)<script|src=|href=|@import|url\(`, page.String(), "nothing from elsewhere")
	require.Contains(t, page.String(), "Content-Security-Policy: default-src 'none'")

	html := s.visit(url.Values{"do": {"login"}, "person": {"p2"}})
	code := shown.FindStringSubmatch(html)
	require.NotNil(t, code)
	require.Equal(t, s.Persons()[1].OpenID, s.login(code[1])["openid"])

	html = s.visit(url.Values{"do": {"phone"}, "person": {"p2"}})
	require.NotNil(t, shown.FindStringSubmatch(html))
}

func TestThePageMakesAPerson(t *testing.T) {
	s := open(t)
	html := s.visit(url.Values{"do": {"new"}, "name": {"<b>新人</b>"}})
	require.NotNil(t, shown.FindStringSubmatch(html))
	require.NotContains(t, html, "<b>新人")
	require.Len(t, s.Persons(), 9)
	require.Contains(t, s.visit(url.Values{"do": {"new"}, "name": {" "}}), "请填写姓名")
	require.Contains(t, s.visit(url.Values{"do": {"new"}, "name": {"甲"}, "id_number": {"123"}}), "身份证号不正确")
	require.Len(t, s.Persons(), 9)
	require.NotContains(t, s.visit(url.Values{"do": {"login"}, "person": {"p99"}}), "<output>")
}

func TestThePageShowsMessagesAndPlaysTheCamera(t *testing.T) {
	s := open(t)
	p := s.Persons()[0]
	s.Grant(p.OpenID, "T", 1)
	s.ask("POST", s.with("/cgi-bin/message/subscribe/send"), object{"touser": p.OpenID, "template_id": "T", "data": object{"thing1": object{"value": "请补正材料"}}})
	id := s.ask("POST", s.with("/cityservice/face/identify/getverifyid"), object{
		"out_seq_no": "1", "openid": p.OpenID, "cert_info": object{"cert_type": "IDENTITY_CARD", "cert_name": p.Name, "cert_no": p.IDNumber},
	})["verify_id"].(string)
	html := s.visit(url.Values{"do": {"show"}, "person": {"p1"}})
	require.Contains(t, html, "请补正材料")
	require.Contains(t, html, "11月23日 09:30")
	require.Contains(t, html, id)
	require.NotContains(t, s.visit(url.Values{"do": {"pass"}, "person": {"p1"}, "face": {id}}), id, "done")
	require.Equal(t, 10000, s.faceRet(id))
	require.Contains(t, s.visit(url.Values{"do": {"pass"}, "person": {"p1"}, "face": {"none"}}), "已过期")
}
