package storetest_test

import (
	"crypto/rand"
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/notify"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/storage/sqlstore"
	"github.com/yimen-gov/yimen/storage/storetest"
)

func cpu() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(0, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func TestCost(t *testing.T) {
	_ = rand.Reader
	h := newReception(t)
	const n = 6400
	who := h.citizens(n)
	var offices []place.OfficeCode
	for _, o := range h.city.Only.Places.Offices() { offices = append(offices, o.Code) }
	store := sqlstore.For[appointment.Tx](h.db)
	nine := on("2026-11-23", "09:00")
	mk := func(i int) appointment.Appointment {
		at := nine.Add(time.Duration(i%10)*appointment.Cell).AddDate(0,0,i%7)
		return appointment.Appointment{ID: appointment.ID(storetest.NewID()), Code: appointment.Code(fmt.Sprintf("%08x", uint32(i)*2654435761)), Person: who[i].Person, Office: offices[(i/10)%100], Item: birth, StartsAt: at, EndsAt: at.Add(appointment.Cell), People: 1, State: appointment.Held, LapsesAt: h.Now().Add(time.Minute*5), MadeAt: h.Now()}
	}
	list := make([]appointment.Appointment, n)
	for i := range list { list[i] = mk(i) }
	ctx := t.Context()
	phase := func(name string, do func(tx appointment.Tx, i int) error) {
		start, c := time.Now(), cpu()
		for b := 0; b < n/64; b++ {
			require.NoError(t, store.InTx(ctx, func(tx appointment.Tx) error {
				for i := b*64; i < b*64+64; i++ { if err := do(tx, i); err != nil { return err } }
				return nil
			}))
		}
		fmt.Printf("%-14s cpu %6.1f µs  wall %6.1f µs\n", name, float64((cpu()-c).Microseconds())/n, float64(time.Since(start).Microseconds())/n)
	}
	phase("nothing", func(tx appointment.Tx, i int) error { return nil })
	phase("open", func(tx appointment.Tx, i int) error { _, err := tx.OpenAppointments(ctx, who[i].Person); return err })
	phase("take", func(tx appointment.Tx, i int) error { a := list[i]; return tx.TakeSeats(ctx, a.Office, a.StartsAt, a.EndsAt, 1000) })
	phase("insert", func(tx appointment.Tx, i int) error { return tx.InsertAppointment(ctx, list[i]) })
	phase("read", func(tx appointment.Tx, i int) error { _, err := tx.Appointment(ctx, list[i].ID); return err })
	phase("update", func(tx appointment.Tx, i int) error { a := list[i]; a.State = appointment.Booked; a.LapsesAt = nine.AddDate(0,0,1); return tx.UpdateAppointment(ctx, list[i], a) })
	phase("tell", func(tx appointment.Tx, i int) error { a := list[i]; return tx.Tell(ctx, notify.Notice{To: a.Person, Kind: "appointment.booked", Subject: string(a.ID), Text: "预约成功：11月23日（星期一）上午9:00，石湾镇街道行政服务中心，办理“国(境)外出生子女回国入户”，共2人，预约码", At: h.Now()}) })
	phase("open booked", func(tx appointment.Tx, i int) error { _, err := tx.OpenAppointments(ctx, who[i].Person); return err })
	phase("give", func(tx appointment.Tx, i int) error { a := list[i]; return tx.GiveSeats(ctx, a.Office, a.StartsAt, a.EndsAt) })
}
