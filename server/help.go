package main

import (
	"fmt"
	"reflect"
	"strings"
	"text/tabwriter"

	"github.com/alecthomas/kong"

	"github.com/yimen-gov/yimen/server/meter"
)

type helpCmd struct {
	Topic string `arg:"" optional:"" enum:"config,commands" default:"commands" help:"config or commands."`
}

// Run explains the settings or points at the commands.
func (h helpCmd) Run(_ *Config, s streams, app *kong.Application) error {
	w := tabwriter.NewWriter(s.out, 0, 8, 2, ' ', 0)
	if h.Topic == "config" {
		settings(w)
		return w.Flush()
	}
	for _, c := range app.Children {
		fmt.Fprintf(w, "server %s\t%s\n", c.Name, c.Help)
	}
	fmt.Fprintf(w, "server COMMAND --help\tflags of a command\n")
	return w.Flush()
}

// settings lists every setting as variable, flag, default and meaning.
func settings(w *tabwriter.Writer) {
	fmt.Fprintf(w, "VARIABLE\tFLAG\tDEFAULT\tMEANING\n")
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		f := t.Field(i)
		fmt.Fprintf(w, "%s\t--%s\t%s\t%s\n", f.Tag.Get("env"), flagName(f), f.Tag.Get("default"), f.Tag.Get("help"))
	}
	for _, v := range variables {
		fmt.Fprintf(w, "%s\t\t\t%s\n", v.name, v.help)
	}
}

// variables are the settings that no flag holds: secrets, which a list of
// processes would show, and what a library reads by itself.
var variables = []struct{ name, help string }{
	{accessKeyVariable, "Access key of the S3 store that YIMEN_FILES names."},
	{secretKeyVariable, "Secret key of the S3 store that YIMEN_FILES names."},
	{backupVariable, "Keys of server backup: public ones (age1…), comma separated, to make backups, the secret one to bring them back."},
	{meter.TraceVariable, "Collector of OpenTelemetry, such as http://127.0.0.1:4318: turns traces on. OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG hold as well."},
}

func flagName(f reflect.StructField) string {
	if name := f.Tag.Get("name"); name != "" {
		return name
	}
	return strings.ToLower(kebab(f.Name))
}

// kebab writes PopulationURL as Population-URL.
func kebab(name string) string {
	var b strings.Builder
	for i, r := range name {
		upper := r >= 'A' && r <= 'Z'
		if i > 0 && upper && name[i-1] >= 'a' && name[i-1] <= 'z' {
			b.WriteByte('-')
		}
		b.WriteRune(r)
	}
	return b.String()
}
