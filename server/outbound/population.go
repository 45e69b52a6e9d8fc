// Package outbound speaks to what lies outside the house: the population
// register, map services, couriers.
package outbound

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrPopulation tells that the population register did not answer.
var ErrPopulation = fault.New(fault.Unavailable, "population.unavailable", "实名核验暂时不可用，请稍后再试").After(10)

// Population asks the register whether a name and a number belong together:
// POST {"name", "id_number"}, answered {"match": true|false}.
type Population struct {
	URL    string
	Client *http.Client
}

// Match implements citizen.Population. Its errors never hold what was asked.
func (p Population) Match(ctx context.Context, name citizen.Name, number citizen.IDNumber) (bool, error) {
	body, err := json.Marshal(map[string]string{"name": name.String(), "id_number": number.String()})
	if err != nil {
		return false, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.URL, bytes.NewReader(body))
	if err != nil {
		return false, ErrPopulation.Because(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := p.Client.Do(req)
	if err != nil {
		return false, ErrPopulation.Because(err)
	}
	defer resp.Body.Close()
	var out struct {
		Match *bool `json:"match"`
	}
	err = json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&out)
	if err != nil || out.Match == nil || resp.StatusCode != http.StatusOK {
		return false, ErrPopulation.Because(fmt.Errorf("status %d, %v", resp.StatusCode, err))
	}
	return *out.Match, nil
}
