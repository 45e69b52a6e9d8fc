package main

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/miniprogram-api/callback"
	"github.com/yimen-gov/yimen/pkg/carrier"
	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/server/outbound/couriers"
)

// The customer that the local courier company knows. Nothing of it is secret.
const (
	courierPlayKey    = "local-courier-key"
	courierPlaySecret = "local-courier-secret"
	courierPlayPhone  = "075700000000"
)

// openCouriers starts the local courier company where there is no real one:
// in development only.
func (in *instance) openCouriers(context.Context) error {
	if in.conf.Kuaidi100Key != "" || in.conf.Env == "production" || !in.conf.sandboxed() {
		return nil
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	in.courierPlay = couriers.NewSandbox(courierPlayKey, courierPlaySecret, in.now)
	in.courierURL = "http://" + l.Addr().String()
	in.courierServer = &http.Server{Handler: in.courierPlay, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = in.courierServer.Serve(l) }()
	return nil
}

// companies are those that have an interface, real or played; none where
// neither is set.
func (in *instance) companies() map[carrier.Via]delivery.Company {
	k := &couriers.Kuaidi100{
		URL: in.conf.Kuaidi100URL, Key: in.conf.Kuaidi100Key, Secret: in.conf.Kuaidi100Secret, Phone: in.conf.SenderPhone,
		Client: in.outward("kuaidi100", 8*time.Second), Now: in.now,
		Callback: func(waybill string) string {
			return strings.TrimSuffix(cmp.Or(in.conf.PublicURL, in.conf.self()), "/") + callback.CouriersPath + waybill
		},
	}
	if in.courierPlay != nil {
		k.URL, k.Key, k.Secret, k.Phone = in.courierURL, courierPlayKey, courierPlaySecret, courierPlayPhone
	}
	if k.Key == "" {
		return nil
	}
	return map[carrier.Via]delivery.Company{carrier.Kuaidi100: k}
}

// hearCourier takes a company's push about a waybill, if it is signed with that
// order's salt. Who guesses at waybills learns nothing.
func (in *instance) hearCourier(ctx context.Context, waybill, about string, form url.Values) error {
	o, err := in.db.OrderOf(ctx, waybill)
	if errors.Is(err, delivery.ErrNoOrder) {
		return couriers.ErrPushSign
	}
	if err != nil {
		return err
	}
	read := couriers.ReadTrack
	if about == "order" {
		read = couriers.ReadOrder
	}
	t, err := read(form, o.Salt)
	if err != nil {
		return err
	}
	return in.rooms.parcels.Hear(ctx, waybill, t)
}
