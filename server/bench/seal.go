package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/seal"
)

// simple is an item that is accepted from its form alone: 帮办代办.
const simple = "CZ-0005"

// sealCostMost is how much of accepting a case its sealing may cost, in percent.
const sealCostMost = 5

// sealed compares what it costs to seal and to open a case's fields with what
// it costs to accept the case: one client, so that nobody waits for anybody.
func sealed(ctx context.Context, r *Report) error {
	return withHouse(ctx, r, func(house House) error {
		p := &phone{house: house, http: &http.Client{Timeout: 20 * time.Second}}
		accepted, fields, err := p.accepted(ctx, time.Now().Add(r.Length))
		if err != nil {
			return err
		}
		slices.Sort(accepted)
		whole := percentile(accepted, 0.5)
		if err := r.Tell("accepting a case over HTTP, median", milliseconds(whole), "ms"); err != nil {
			return err
		}
		return errors.Join(
			suiteCost(r, seal.SM4, 16, fields, whole),
			suiteCost(r, seal.AES, 32, fields, whole),
		)
	})
}

// suiteCost measures one suite.
func suiteCost(r *Report, suite seal.Suite, size int, fields [][]byte, whole time.Duration) error {
	keys, err := seal.NewKeyring(seal.Config{
		Keys: map[uint8]seal.Key{1: {Suite: suite, Secret: bytes.Repeat([]byte{7}, size)}}, Current: 1, IndexKey: bytes.Repeat([]byte{9}, 32),
	})
	if err != nil {
		return err
	}
	cost, err := sealing(keys, fields, r.Length/2)
	if err != nil {
		return err
	}
	if err := r.Tell("sealing and opening its fields with "+string(suite), float64(cost)/float64(time.Microsecond), "us"); err != nil {
		return err
	}
	return r.Under("share of accepting, "+string(suite), 100*float64(cost)/float64(whole), "%", sealCostMost)
}

// sealing is how long it takes to seal and to open all fields once.
func sealing(keys *seal.Keyring, fields [][]byte, length time.Duration) (time.Duration, error) {
	at := seal.Place{Table: "cases", Column: "form", Row: "0192f0c1-0000-7000-8000-000000000000"}
	n, start := 0, time.Now()
	for time.Since(start) < length {
		for _, plain := range fields {
			if _, err := keys.Open(keys.Seal(plain, at), at); err != nil {
				return 0, err
			}
		}
		n++
	}
	return time.Since(start) / time.Duration(max(1, n)), nil
}

// accepted opens, fills and submits cases until the deadline. It returns how
// long each submission took, and what of one case is sealed: the form, the
// notes on its materials, the notice to the person and the kept answer.
func (p *phone) accepted(ctx context.Context, until time.Time) (each []time.Duration, fields [][]byte, err error) {
	office, err := p.prepared(ctx)
	if err != nil {
		return nil, nil, err
	}
	for i := 0; i == 0 || time.Now().Before(until); i++ {
		at, err := p.filled(ctx, office, i)
		if err != nil {
			return nil, nil, err
		}
		var answer json.RawMessage
		start := time.Now()
		if err := p.call(ctx, http.MethodPost, at+"/submit", nil, &answer); err != nil {
			return nil, nil, err
		}
		each = append(each, time.Since(start))
		if fields, err = sealedOf(answer); err != nil {
			return nil, nil, err
		}
	}
	return each, fields, nil
}

// prepared lets somebody in and finds an office for the item.
func (p *phone) prepared(ctx context.Context) (office string, err error) {
	who, err := p.newcomer(ctx)
	if err != nil {
		return "", err
	}
	code, err := p.code(ctx, who)
	if err != nil {
		return "", err
	}
	if err := p.login(ctx, code); err != nil {
		return "", err
	}
	name := map[string]string{"name": who.Name, "number": who.Number}
	if err := p.call(ctx, http.MethodPost, p.house.URL+"/api/v1/me/real-name", name, nil); err != nil {
		return "", err
	}
	var near struct {
		Items []struct{ Office struct{ Code string } }
	}
	at := p.house.URL + "/api/v1/items/" + simple + "/offices?lng=113.1145&lat=22.9980&datum=gcj02&mode=ebike&minutes=30"
	if err := p.call(ctx, http.MethodGet, at, nil, &near); err != nil {
		return "", err
	}
	if len(near.Items) == 0 {
		return "", errors.New("no office takes the item")
	}
	return near.Items[0].Office.Code, nil
}

// filled opens the i-th case with a form of its own and returns its address.
func (p *phone) filled(ctx context.Context, office string, i int) (at string, err error) {
	var cs struct{ ID string }
	if err := p.call(ctx, http.MethodPost, p.house.URL+"/api/v1/cases", map[string]string{"item": simple, "office": office}, &cs); err != nil {
		return "", err
	}
	at = p.house.URL + "/api/v1/cases/" + cs.ID
	day := time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i).Format(time.DateOnly)
	form := map[string]string{
		"service_type": "上门服务", "residence_address": "佛山市禅城区石湾镇街道样例路1号", "appointment_date": day, "applicant_phone": "19900000101",
	}
	return at, p.call(ctx, http.MethodPut, at+"/form", map[string]any{"form": form}, nil)
}

// sealedOf lists what is sealed when a case is accepted.
func sealedOf(answer json.RawMessage) ([][]byte, error) {
	var result struct {
		Case struct {
			Form      json.RawMessage
			Materials []struct{ Note string }
		}
	}
	if err := json.Unmarshal(answer, &result); err != nil {
		return nil, err
	}
	fields := [][]byte{result.Case.Form, answer, []byte("您申请的“老年人、残疾人上门办理及帮办代办服务”已受理，承诺2026年11月30日前办结")}
	for _, m := range result.Case.Materials {
		if m.Note != "" {
			fields = append(fields, []byte(m.Note))
		}
	}
	return fields, nil
}
