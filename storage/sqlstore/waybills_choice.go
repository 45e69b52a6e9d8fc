package sqlstore

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/delivery"
)

// Choice implements delivery.Reader.
func (q *queries) Choice(ctx context.Context, caseID string) (delivery.Choice, error) {
	return one(ctx, q, delivery.ErrNoChoice, q.readChoice, `SELECT case_id, way, recipient_sealed, phone_sealed, address_sealed,
		area, chosen_at, company, division, fee FROM delivery_choice WHERE case_id = $1`, caseID)
}

func (q *queries) readChoice(s scanner) (c delivery.Choice, err error) {
	var recipient, phone, address []byte
	var at int64
	if err := s.Scan(&c.Case, &c.Way, &recipient, &phone, &address, &c.Area, &at, &c.Company, &c.Division, &c.Fee); err != nil {
		return c, err
	}
	c.ChosenAt = moment(at)
	if c.Recipient, err = openedAs(q, "delivery_choice", "recipient", c.Case, recipient, citizen.ParseName); err != nil {
		return c, err
	}
	if c.Phone, err = openedAs(q, "delivery_choice", "phone", c.Case, phone, citizen.ParsePhone); err != nil {
		return c, err
	}
	c.Address, err = q.opened("delivery_choice", "address", c.Case, address)
	return c, err
}

// SaveChoice implements delivery.Tx. What a window does not need is erased.
func (tx *Tx) SaveChoice(ctx context.Context, c delivery.Choice, who citizen.ID) error {
	return tx.change(ctx, delivery.ErrOnItsWay, `INSERT INTO delivery_choice
		(case_id, way, recipient_sealed, phone_sealed, address_sealed, area, chosen_at, company, division, fee)
		SELECT id, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM cases WHERE id = $1 AND person_id = $2
		AND state IN ('draft', 'received', 'notified', 'receipt', 'accepted', 'granted')
		AND NOT EXISTS (SELECT 1 FROM waybill w WHERE w.case_id = cases.id AND w.state NOT IN ('cancelled', 'lost', 'damaged'))
		ON CONFLICT (case_id) DO UPDATE SET way = excluded.way, recipient_sealed = excluded.recipient_sealed,
		phone_sealed = excluded.phone_sealed, address_sealed = excluded.address_sealed, area = excluded.area, chosen_at = excluded.chosen_at,
		company = excluded.company, division = excluded.division, fee = excluded.fee`,
		c.Case, who, c.Way, tx.sealed("delivery_choice", "recipient", c.Case, c.Recipient.String()),
		tx.sealed("delivery_choice", "phone", c.Case, c.Phone.String()),
		tx.sealed("delivery_choice", "address", c.Case, c.Address), c.Area, millis(c.ChosenAt), c.Company, c.Division, c.Fee)
}
