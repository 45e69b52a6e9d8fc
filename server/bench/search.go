package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/catalog"
)

// search measures the catalogue's search in process.
func search(ctx context.Context, r *Report) error {
	sample, err := catalog.Read(foshan.Files)
	if err != nil {
		return err
	}
	items := 20_000
	if r.Quick {
		items = 1_000
	}
	large, err := metropolis(sample, items)
	if err != nil {
		return err
	}
	queries := typed(sample)
	return errors.Join(
		searchFigures(ctx, r, sample, queries),
		searchFigures(ctx, r, large, queries),
	)
}

// searchFigures takes each query's median of some searches, so that what else
// the machine does is not taken for the search's own time; the percentiles are
// over the queries.
func searchFigures(ctx context.Context, r *Report, c *catalog.Catalogue, queries []string) error {
	took := make([][]float64, len(queries))
	for end := time.Now().Add(r.Length); ctx.Err() == nil; {
		for i, q := range queries {
			start := time.Now()
			c.Search(q, 20)
			took[i] = append(took[i], float64(time.Since(start)))
		}
		if time.Now().After(end) && len(took[0]) >= 5 {
			break
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	typical := make([]time.Duration, len(queries))
	for i, t := range took {
		typical[i] = time.Duration(median(t))
	}
	slices.Sort(typical)
	what := fmt.Sprintf("search in %d items, %d queries, ", len(c.Items()), len(queries))
	return errors.Join(
		r.Tell(what+"p50", milliseconds(percentile(typical, 0.50)), "ms"),
		r.Under(what+"p99", milliseconds(percentile(typical, 0.99)), "ms", 1),
	)
}

// typed are the queries as the search sees them: the asked ones and every item's
// first keyword, character by character as somebody types them.
func typed(c *catalog.Catalogue) (queries []string) {
	whole := slices.Clone(asked)
	for _, item := range c.Items() {
		whole = append(whole, item.Keywords[:min(1, len(item.Keywords))]...)
	}
	for _, query := range whole {
		for at := range query {
			if at > 0 {
				queries = append(queries, query[:at])
			}
		}
		queries = append(queries, query)
	}
	slices.Sort(queries)
	return slices.Compact(queries)
}

// metropolis grows the sample to a number of items: each of its items again and
// again, with a word of another one mixed in, so that names differ while words
// keep their frequency.
func metropolis(sample *catalog.Catalogue, items int) (*catalog.Catalogue, error) {
	dir, err := os.MkdirTemp("", "yimen-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, foshan.Files); err != nil {
		return nil, err
	}
	rows, requirements := &strings.Builder{}, &strings.Builder{}
	known, dice := sample.Items(), rand.New(rand.NewPCG(1, 2))
	for n := len(known); n < items; n++ {
		growItem(rows, requirements, n, known[n%len(known)], known[dice.IntN(len(known))])
	}
	err = errors.Join(
		appendTo(filepath.Join(dir, "catalogue", "items.csv"), rows.String()),
		appendTo(filepath.Join(dir, "catalogue", "item_materials.csv"), requirements.String()),
	)
	if err != nil {
		return nil, err
	}
	return catalog.Read(os.DirFS(dir))
}

func growItem(rows, requirements *strings.Builder, n int, a, b *catalog.Item) {
	code := fmt.Sprintf("XX-%05d", n)
	other := []rune(b.Name)
	keywords := append(slices.Clone(a.Keywords), b.Keywords[0]+string([]rune("甲乙丙丁")[n%4]))
	fmt.Fprintf(rows, "%s,%s%s%d,,%s,%s,%s,general,,10,district,district,true,true,true,false,false,0,%s,none,3,10,1,,%s\n",
		code, a.Name, string(other[:min(4, len(other))]), n, a.Department.Code, a.Category, a.Subject, a.ResultName,
		strings.Join(keywords, "|"))
	for _, r := range a.Requirements {
		fmt.Fprintf(requirements, "%s,%s,true,%d,,,false\n", code, r.Material.Code, r.Copies)
	}
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
