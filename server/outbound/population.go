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
	return matched(ctx, p.Client, p.URL, map[string]string{"name": name.String(), "id_number": number.String()}, ErrPopulation)
}

// matched asks a register whether things belong together. Its errors never
// hold what was asked.
func matched(ctx context.Context, client *http.Client, url string, about map[string]string, down *fault.Error) (bool, error) {
	body, err := json.Marshal(about)
	if err != nil {
		return false, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return false, down.Because(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return false, down.Because(err)
	}
	defer resp.Body.Close()
	var out struct {
		Match *bool `json:"match"`
	}
	err = json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&out)
	if err != nil || out.Match == nil || resp.StatusCode != http.StatusOK {
		return false, down.Because(fmt.Errorf("status %d, %v", resp.StatusCode, err))
	}
	return *out.Match, nil
}
