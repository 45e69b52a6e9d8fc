package roads

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/storage/circlefile"
)

// Province is many cities side by side in one mapped index.
type Province struct {
	*Trial
	Cities int
}

// columns of cities, from west to east.
const columns = 8

// step is how far one city's corner is from the next, in degrees.
const step = 1.0

// NewProvince puts copies of a trial's city side by side, with cars only.
func (t *Trial) NewProvince(folder string, cities int) (*Province, error) {
	block := *t.Index.Blocks[0]
	block.Nets[circle.Walk], block.Nets[circle.EBike] = nil, nil
	p := &Province{&Trial{Name: "province", Path: filepath.Join(folder, "province.index")}, cities}
	index := &road.Index{Built: time.Now(), Source: t.Name}
	for i := range cities {
		lng, lat := p.corner(i)
		city := block.Shift(lng, lat, fmt.Sprintf("%02d-", i))
		index.Blocks = append(index.Blocks, city)
		p.Offices = append(p.Offices, city.Offices...)
	}
	began := time.Now()
	if err := circlefile.Replace(p.Path, index); err != nil {
		return nil, err
	}
	p.Built = time.Since(began)
	return p, p.open()
}

// corner is how far a city lies from the first one.
func (p *Province) corner(city int) (lng, lat float64) {
	return -step * float64(city%columns), -step * float64(city/columns)
}

// In moves positions of the first city into another one.
func (p *Province) In(city int, positions []place.Position) []place.Position {
	lng, lat := p.corner(city)
	moved := make([]place.Position, len(positions))
	for i, at := range positions {
		moved[i] = place.Position{Lng: at.Lng + lng, Lat: at.Lat + lat}
	}
	return moved
}

// Everywhere spreads positions of the first city over all of them.
func (p *Province) Everywhere(positions []place.Position) []place.Position {
	moved := make([]place.Position, len(positions))
	for i, at := range positions {
		moved[i] = p.In(i*7919%p.Cities, []place.Position{at})[0]
	}
	return moved
}

// ResidentFile is how much of the mapped files is in this process's memory, in
// bytes; 0 where the system does not tell.
func ResidentFile() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "RssFile:"); ok {
			kb, _ := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			return kb << 10
		}
	}
	return 0
}
