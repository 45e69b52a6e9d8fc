package catalog_test

import (
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/deploy/foshan"
	"github.com/yimen-gov/yimen/pkg/catalog"
)

// metropolis is the sample grown to 20,000 items: each of its items again and
// again, with a word of another item's name and keywords mixed in, so that names
// differ but words keep their frequency.
func metropolis(t testing.TB) *catalog.Catalogue {
	files := fstest.MapFS{}
	for _, name := range catalog.Files() {
		data, err := fs.ReadFile(foshan.Files, name)
		require.NoError(t, err)
		files[name] = &fstest.MapFile{Data: data}
	}
	c := sample(t)
	items := c.Items()
	dice := rand.New(rand.NewPCG(1, 2))
	rows, requirements := &strings.Builder{}, &strings.Builder{}
	for n := len(items); n < 20_000; n++ {
		growItem(rows, requirements, n, items[n%len(items)], items[dice.IntN(len(items))])
	}
	files["catalogue/items.csv"].Data = append(files["catalogue/items.csv"].Data, rows.String()...)
	files["catalogue/item_materials.csv"].Data = append(files["catalogue/item_materials.csv"].Data, requirements.String()...)
	grown, err := catalog.Read(files)
	require.NoError(t, err)
	require.Len(t, grown.Items(), 20_000)
	return grown
}

func growItem(rows, requirements *strings.Builder, n int, a, b *catalog.Item) {
	code := fmt.Sprintf("XX-%05d", n)
	name := []rune(b.Name)
	fmt.Fprintf(rows, "%s,%s%s%d,,%s,%s,%s,general,,10,district,district,true,true,true,false,false,0,%s,none,3,10,1,,%s|%s\n",
		code, a.Name, string(name[:min(4, len(name))]), n, a.Department.Code, a.Category, a.Subject, a.ResultName,
		strings.Join(a.Keywords, "|"), b.Keywords[0]+"甲乙丙丁"[n%4*3:n%4*3+3])
	for _, r := range a.Requirements {
		fmt.Fprintf(requirements, "%s,%s,true,%d,,,false\n", code, r.Material.Code, r.Copies)
	}
}

// typed are queries as they come: the known ones, their beginnings as a person
// types them, and nonsense.
func typed() (queries []string) {
	for _, query := range slices.Sorted(maps.Keys(words())) {
		runes := []rune(query)
		for n := 1; n <= len(runes); n++ {
			queries = append(queries, string(runes[:n]))
		}
	}
	return append(queries, nonsense...)
}

// p99 gives how long the 99th of a hundred searches takes.
func p99(c *catalog.Catalogue, queries []string) time.Duration {
	took := make([]time.Duration, 0, len(queries))
	for _, q := range queries {
		start := time.Now()
		c.Search(q, 20)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	return took[len(took)*99/100]
}

// TestSearchStaysFast allows the promised millisecond twenty times over, and the
// best of three, for a loaded machine; the benchmark tells the true figure.
func TestSearchStaysFast(t *testing.T) {
	for name, c := range map[string]*catalog.Catalogue{"290": sample(t), "20,000": metropolis(t)} {
		queries := typed()
		best := min(p99(c, queries), p99(c, queries), p99(c, queries))
		require.Less(t, best, 20*time.Millisecond, name)
	}
}

func BenchmarkSearch(b *testing.B) {
	for name, c := range map[string]*catalog.Catalogue{"items=290": sample(b), "items=20000": metropolis(b)} {
		queries := typed()
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				c.Search(queries[i%len(queries)], 20)
			}
			p := min(p99(c, queries), p99(c, queries), p99(c, queries))
			b.ReportMetric(float64(p.Microseconds()), "p99-µs")
		})
	}
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		sample(b)
	}
	c := sample(b)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	kept := sample(b)
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-kept")
	runtime.KeepAlive([]any{c, kept})
}
