package main

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat"
	"github.com/yimen-gov/yimen/pkg/citizen"
)

// people is WeChat as the door needs it.
type people struct{ *wechat.Client }

var _ citizen.WeChat = people{}

func (p people) OpenID(ctx context.Context, code string) (string, error) {
	who, err := p.Login(ctx, code)
	return who.OpenID, err
}

func (p people) PhoneNumber(ctx context.Context, code string) (string, error) {
	number, country, err := p.Phone(ctx, code)
	if err == nil && country != "86" {
		return "", citizen.ErrPhone
	}
	return number, err
}

func (p people) StartFace(ctx context.Context, openID string, name citizen.Name, number citizen.IDNumber, serial string) (string, error) {
	id, _, err := p.Client.StartFace(ctx, faceOf(openID, name, number, serial))
	return id, err
}

func (p people) FaceMatched(ctx context.Context, openID string, name citizen.Name, number citizen.IDNumber, serial, verifyID string) (bool, error) {
	ok, _, err := p.FaceResult(ctx, wechat.FaceQuery{VerifyID: verifyID, FaceRequest: faceOf(openID, name, number, serial)})
	return ok, err
}

func faceOf(openID string, name citizen.Name, number citizen.IDNumber, serial string) wechat.FaceRequest {
	return wechat.FaceRequest{OutSeqNo: serial, Name: name.String(), IDNumber: number.String(), OpenID: openID}
}
