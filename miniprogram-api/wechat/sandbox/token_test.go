package sandbox

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func (s *stage) token(force bool) object {
	return s.ask("POST", "/cgi-bin/stable_token", object{"grant_type": "client_credential", "appid": "wxtest", "secret": "secret", "force_refresh": force})
}

func (s *stage) works(token any) float64 {
	out := s.ask("POST", "/wxa/msg_sec_check?access_token="+token.(string), object{"version": 2})
	return out["errcode"].(float64) // 40003 = past the door
}

func TestTheStableTokenStaysTheSame(t *testing.T) {
	s := open(t)
	a := s.token(false)
	require.Equal(t, 7200.0, a["expires_in"])
	require.GreaterOrEqual(t, len(a["access_token"].(string)), 136)
	s.clock.turn(time.Hour)
	b := s.token(false)
	require.Equal(t, a["access_token"], b["access_token"])
	require.Equal(t, 3600.0, b["expires_in"])
}

func TestFiveMinutesBeforeItsEndANewTokenComesAndBothWork(t *testing.T) {
	s := open(t)
	a := s.token(false)["access_token"]
	s.clock.turn(6899 * time.Second)
	require.Equal(t, a, s.token(false)["access_token"])
	s.clock.turn(time.Second)
	b := s.token(false)["access_token"]
	require.NotEqual(t, a, b)
	require.Equal(t, 40003.0, s.works(a))
	require.Equal(t, 40003.0, s.works(b))
	s.clock.turn(300 * time.Second)
	require.Equal(t, 42001.0, s.works(a))
	require.Equal(t, 40003.0, s.works(b))
}

func TestForceEndsTheOldTokenAtOnce(t *testing.T) {
	s := open(t)
	a := s.token(false)["access_token"]
	b := s.token(true)["access_token"]
	require.NotEqual(t, a, b)
	require.Equal(t, 40001.0, s.works(a))
	require.Equal(t, b, s.token(true)["access_token"], "within 30 s nothing is refreshed")
	for range 19 {
		s.clock.turn(31 * time.Second)
		require.NotEqual(t, b, s.token(true)["access_token"])
	}
	s.clock.turn(31 * time.Second)
	require.Equal(t, 45009.0, s.token(true)["errcode"])
	require.NotNil(t, s.token(false)["access_token"], "the ordinary way stays open")
	s.clock.turn(15 * time.Hour)
	require.Nil(t, s.token(true)["errcode"])
}

func TestTheDoorIsClosedWithoutAToken(t *testing.T) {
	s := open(t)
	for _, path := range []string{
		"/wxa/business/getuserphonenumber", "/cgi-bin/message/subscribe/send", "/wxa/getwxacodeunlimit", "/wxa/msg_sec_check",
		"/wxa/media_check_async", "/cityservice/face/identify/getverifyid", "/cityservice/face/identify/queryverifyinfo",
	} {
		require.Equal(t, 41001.0, s.ask("POST", path, object{})["errcode"], path)
		require.Equal(t, 40001.0, s.ask("POST", path+"?access_token=forged", object{})["errcode"], path)
		require.Equal(t, 43002.0, s.ask("GET", s.with(path), nil)["errcode"], path)
		require.Equal(t, 47001.0, s.ask("POST", s.with(path), "no object")["errcode"], path)
		s.clock.turn(3 * time.Hour)
	}
	old := s.token(false)["access_token"]
	s.clock.turn(2 * time.Hour)
	require.Equal(t, 42001.0, s.works(old))
	fresh := s.token(false)["access_token"]
	s.Revoke()
	require.Equal(t, 40001.0, s.works(fresh))
	require.Equal(t, 43001.0, s.ask("POST", "/sns/jscode2session", object{})["errcode"])
	require.Equal(t, 40066.0, s.ask("GET", "/no/such/path", nil)["errcode"])
}

func TestCredentialsAreJudged(t *testing.T) {
	s := open(t)
	for _, c := range []struct {
		appID, secret, grant string
		want                 float64
	}{
		{"", "secret", "client_credential", 41002},
		{"wxtest", "", "client_credential", 41004},
		{"wxother", "secret", "client_credential", 40013},
		{"wxtest", "wrong", "client_credential", 40125},
		{"wxtest", "secret", "", 40002},
	} {
		out := s.ask("POST", "/cgi-bin/stable_token", object{"appid": c.appID, "secret": c.secret, "grant_type": c.grant})
		require.Equal(t, c.want, out["errcode"], c)
	}
	code := s.LoginCode(s.Persons()[0].OpenID)
	for query, want := range map[string]float64{
		"appid=wxother&secret=secret&js_code=x&grant_type=authorization_code": 40013,
		"appid=wxtest&secret=wrong&js_code=x&grant_type=authorization_code":   40125,
		"appid=wxtest&secret=secret&js_code=x&grant_type=authorization_code":  40029,
		"appid=wxtest&secret=secret&grant_type=authorization_code":            41008,
		"appid=wxtest&secret=secret&js_code=" + code:                          40002,
	} {
		require.Equal(t, want, s.ask("GET", "/sns/jscode2session?"+query, nil)["errcode"], query)
	}
}
