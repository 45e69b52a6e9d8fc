package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"

	"github.com/yimen-gov/yimen/miniprogram-api/lite"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// firstPages is the page on which each role's day begins.
var firstPages = map[staff.Role]string{
	staff.VillageStaff: "/today", staff.WindowStaff: "/today", staff.Reviewer: "/cases", staff.OfficeManager: "/office", staff.Courier: "/run",
}

// postsMost is how many posts a kept demonstration shows.
const postsMost = 10

// keep leaves a demonstration running and says how to sign in to its pages,
// again whenever somebody presses Enter: codes are good for minutes.
func (in *instance) keep(ctx context.Context, address string, out io.Writer) error {
	fmt.Fprintf(out, "API    %s (docs at %s/docs)\nWeChat %s/sandbox/\nPages  %s%s/\n", address, address, in.playURL, address, lite.Root)
	if err := in.printCodes(ctx, address, out); err != nil {
		return err
	}
	again := make(chan struct{})
	go func() {
		for s := bufio.NewScanner(os.Stdin); s.Scan(); {
			again <- struct{}{}
		}
	}()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-again:
			if err := in.printCodes(ctx, address, out); err != nil {
				return err
			}
		}
	}
}

// printCodes makes a code for the pages for each post that is held.
func (in *instance) printCodes(ctx context.Context, address string, out io.Writer) error {
	list, err := in.gate().Members(ctx, "", postsMost)
	if err != nil {
		return err
	}
	for _, m := range list {
		first, ok := firstPages[m.Role]
		if !ok || !m.LeftAt.IsZero() {
			continue
		}
		code, _, err := in.rooms.door.NewPageCode(ctx, m.Account)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "  %-14s sign-in code %s  %s%s%s\n", m.Role, code, address, lite.Root, first)
	}
	fmt.Fprintln(out, "Each code is good once, for three minutes. Enter makes new ones, Ctrl-C ends it.")
	return nil
}
