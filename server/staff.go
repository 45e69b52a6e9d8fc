package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/alecthomas/kong"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

type staffCmd struct {
	Invite    inviteCmd    `cmd:"" help:"Make an invitation; its code is shown once."`
	List      membersCmd   `cmd:"" help:"List the posts, newest first."`
	Leave     leaveCmd     `cmd:"" help:"End a post: its holder is signed out at once."`
	ResetCode resetCodeCmd `cmd:"" help:"Let somebody who has lost the authenticator enrol again."`
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
	post := staff.Member{
		Role: staff.Role(i.Role), Name: name, Office: place.OfficeCode(i.Office),
		Department: catalog.DepartmentCode(i.Department), Company: i.Company,
	}
	return withGate(c, func(ctx context.Context, gate *staff.Gate) error {
		code, err := gate.Invite(ctx, post, i.Life)
		if err != nil {
			return inFull(err)
		}
		fmt.Fprintln(s.out, code)
		return nil
	})
}

// inFull names every wrong part on the command line, where no problem with
// fields can be shown.
func inFull(err error) error {
	for _, f := range fault.From(err).Fields {
		err = fmt.Errorf("%w\n  %s: %s", err, strings.TrimPrefix(f.Path, "body."), f.Text)
	}
	return err
}

// withGate lets a command act on posts, beside a running service or without one.
func withGate(c *Config, do func(context.Context, *staff.Gate) error) error {
	db, err := openStore(c)
	if err != nil {
		return err
	}
	defer db.Close()
	shelf := sqlstore.NewShelf(db)
	if _, err := shelf.Current(context.Background()); err != nil {
		return fmt.Errorf("no city is loaded yet: start the server once, or import one: %w", err)
	}
	return do(context.Background(), &staff.Gate{
		Store: sqlstore.For[staff.Tx](db), City: shelf, Now: time.Now, NewID: newID, Random: rand.Reader,
	})
}

type membersCmd struct {
	All bool `help:"Posts that were left as well."`
}

// membersMost bounds what one command prints.
const membersMost = 10_000

// Run prints the posts.
func (m membersCmd) Run(c *Config, s streams, _ *kong.Application) error {
	return withGate(c, func(ctx context.Context, gate *staff.Gate) error {
		list, err := gate.Members(ctx, "", membersMost)
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(s.out, 0, 8, 2, ' ', 0)
		for _, p := range list {
			if p.LeftAt.IsZero() || m.All {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s%s\t%s\t%s\n", p.ID, p.Role, p.Name, p.Office, p.Company, p.Department, held(p))
			}
		}
		return w.Flush()
	})
}

func held(m staff.Member) string {
	if m.LeftAt.IsZero() {
		return "held"
	}
	return "left " + workday.DateOf(m.LeftAt).String()
}

type leaveCmd struct {
	ID string `arg:"" help:"The post, as staff list prints it."`
}

// Run ends a post.
func (l leaveCmd) Run(c *Config, s streams, _ *kong.Application) error {
	return withGate(c, func(ctx context.Context, gate *staff.Gate) error {
		m, err := gate.Leave(ctx, "", staff.ID(l.ID))
		if err == nil {
			fmt.Fprintf(s.out, "%s %s has left\n", m.Role, m.Name)
		}
		return err
	})
}

type resetCodeCmd struct {
	ID string `arg:"" help:"The post, as staff list prints it."`
}

// Run forgets a second factor.
func (r resetCodeCmd) Run(c *Config, s streams, _ *kong.Application) error {
	return withGate(c, func(ctx context.Context, gate *staff.Gate) error {
		m, err := gate.ResetFactor(ctx, staff.ID(r.ID))
		if err == nil {
			fmt.Fprintf(s.out, "%s %s may enrol again\n", m.Role, m.Name)
		}
		return err
	})
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
