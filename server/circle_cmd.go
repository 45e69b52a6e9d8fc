package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/coverage"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/server/roads"
	"github.com/yimen-gov/yimen/storage/circlefile"
)

type circleCmd struct {
	Build    circleBuildCmd    `cmd:"" help:"Make the road index of a city from an OpenStreetMap PBF file."`
	Renew    circleRenewCmd    `cmd:"" help:"Bring the offices of the road index up to date, on the roads that it has."`
	Coverage circleCoverageCmd `cmd:"" help:"Tell how well a city is covered: shares, farthest places, what one more office gains."`
}

// cityFlag names a city's folder.
type cityFlag struct {
	City string `placeholder:"DIR" help:"Folder with the city's sheets; the sample city unless given."`
}

func (f cityFlag) read() (*city.Edition, error) {
	files := fs.FS(foshan.Files)
	if f.City != "" {
		files = os.DirFS(f.City)
	}
	return city.Read(files)
}

type circleBuildCmd struct {
	cityFlag `embed:""`
	PBF      string `name:"pbf" required:"" type:"existingfile" placeholder:"FILE" help:"OpenStreetMap extract that covers the city."`
}

// Run builds the index. Whatever goes wrong, the old one stays.
func (b circleBuildCmd) Run(c *Config, s streams) error {
	edition, err := b.read()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	began := time.Now()
	survey, err := roads.BuildFile(ctx, b.PBF, c.roads(), roads.Stops(edition.Places), began)
	if survey != nil {
		survey.WriteTo(s.out)
	}
	if err != nil {
		return explained(err)
	}
	fmt.Fprintf(s.out, "%s: %d offices, made in %.1f s\n%s\n", c.roads(), len(edition.Places.Offices()), time.Since(began).Seconds(), road.Attribution)
	return nil
}

type circleRenewCmd struct {
	cityFlag `embed:""`
}

// Run renews the offices of the index.
func (r circleRenewCmd) Run(c *Config, s streams) error {
	edition, err := r.read()
	if err != nil {
		return err
	}
	if err := roads.RenewFile(c.roads(), roads.Stops(edition.Places), time.Now()); err != nil {
		return explained(err)
	}
	fmt.Fprintf(s.out, "%s: %d offices\n", c.roads(), len(edition.Places.Offices()))
	return nil
}

type circleCoverageCmd struct {
	cityFlag   `embed:""`
	Item       string `required:"" help:"Code of the item."`
	Mode       string `default:"walk" help:"walk, ebike or car."`
	Population string `type:"existingfile" placeholder:"FILE" help:"Population grid: CSV with lng, lat (WGS-84) and people."`
	GeoJSON    string `name:"geojson" placeholder:"FILE" help:"Write the isochrones there."`
	Map        string `placeholder:"FILE" help:"Write the wall map there, one HTML page."`
}

// Run prints the shares and writes the files asked for.
func (v circleCoverageCmd) Run(c *Config, s streams) error {
	report, err := v.report(c)
	if err != nil {
		return explained(err)
	}
	report.WriteText(s.out)
	if err := writeFile(v.GeoJSON, report.WriteGeoJSON); err != nil {
		return err
	}
	return writeFile(v.Map, report.WriteMap)
}

func (v circleCoverageCmd) report(c *Config) (*coverage.Report, error) {
	edition, err := v.read()
	if err != nil {
		return nil, err
	}
	item, err := edition.Catalogue.Item(catalog.ItemCode(v.Item))
	if err != nil {
		return nil, err
	}
	plan := coverage.Plan{
		Title: coverage.Title(edition.Places, item.Name), Places: edition.Places, Made: time.Now(),
		Takes: func(o *place.Office) bool { return edition.Takes(item, o, "") },
	}
	if plan.By, err = circle.ParseMode(v.Mode); err != nil {
		return nil, err
	}
	if plan.Residents, err = (&populationGrid{path: cmp.Or(v.Population, c.PopulationGrid)}).read(); err != nil {
		return nil, err
	}
	plan.Index, err = circlefile.Open(c.roads())
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	return plan.Make()
}

func writeFile(path string, write func(io.Writer) error) error {
	if path == "" {
		return nil
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	err = write(file)
	return cmp.Or(err, file.Close())
}

// explained adds what to do next to a fault, which for itself tells its code only.
func explained(err error) error {
	f := fault.From(err)
	if f.Code == fault.ErrInternal.Code {
		return err
	}
	lines := []string{f.Text}
	for _, field := range f.Fields {
		lines = append(lines, field.Path+": "+field.Text)
	}
	return fmt.Errorf("%s\n%w", strings.Join(lines, "\n"), err)
}
