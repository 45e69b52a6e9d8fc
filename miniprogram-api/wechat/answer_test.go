package wechat

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnErrcodeIsReadOrItIsNoSuccess(t *testing.T) {
	for body, want := range map[string]answer{
		`{"errcode":0,"errmsg":"ok"}`:                     {},
		`{"openid":"o"}`:                                  {},
		`{"errcode":40029,"errmsg":"invalid code"}`:       {code: 40029},
		`{"errcode":"40029","errmsg":7}`:                  {code: 40029},
		` {"errcode":-1,"errmsg":"system error"}`:         {code: -1},
		`{"errcode":40029.5}`:                             {why: "errcode unreadable"},
		`{"errcode":"none"}`:                              {why: "errcode unreadable"},
		`{"errcode":{}}`:                                  {why: "errcode unreadable"},
		`{"errcode":1,"errmsg":"x rid: 0a1b2c3d-4e5f"}`:   {code: 1, rid: "0a1b2c3d-4e5f"},
		`{"errcode":1,"errmsg":"x rid: ABC"}`:             {code: 1},
		`{"errcode":40013,"errmsg":"invalid ip 1.2.3.4"}`: {code: 40013},
		`{"errcode":40164,"errmsg":"invalid ip 1.2.3.4"}`: {code: 40164, addr: "1.2.3.4"},
		"\xff\xd8 a picture":                              {},
		``:                                                {},
		`[1]`:                                             {},
		`{broken`:                                         {},
	} {
		var got answer
		got.read([]byte(body))
		require.Equal(t, want, got, body)
	}
}

func TestACauseIsForTheLogAndSaysWhatHappened(t *testing.T) {
	require.Equal(t, "wechat x: errcode 40163 (code used), rid 0a1b", answer{api: "x", code: 40163, rid: "0a1b"}.Error())
	require.Equal(t, "wechat x: HTTP 502", answer{api: "x", why: "HTTP 502"}.Error())
	require.Equal(t, "wechat x: errcode 99", answer{api: "x", code: 99}.Error())
}
