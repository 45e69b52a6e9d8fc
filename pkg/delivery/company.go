package delivery

import (
	"context"
	"slices"
	"strings"

	"github.com/yimen-gov/yimen/pkg/carrier"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// What can be wrong with a company.
var (
	ErrCompany     = fault.New(fault.Invalid, "delivery.company", "没有快递员在岗的快递公司，请先由管理员邀请快递员上岗")
	ErrCompanyArea = fault.New(fault.Invalid, "delivery.company_area", "这家快递公司不送这个地区，请换一家快递公司或改为窗口领取")
)

// Offers lists the companies that would bring the result of one's own case to
// a division, with what each costs. Errors: casework.ErrNoCase, ErrNotSent,
// ErrOver, place.ErrNoDivision.
func (d *Desk) Offers(ctx context.Context, who citizen.ID, caseID string, to place.DivisionCode) ([]carrier.Offer, error) {
	cs, err := d.own(ctx, d.Store, who, caseID)
	if err != nil {
		return nil, err
	}
	if err := d.mayChoose(ctx, cs, ByCourier); err != nil {
		return nil, err
	}
	edition, err := d.City.Current(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := edition.Places.Division(to); err != nil {
		return nil, err
	}
	return edition.Couriers.Offers(to), nil
}

// priced checks the company and the division of a choice and notes what the
// person agrees to pay. Errors: ErrWish, ErrCompanyArea.
func (d *Desk) priced(ctx context.Context, c Choice) (Choice, error) {
	if c.Division == "" && c.Company == "" {
		return c, nil
	}
	edition, err := d.City.Current(ctx)
	if err != nil {
		return c, err
	}
	if _, err := edition.Places.Division(c.Division); err != nil {
		return c, ErrWish.With(wrongDivision)
	}
	if c.Company == "" {
		return c, nil
	}
	offer, ok := edition.Couriers.Offer(c.Company, c.Division)
	if !ok {
		return c, ErrCompanyArea
	}
	c.Fee = offer.Owed
	return c, nil
}

// chosen is the company that a parcel goes with: the office's own word, else
// the person's, else the only one whose couriers are at work. Errors:
// ErrCompany, ErrCompanyArea.
func (d *Desk) chosen(ctx context.Context, tx Tx, c Choice, named string) (string, error) {
	at, err := tx.Companies(ctx)
	if err != nil {
		return "", err
	}
	if named == "" {
		named = c.Company
	}
	if named == "" && len(at) == 1 {
		named = at[0]
	}
	edition, err := d.City.Current(ctx)
	if err != nil {
		return "", err
	}
	known, listed := edition.Couriers.Company(named)
	if listed && c.Division != "" {
		if _, ok := edition.Couriers.Offer(named, c.Division); !ok {
			return "", ErrCompanyArea
		}
	}
	switch {
	case slices.Contains(at, named), known.Via.Remote() && d.Remote[known.Via] != nil:
		return named, nil
	case len(at) == 0:
		return "", ErrCompany // it would leave the parcel where it is
	default:
		return "", ErrCompany.Saying("请从有快递员在岗的快递公司中选择一家：" + strings.Join(at, "、"))
	}
}

// remote says whether a company is told through its interface.
func (d *Desk) remote(ctx context.Context, company string) (bool, error) {
	edition, err := d.City.Current(ctx)
	if err != nil {
		return false, err
	}
	known, _ := edition.Couriers.Company(company)
	return known.Via.Remote() && d.Remote[known.Via] != nil, nil
}
