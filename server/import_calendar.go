package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/alecthomas/kong"

	"github.com/yimen-gov/yimen/pkg/appointment"
	"github.com/yimen-gov/yimen/pkg/sheet"
	"github.com/yimen-gov/yimen/pkg/workday"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

type importCalendarCmd struct {
	File string `arg:"" placeholder:"CSV" help:"An arrangement of holidays: columns date, kind (holiday, makeup, workday, weekend), name."`
}

// Run takes over a year's arrangement of holidays, or prints every fault and
// takes over nothing. It lists the appointments that a new holiday hits; their
// people are told. A running service follows within a second.
func (i importCalendarCmd) Run(c *Config, s streams, _ *kong.Application) error {
	dir, name := filepath.Split(i.File)
	book := sheet.Open(os.DirFS(filepath.Clean(dir + ".")))
	entries := workday.ReadEntries(book, name)
	if faults, ok := errors.AsType[sheet.Faults](book.Err()); ok {
		fmt.Fprintln(s.err, faults.Error())
		return fmt.Errorf("%d faults in %s, nothing was taken over", len(faults), i.File)
	}
	if err := book.Err(); err != nil {
		return err
	}
	db, err := openStore(c)
	if err != nil {
		return err
	}
	defer db.Close()
	hit, err := calendarDesk(db).Arrange(context.Background(), entries)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%d days taken over; %d appointments hit, their people are told\n", len(entries), len(hit))
	for _, a := range hit {
		fmt.Fprintf(s.out, "%s\t%s\t%s\t%s\n", a.ID, a.Office, a.Item, a.StartsAt.In(workday.Zone).Format("2006-01-02 15:04"))
	}
	return nil
}

func calendarDesk(db *sqlstore.DB) *appointment.Desk {
	return &appointment.Desk{
		Store: sqlstore.For[appointment.Tx](db), City: sqlstore.NewShelf(db), Calendar: workday.NewCalendar(),
		Now: time.Now, NewID: newID, Random: rand.Reader, Rules: appointment.DefaultRules(),
	}
}
