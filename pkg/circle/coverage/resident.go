package coverage

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// Resident is a point of a population grid: how many people live there.
type Resident struct {
	At     place.Position
	People float64
}

// ErrResidents: a population grid cannot be read. Its fields say where.
var ErrResidents = fault.New(fault.Invalid, "circle.population_grid", "人口网格文件有误：应为 CSV，表头含 lng、lat、people（WGS-84 坐标），请按提示改正")

// ReadResidents reads a CSV with the columns lng, lat (WGS-84) and people, in
// any order and among others. Errors: ErrResidents.
func ReadResidents(file io.Reader) ([]Resident, error) {
	table := csv.NewReader(file)
	table.ReuseRecord = true
	header, err := table.Read()
	if err != nil {
		return nil, ErrResidents.Because(err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff") // as spreadsheets write it
	var columns [3]int
	for i, name := range [...]string{"lng", "lat", "people"} {
		if columns[i] = slices.Index(header, name); columns[i] < 0 {
			return nil, ErrResidents.With(fault.Field{Path: "header", Text: "缺少列 " + name})
		}
	}
	var residents []Resident
	for {
		row, err := table.Read()
		if errors.Is(err, io.EOF) {
			return residents, nil
		}
		if err != nil {
			return nil, ErrResidents.Because(err)
		}
		r, err := readResident(row, columns)
		if err != nil {
			line, _ := table.FieldPos(0)
			return nil, ErrResidents.With(fault.Field{Path: "row", Text: fmt.Sprintf("第 %d 行：%v", line, err)})
		}
		residents = append(residents, r)
	}
}

func readResident(row []string, columns [3]int) (Resident, error) {
	var v [3]float64
	for i, most := range [...]float64{180, 90, 1e7} {
		n, err := strconv.ParseFloat(row[columns[i]], 64)
		if err != nil || !(math.Abs(n) <= most) || i == 2 && n < 0 {
			return Resident{}, fmt.Errorf("数值有误：%q", row[columns[i]])
		}
		v[i] = n
	}
	return Resident{At: place.Position{Lng: v[0], Lat: v[1]}, People: v[2]}, nil
}
