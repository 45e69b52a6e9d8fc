package wechat

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// sealFor encrypts as the person's phone does.
func sealFor(t testing.TB, key, plain string) (data, iv string) {
	k, err := base64.StdEncoding.DecodeString(key)
	require.NoError(t, err)
	block, err := aes.NewCipher(k)
	require.NoError(t, err)
	b := []byte(plain)
	pad := aes.BlockSize - len(b)%aes.BlockSize
	b = append(b, bytes.Repeat([]byte{byte(pad)}, pad)...)
	vector := bytes.Repeat([]byte{7}, aes.BlockSize)
	cipher.NewCBCEncrypter(block, vector).CryptBlocks(b, b)
	return base64.StdEncoding.EncodeToString(b), base64.StdEncoding.EncodeToString(vector)
}

func TestUnsealOpensWhatThePhoneSealed(t *testing.T) {
	p := start(t)
	who, err := p.Login(bg, p.box.LoginCode(p.citizen()))
	require.NoError(t, err)
	key := p.box.SessionKey(p.citizen())
	data, iv := sealFor(t, key, `{"openGId":"g1","watermark":{"appid":"`+testAppID+`","timestamp":1}}`)
	plain, err := p.Unseal(who, data, iv)
	require.NoError(t, err)
	require.True(t, json.Valid(plain))
	require.Contains(t, string(plain), "g1")

	other, iv2 := sealFor(t, key, `{"watermark":{"appid":"wxother"}}`)
	_, err = p.Unseal(who, other, iv2)
	require.ErrorIs(t, err, ErrSealed, "another mini-program's")
	_, err = p.Unseal(Identity{OpenID: who.OpenID}, data, iv)
	require.ErrorIs(t, err, ErrSealed, "no session key")
}

// The SDK panics on what is no whole number of blocks.
func TestUnsealNeverPanics(t *testing.T) {
	p := start(t)
	who, err := p.Login(bg, p.box.LoginCode(p.citizen()))
	require.NoError(t, err)
	b64 := base64.StdEncoding.EncodeToString
	for _, data := range []string{"", "?", "AA==", b64(make([]byte, 15)), b64(make([]byte, 16)), b64(make([]byte, 17)), b64(make([]byte, 32))} {
		for _, iv := range []string{"", "?", "AA==", b64(make([]byte, 15)), b64(make([]byte, 16)), b64(make([]byte, 17))} {
			_, err := p.Unseal(who, data, iv)
			require.ErrorIs(t, err, ErrSealed)
		}
	}
	for _, key := range []string{"", "?", "AA==", b64(make([]byte, 17))} {
		_, err := p.Unseal(Identity{key: hide(key)}, b64(make([]byte, 16)), b64(make([]byte, 16)))
		require.ErrorIs(t, err, ErrSealed)
	}
}

func FuzzUnseal(f *testing.F) {
	w := &Client{appID: testAppID}
	key := base64.StdEncoding.EncodeToString(make([]byte, 16))
	data, iv := sealFor(f, key, `{"watermark":{"appid":"`+testAppID+`"}}`)
	f.Add(key, data, iv)
	f.Add(key, "AA==", iv)
	f.Fuzz(func(t *testing.T, key, data, iv string) {
		plain, err := w.Unseal(Identity{key: hide(key)}, data, iv)
		if err == nil && !json.Valid(plain) {
			t.Fatal("opened what is no JSON")
		}
	})
}
