// Command server is Yimen: the backend of a city's one-stop service
// mini-program, with everything that it needs to be tried, run and measured.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"
)

// version is set by the release build.
var version = "0.1.0-dev"

// cli is the command line. Every setting is a flag and an environment variable.
type cli struct {
	Config `embed:""`

	Serve          serveCmd          `cmd:"" default:"1" help:"Run the service (the default)."`
	Demo           demoCmd           `cmd:"" help:"Play a citizen, a clerk, a reviewer and a courier through the whole journey over HTTP."`
	Import         importCmd         `cmd:"" help:"Load a city's offices, divisions and catalogue as a new edition."`
	ImportCalendar importCalendarCmd `cmd:"" name:"import-calendar" help:"Take over a year's arrangement of holidays and make-up days; list the appointments that it hits."`
	Circle         circleCmd         `cmd:"" help:"The 15-minute service circle: build the road index, tell how the city is covered."`
	Staff          staffCmd          `cmd:"" help:"Invite staff and couriers."`
	KeyRing        keysCmd           `cmd:"" name:"keys" help:"Rotate and retire the keys that seal personal data."`
	WechatSandbox  sandboxCmd        `cmd:"" name:"wechat-sandbox" help:"Run the local WeChat alone, with a page to pick a person on."`
	HubSandbox     hubSandboxCmd     `cmd:"" name:"hub-sandbox" help:"Run the local data hub alone; it holds some persons and firms of the sample."`
	Roles          rolesCmd          `cmd:"" help:"Print who may call what."`
	Migrate        migrateCmd        `cmd:"" help:"The database's schema: what it has, what this binary knows."`
	Jobs           jobsCmd           `cmd:"" help:"Background jobs and messages that are not done."`
	Database       dbCmd             `cmd:"" name:"db" help:"Move the city from the embedded database to PostgreSQL."`
	Backup         backupCmd         `cmd:"" help:"Write everything into one encrypted file while the service runs."`
	Restore        restoreCmd        `cmd:"" help:"Bring a backup back into an empty database and store."`
	Files          filesCmd          `cmd:"" help:"Move the stored files to another place."`
	Ready          readyCmd          `cmd:"" help:"Ask the service at YIMEN_ADDR whether it is ready."`
	Ledger         ledgerCmd         `cmd:"" help:"Verify proofs, and audit what is recorded."`
	Bench          benchCmd          `cmd:"" help:"Measure; one JSON line a figure."`
	Soak           soakCmd           `cmd:"" help:"Use a server hard for as long as one likes, break it, and judge what it answered."`
	Help           helpCmd           `cmd:"" help:"Explain: help config lists every setting."`
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// streams are where a command writes.
type streams struct{ out, err io.Writer }

// run executes one command line and returns the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	var c cli
	exited := -1
	parser, err := kong.New(&c, kong.Name("server"), kong.Writers(stdout, stderr),
		kong.Description("Yimen 一门: one door to a city's government services."),
		kong.Exit(func(code int) { exited = code }), kong.Bind(&c))
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 2
	}
	k, err := parser.Parse(args)
	if exited >= 0 {
		return exited // --help
	}
	if err != nil {
		fmt.Fprintf(stderr, "server: %v\nTry: server --help\n", err)
		return 2
	}
	if err := k.Run(&c.Config, streams{stdout, stderr}, parser.Model); err != nil {
		fmt.Fprintf(stderr, "server: %v\n", err)
		return 1
	}
	return 0
}
