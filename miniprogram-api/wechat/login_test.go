package wechat

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
)

func TestLoginTellsWhoItIs(t *testing.T) {
	p := start(t)
	for _, person := range p.people {
		who, err := p.Login(bg, p.box.LoginCode(person.OpenID))
		require.NoError(t, err)
		require.Equal(t, person.OpenID, who.OpenID)
		require.Equal(t, person.UnionID, who.UnionID)
	}
}

func TestALoginCodeWorksOnceAndForFiveMinutes(t *testing.T) {
	p := start(t)
	code := p.box.LoginCode(p.citizen())
	_, err := p.Login(bg, code)
	require.NoError(t, err)
	_, err = p.Login(bg, code)
	require.ErrorIs(t, err, ErrCodeUsed)

	late := p.box.LoginCode(p.citizen())
	p.clock.turn(5 * time.Minute)
	_, err = p.Login(bg, late)
	require.ErrorIs(t, err, ErrCodeInvalid)

	just := p.box.LoginCode(p.citizen())
	p.clock.turn(5*time.Minute - time.Second)
	_, err = p.Login(bg, just)
	require.NoError(t, err)
}

func TestAPhoneCodeIsNoLoginCode(t *testing.T) {
	p := start(t)
	_, err := p.Login(bg, p.box.PhoneCode(p.citizen()))
	require.ErrorIs(t, err, ErrCodeInvalid)
	_, _, err = p.Phone(bg, p.box.LoginCode(p.citizen()))
	require.ErrorIs(t, err, ErrPhoneCode)
}

func TestALoginCodeCannotInjectParameters(t *testing.T) {
	p := start(t)
	for _, code := range []string{
		"", "x&appid=evil&js_code=y", "x#", "x?y", "x y", "x%26appid=evil", "x\r\nHost: evil", "码", "x/../y", "x;y", "x\x00",
		strings.Repeat("a", 129),
	} {
		_, err := p.Login(bg, code)
		require.ErrorIs(t, err, ErrCodeInvalid, "%q", code)
	}
	require.Zero(t, p.box.Calls(loginPath), "nobody is asked")
}

func TestABlockedAccountIsToldSo(t *testing.T) {
	p := start(t)
	id := p.box.AddPerson(sandbox.Person{Name: "封某某", Blocked: true})
	person, _ := p.box.Person(id)
	_, err := p.Login(bg, p.box.LoginCode(person.OpenID))
	require.ErrorIs(t, err, ErrBlocked)
}

func TestLoginsAreLimitedByTheMinute(t *testing.T) {
	p := start(t, func(o *sandbox.Options) { o.LoginsAMinute = 3 })
	for range 3 {
		_, err := p.Login(bg, p.box.LoginCode(p.citizen()))
		require.NoError(t, err)
	}
	_, err := p.Login(bg, p.box.LoginCode(p.citizen()))
	require.ErrorIs(t, err, ErrTooOften)
	_, err = p.Login(bg, p.box.LoginCode(p.people[1].OpenID))
	require.NoError(t, err, "another person")
	p.clock.turn(time.Minute)
	_, err = p.Login(bg, p.box.LoginCode(p.citizen()))
	require.NoError(t, err)
}

func TestAnAnswerWithoutAnOpenIDIsNoLogin(t *testing.T) {
	for _, body := range []string{
		`{}`, `null`, `[]`, `""`, ``, `{"openid":"o1"}`, `{"session_key":"aaaa"}`, `{"openid":"","session_key":"a"}`,
		`{"openid":1}`, `<html>`, `{"openid":"o1","session_key":"a"`,
	} {
		p := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
		who, err := p.Login(bg, "0abc")
		require.ErrorIs(t, err, ErrUnreachable, body)
		require.Empty(t, who.OpenID, body)
	}
}

func TestTheSessionKeyNeverPrints(t *testing.T) {
	p := start(t)
	who, err := p.Login(bg, p.box.LoginCode(p.citizen()))
	require.NoError(t, err)
	key := p.box.SessionKey(p.citizen())
	require.NotEmpty(t, key)
	require.Equal(t, key, who.key.reveal())
	type nested struct {
		Who  Identity
		List []Identity
		p    *Identity
		i    Identity
	}
	for _, v := range []any{who, &who, nested{who, []Identity{who}, &who, who}, map[string]Identity{"a": who}, who.key, &who.key} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%t"} {
			text := fmt.Sprintf(verb, v)
			require.NotContains(t, text, key, verb)
			require.NotContains(t, text, fmt.Sprintf("%x", key), verb)
		}
		b, err := json.Marshal(v)
		require.NoError(t, err)
		require.NotContains(t, string(b), key)
	}
	require.Contains(t, fmt.Sprint(who), who.OpenID)
}

func TestPhoneGivesTheNumberWithoutPrefix(t *testing.T) {
	p := start(t)
	number, country, err := p.Phone(bg, p.box.PhoneCode(p.citizen()))
	require.NoError(t, err)
	require.Equal(t, "19900000101", number)
	require.Equal(t, "86", country)

	id := p.box.AddPerson(sandbox.Person{Name: "港样本", Phone: "51230000", CountryCode: "852"})
	person, _ := p.box.Person(id)
	number, country, err = p.Phone(bg, p.box.PhoneCode(person.OpenID))
	require.NoError(t, err)
	require.Equal(t, "51230000", number)
	require.Equal(t, "852", country)
}

func TestAPhoneCodeWorksOnceAndForFiveMinutes(t *testing.T) {
	p := start(t)
	code := p.box.PhoneCode(p.citizen())
	_, _, err := p.Phone(bg, code)
	require.NoError(t, err)
	_, _, err = p.Phone(bg, code)
	require.ErrorIs(t, err, ErrPhoneCode)
	late := p.box.PhoneCode(p.citizen())
	p.clock.turn(5 * time.Minute)
	_, _, err = p.Phone(bg, late)
	require.ErrorIs(t, err, ErrPhoneCode)
	for _, bad := range []string{"", "a b", "码", "a\n", strings.Repeat("a", 513)} {
		_, _, err = p.Phone(bg, bad)
		require.ErrorIs(t, err, ErrPhoneCode, "%q", bad)
	}
	require.Equal(t, 3, p.box.Calls(phonePath))
}

func TestAPhoneNumberOfAnotherMiniProgramIsRefused(t *testing.T) {
	for _, info := range []string{
		`{"purePhoneNumber":"13800138000","countryCode":"86","watermark":{"appid":"wxother"}}`,
		`{"purePhoneNumber":"13800138000","countryCode":"86"}`,
		`{"purePhoneNumber":"","countryCode":"86","watermark":{"appid":"` + testAppID + `"}}`,
		`{"purePhoneNumber":"138<script>","countryCode":"86","watermark":{"appid":"` + testAppID + `"}}`,
	} {
		p := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"errcode":0,"phone_info":%s}`, info) })
		number, _, err := p.Phone(bg, "code")
		require.ErrorIs(t, err, ErrUnreachable, info)
		require.Empty(t, number)
	}
}
