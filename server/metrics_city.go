package main

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/server/meter"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// officesMost bounds how many offices have figures of their own; the others
// are one line together.
const officesMost = 200

// The times that figures look back on.
const (
	month   = 30 * 24 * time.Hour
	quarter = 90 * 24 * time.Hour
)

// tellCity reckons the city's figures and shows them. The instance that leads
// does it, every few minutes: a scrape never asks the database.
func (in *instance) tellCity(ctx context.Context) error {
	now := in.now()
	queues, err := in.db.QueueFigures(ctx, workday.DateOf(now))
	if err != nil {
		return err
	}
	decided, err := in.db.DecidedFigures(ctx, now.Add(-month))
	if err != nil {
		return err
	}
	tolerances, err := in.db.ToleranceFigures(ctx, now.Add(-quarter))
	if err != nil {
		return err
	}
	parcels, err := in.db.DeliveryFigures(ctx, now.Add(-month))
	if err != nil {
		return err
	}
	told := []meter.Figure{{Name: meter.FiguresReckoned, Value: float64(now.Unix())}}
	waiting, called := split(queues, func(t sqlstore.Tally) bool { return t.How == "waiting" })
	told = append(told, byOffice(meter.QueueWaiting, "", waiting)...)
	told = append(told, byOffice("", meter.QueueWait, called)...)
	told = append(told, byOffice(meter.CasesDecided, meter.CasesOnTime, decided)...)
	told = append(told, byOffice(meter.TolerancesAt, "", tolerances)...)
	told = append(told, byState(tolerances)...)
	told = append(told, byCompany(parcels)...)
	in.meter.Tell("city", told, 3*figuresEvery)
	return nil
}

// byOffice shows counts and means of the busiest offices, and of all others
// as one. The name "" leaves a figure out.
func byOffice(count, mean string, list []sqlstore.Tally) (told []meter.Figure) {
	offices := merged(list, func(t sqlstore.Tally) string { return t.Of })
	slices.SortFunc(offices, func(a, b sqlstore.Tally) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Of, b.Of))
	})
	if len(offices) > officesMost {
		rest := merged(offices[officesMost:], func(sqlstore.Tally) string { return "other" })
		offices = append(offices[:officesMost:officesMost], rest...)
	}
	for _, t := range offices {
		if count != "" {
			told = append(told, meter.Figure{Name: count, Labels: []string{t.Of}, Value: float64(t.Count)})
		}
		if mean != "" {
			told = append(told, meter.Figure{Name: mean, Labels: []string{t.Of}, Value: t.Mean})
		}
	}
	return told
}

func byState(list []sqlstore.Tally) (told []meter.Figure) {
	for _, t := range merged(list, func(t sqlstore.Tally) string { return t.How }) {
		told = append(told, meter.Figure{Name: meter.Tolerances, Labels: []string{t.Of}, Value: float64(t.Count)})
	}
	return told
}

func byCompany(list []sqlstore.Tally) (told []meter.Figure) {
	for _, t := range list {
		told = append(told, meter.Figure{Name: meter.Deliveries, Labels: []string{t.Of, t.How}, Value: float64(t.Count)})
		if t.How == "delivered" {
			told = append(told, meter.Figure{Name: meter.DeliveryTime, Labels: []string{t.Of}, Value: t.Mean})
		}
	}
	return told
}

// merged adds up those of one name: counts are added, means weighed by them.
func merged(list []sqlstore.Tally, name func(sqlstore.Tally) string) (sums []sqlstore.Tally) {
	for _, t := range list {
		at := slices.IndexFunc(sums, func(s sqlstore.Tally) bool { return s.Of == name(t) })
		if at < 0 {
			sums = append(sums, sqlstore.Tally{Of: name(t)})
			at = len(sums) - 1
		}
		s := &sums[at]
		if n := s.Count + t.Count; n > 0 {
			s.Mean = (s.Mean*float64(s.Count) + t.Mean*float64(t.Count)) / float64(n)
		}
		s.Count += t.Count
	}
	return sums
}

func split(list []sqlstore.Tally, first func(sqlstore.Tally) bool) (a, b []sqlstore.Tally) {
	for _, t := range list {
		if first(t) {
			a = append(a, t)
		} else {
			b = append(b, t)
		}
	}
	return a, b
}
