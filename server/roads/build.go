package roads

import (
	"context"
	"fmt"
	"io"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
)

// margin is how far around a city's offices its roads are read, in metres: the
// circle may bulge over the border.
const margin = 15_000

// Area is the box in which the roads for these offices are read.
func Area(offices []circle.Stop) circle.Box {
	var box circle.Box
	for _, o := range offices {
		box = box.With(o.At)
	}
	return box.Widen(margin)
}

// Survey tells what became of a file.
type Survey struct {
	Nodes, Ways, Restrictions int // in the city's area
	Skipped                   int // restrictions not understood
	Modes                     [len(circle.Modes)]road.Report
	Stranded                  []road.Stranded
}

// WriteTo tells the survey to a person.
func (s *Survey) WriteTo(w io.Writer) (int64, error) {
	n, err := fmt.Fprintf(w, "%d nodes, %d ways, %d turn restrictions (%d more by way of a way, left out)\n", s.Nodes, s.Ways, s.Restrictions, s.Skipped)
	total := int64(n)
	for by, r := range s.Modes {
		if err == nil && r.Parts > 0 {
			n, err = fmt.Fprintf(w, "%s: %d roads hang together, %.0f km counting each direction, %.1f %% of all; %d parts\n",
				circle.Mode(by), r.Edges, r.Metres/1000, 100*r.Kept, r.Parts)
			total += int64(n)
		}
	}
	for _, far := range s.Stranded {
		if err == nil {
			n, err = fmt.Fprintf(w, "%s is far from roads for %s (%s): check its position\n", far.Office.Code, far.By, offWords(far.Metres))
			total += int64(n)
		}
	}
	return total, err
}

func offWords(metres float64) string {
	if metres == 0 {
		return "over 2 km, left out"
	}
	return fmt.Sprintf("%.0f m", metres)
}

// Graphs makes a graph for each mode. Errors: those of road.NewGraph.
func (x *Extract) Graphs() (graphs road.Graphs, reports [len(circle.Modes)]road.Report, err error) {
	for _, by := range circle.Modes {
		if graphs[by], reports[by], err = road.NewGraph(x.Network(by)); err != nil {
			return graphs, reports, err
		}
	}
	return graphs, reports, nil
}

// Build makes the block of one city from an OpenStreetMap PBF file and the
// city's offices. It writes nothing. Errors: ErrFile, ErrCity,
// road.ErrNoRoads, road.ErrInPieces.
func Build(ctx context.Context, file io.ReadSeeker, offices []circle.Stop) (*road.Block, *Survey, error) {
	extract, err := Read(ctx, file, Area(offices))
	if err != nil {
		return nil, nil, err
	}
	survey := &Survey{
		Nodes: len(extract.Nodes), Ways: len(extract.Ways),
		Restrictions: len(extract.Restrictions), Skipped: extract.Skipped,
	}
	graphs, reports, err := extract.Graphs()
	survey.Modes = reports
	if err != nil {
		return nil, survey, err
	}
	block := road.NewBlock(graphs, offices)
	survey.Stranded = block.Stranded()
	return block, survey, ctx.Err()
}
