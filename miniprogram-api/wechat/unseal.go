package wechat

import (
	"crypto/aes"
	"encoding/base64"
	"encoding/json"

	"github.com/silenceper/wechat/v2/miniprogram/encryptor"
)

// Unseal opens data that the mini-program got encrypted from WeChat
// (encryptedData and iv, both base64) with the session key of who, and returns
// its JSON. Data that was sealed for another mini-program is refused.
//
// Errors: ErrSealed.
func (c *Client) Unseal(who Identity, encryptedData, iv string) ([]byte, error) {
	if who.key.reveal == nil || !wholeBlocks(encryptedData) {
		return nil, ErrSealed
	}
	plain, err := encryptor.GetCipherText(who.key.reveal(), encryptedData, iv)
	if err != nil {
		return nil, ErrSealed
	}
	var mark struct {
		Watermark struct {
			AppID string `json:"appid"`
		} `json:"watermark"`
	}
	if json.Unmarshal(plain, &mark) != nil || mark.Watermark.AppID != c.appID {
		return nil, ErrSealed
	}
	return plain, nil
}

// wholeBlocks guards the SDK, which panics on anything else.
func wholeBlocks(b64 string) bool {
	b, err := base64.StdEncoding.DecodeString(b64)
	return err == nil && len(b) > 0 && len(b)%aes.BlockSize == 0
}
