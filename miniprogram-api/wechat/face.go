package wechat

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"time"

	sdk "github.com/silenceper/wechat/v2/miniprogram/context"
	"github.com/silenceper/wechat/v2/util"
)

// FaceRequest starts a face verification (人脸核身) of the person who holds
// the phone.
type FaceRequest struct {
	OutSeqNo string // our own number of this verification, never used before
	Name     string // as on the identity card
	IDNumber string // 18 characters
	OpenID   string
}

// FaceQuery asks for its result: the same four, and the id that StartFace gave.
type FaceQuery struct {
	VerifyID string
	FaceRequest
}

const identityCard = "IDENTITY_CARD"

// facePassed is the only verify_ret that means yes.
const facePassed = 10000

// The SDK does not know these; they go through its HTTP helper and the gate.
const (
	faceStartURL  = "https://" + host + "/cityservice/face/identify/getverifyid"
	faceResultURL = "https://" + host + "/cityservice/face/identify/queryverifyinfo"
)

var (
	faceStartEndpoint  = endpoint{name: "face/getverifyid", other: ErrFaceRejected}
	faceResultEndpoint = endpoint{name: "face/queryverifyinfo", other: ErrFaceRejected}
)

type certInfo struct {
	Type string `json:"cert_type"`
	Name string `json:"cert_name"`
	No   string `json:"cert_no"`
}

// StartFace asks for a verification. The mini-program hands verifyID to
// wx.requestFacialVerify before expires.
//
// Errors: ErrFaceInput, ErrFaceRejected, ErrOpenID, ErrBusy, ErrUnreachable.
func (c *Client) StartFace(ctx context.Context, r FaceRequest) (verifyID string, expires time.Time, err error) {
	if !r.whole() {
		return "", time.Time{}, ErrFaceInput
	}
	asked := c.now()
	var res struct {
		VerifyID  string `json:"verify_id"`
		ExpiresIn int64  `json:"expires_in"`
	}
	err = c.post(ctx, faceStartEndpoint, faceStartURL, map[string]any{
		"out_seq_no": r.OutSeqNo,
		"cert_info":  certInfo{identityCard, r.Name, r.IDNumber},
		"openid":     r.OpenID,
	}, &res, func() bool { return res.VerifyID != "" })
	if err != nil {
		return "", time.Time{}, err
	}
	if res.ExpiresIn <= 0 {
		res.ExpiresIn = 3600 // the platform's documented default
	}
	return res.VerifyID, asked.Add(time.Duration(res.ExpiresIn) * time.Second), nil
}

// FaceResult says whether the person passed, and where not, why, in Chinese.
// Ask it from the server: what the mini-program says about the result proves
// nothing. The platform checks that openid, name and number are those of the
// start.
//
// Errors: ErrFaceInput, ErrFaceRejected (other data than at the start, expired
// or unknown), ErrOpenID, ErrBusy, ErrUnreachable.
func (c *Client) FaceResult(ctx context.Context, q FaceQuery) (passed bool, reason string, err error) {
	if q.VerifyID == "" || !q.whole() {
		return false, "", ErrFaceInput
	}
	var res struct {
		Code *int `json:"errcode"` // must be there and 0: no answer is a pass by omission
		Ret  *int `json:"verify_ret"`
	}
	err = c.post(ctx, faceResultEndpoint, faceResultURL, map[string]any{
		"verify_id":  q.VerifyID,
		"out_seq_no": q.OutSeqNo,
		"cert_hash":  certHash(q.Name, q.IDNumber),
		"openid":     q.OpenID,
	}, &res, func() bool { return res.Code != nil && *res.Code == 0 && res.Ret != nil })
	switch {
	case err != nil:
		return false, "", err
	case *res.Ret == facePassed:
		return true, "", nil
	}
	return false, faceReason(*res.Ret), nil
}

func (r FaceRequest) whole() bool {
	return r.OutSeqNo != "" && r.Name != "" && len(r.IDNumber) == 18 && r.OpenID != ""
}

// certHash is the platform's digest of a person's identity.
func certHash(name, number string) string {
	b64 := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	sum := sha256.Sum256([]byte("cert_type=" + b64(identityCard) + "&cert_name=" + b64(name) + "&cert_no=" + b64(number)))
	return hex.EncodeToString(sum[:])
}

// faceReason says what the person can do about a verify_ret.
func faceReason(ret int) string {
	switch ret {
	case 90001, 90109:
		return "手机不支持人脸核验，请换一部手机或到窗口办理"
	case 90002, 90003, 90004, 90005, 90006, 90024:
		return "核验没有完成，请重新核验"
	case 90007, 90012, 90019, 90020, 90021:
		return "网络不稳定，请换个网络后重新核验"
	case 90008, 90009, 90010, 90106:
		return "请允许使用相机和麦克风后重新核验"
	case 90011, 90013, 90014, 90023, 10002:
		return "没有拍到清晰的人脸，请在光线好的地方重新核验"
	case 90017, 90107:
		return "核验超时，请重新核验"
	case 10003, 10004:
		return "人脸与身份证信息不一致，请由本人核验，或持身份证到窗口办理"
	}
	return "核验未通过（" + strconv.Itoa(ret) + "），请重新核验，或持身份证到窗口办理"
}

// post calls an interface that the SDK lacks. whole says whether into, once
// filled, holds what the answer is for.
func (c *Client) post(ctx context.Context, to endpoint, address string, body, into any, whole func() bool) error {
	return c.ask(ctx, to, func(ctx context.Context, wx *sdk.Context) error {
		ticket, err := wx.GetAccessTokenContext(ctx)
		if err != nil {
			return err
		}
		b, err := util.PostJSONContext(ctx, address+"?access_token="+ticket, body)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(b, into); err != nil {
			return err
		}
		if !whole() {
			return errEmpty
		}
		return nil
	})
}
