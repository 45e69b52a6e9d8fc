package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/alecthomas/kong"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

type staffCmd struct {
	Invite inviteCmd `cmd:"" help:"Make an invitation; its code is shown once."`
}

type inviteCmd struct {
	Role       string        `required:"" enum:"courier,village_staff,window_staff,reviewer,office_manager,auditor,administrator" help:"courier, village_staff, window_staff, reviewer, office_manager, auditor or administrator."`
	Name       string        `required:"" help:"The person's name."`
	Office     string        `help:"Office code; for everybody who works at one."`
	Department string        `help:"Department code; for reviewers."`
	Company    string        `help:"Courier company; for couriers."`
	Life       time.Duration `default:"72h" help:"How long the invitation is good for."`
}

// Run makes one invitation.
func (i inviteCmd) Run(c *Config, s streams, _ *kong.Application) error {
	name, err := citizen.ParseName(i.Name)
	if err != nil {
		return err
	}
	db, err := openStore(c)
	if err != nil {
		return err
	}
	defer db.Close()
	post := staff.Member{
		Role: staff.Role(i.Role), Name: name, Office: place.OfficeCode(i.Office),
		Department: catalog.DepartmentCode(i.Department), Company: i.Company,
	}
	if err := known(context.Background(), db, post); err != nil {
		return err
	}
	gate := &staff.Gate{Store: sqlstore.For[staff.Tx](db), Now: time.Now, NewID: newID, Random: rand.Reader}
	code, err := gate.Invite(context.Background(), post, i.Life)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, code)
	return nil
}

// known checks that the city has the office and the department.
func known(ctx context.Context, db *sqlstore.DB, post staff.Member) error {
	e, err := sqlstore.NewShelf(db).Current(ctx)
	if err != nil {
		return fmt.Errorf("no city is loaded yet: start the server once, or import one: %w", err)
	}
	if post.Office != "" {
		if _, err := e.Places.Office(post.Office); err != nil {
			return err
		}
	}
	if post.Department != "" {
		if _, err := e.Catalogue.Department(post.Department); err != nil {
			return err
		}
	}
	return nil
}

type rolesCmd struct{}

// Run prints the table of roles.
func (rolesCmd) Run(_ *Config, s streams, _ *kong.Application) error {
	w := tabwriter.NewWriter(s.out, 0, 8, 2, ' ', 0)
	var ids []string
	for id := range staff.Table {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		for _, g := range staff.Table[id] {
			fmt.Fprintf(w, "%s\t%s\t%s\n", id, g.Role, g.Whose)
		}
	}
	return w.Flush()
}
