package lite

import (
	"context"
	"strconv"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/catalog"
)

func catalogItem(code string) catalog.ItemCode { return catalog.ItemCode(code) }

// quotas are the numbers of a booking rule, by the name of their field.
func quotas(r *appointment.Rule) map[string]*int {
	return map[string]*int{
		"lead": &r.Lead, "horizon": &r.Horizon, "quiet": &r.Quiet, "walk_in": &r.WalkIn,
		"priority_seats": &r.Priority, "agents": &r.Agents, "online": &r.Online,
	}
}

func ruleText(r appointment.Rule) map[string]string {
	text := map[string]string{}
	for name, n := range quotas(&r) {
		if *n != appointment.Unsaid {
			text[name] = strconv.Itoa(*n)
		}
	}
	return text
}

// setRule writes the office's quotas; an empty field leaves it to the city.
func (p *Pages) setRule(ctx context.Context, v *visit) (string, error) {
	office := v.me().Office
	rule := appointment.Rule{Office: office, Release: appointment.Unsaid}
	was, err := p.Desk.BookingRules(ctx, office)
	if err != nil {
		return "", err
	}
	for _, r := range was {
		if r.Office == office && r.Item == "" {
			rule.Release = r.Release // not on the page: it stays
		}
	}
	for name, n := range quotas(&rule) {
		*n = appointment.Unsaid
		if text := v.text(name); text != "" {
			if *n, err = strconv.Atoi(text); err != nil || *n < 0 {
				return "", appointment.ErrRule
			}
		}
	}
	return at("/office", "saved"), p.Desk.SetRule(ctx, rule)
}
