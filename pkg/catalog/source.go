package catalog

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/sheet"
)

const sourcesFile = "catalogue/sources.csv"

// Source is a shared base (共享数据源) that can be asked about an applicant, and
// what of the applicant's own it may tell: a base that also knows others
// (children, the dead, a seller) is not asked for those here.
type Source struct {
	Name       string // as materials and fields name it, such as 商事登记库
	Department *Department
	Basis      string        // the law that lets it be asked
	Consent    bool          // sensitive: only with the person's separate consent (个人信息保护法 Art. 29)
	Keep       time.Duration // how long an answer of it holds at most
	Materials  []MaterialCode
	Columns    []string
}

// Source gives the base of a name; ok is false where it cannot be asked.
func (c *Catalogue) Source(name string) (s *Source, ok bool) {
	s, ok = c.sources[name]
	return s, ok
}

// Sources gives all bases that can be asked, by name.
func (c *Catalogue) Sources() []*Source {
	list := make([]*Source, 0, len(c.sources))
	for _, s := range c.sources {
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b *Source) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// Vouches says whether the base may tell of a material of the applicant's own.
func (s *Source) Vouches(m *Material) bool {
	return m.ReusableFrom == s.Name && slices.Contains(s.Materials, m.Code)
}

// Column is the column of the base that fills a field of the applicant's own,
// "" where none does.
func (s *Source) Column(f Field) string {
	base, column, _ := strings.Cut(f.Autofill, ".")
	if base != s.Name || !slices.Contains(s.Columns, column) {
		return ""
	}
	return column
}

// readSources reads the bases. The sheet may be left out: then none is asked.
func readSources(book *sheet.Book, departments map[DepartmentCode]*Department, materials map[MaterialCode]*Material, fields map[string]Field) map[string]*Source {
	list := map[string]*Source{}
	if !book.Has(sourcesFile) {
		return list
	}
	for _, row := range book.Table(sourcesFile, "source", "department", "basis", "consent", "keep_hours", "materials", "columns").Rows {
		s := &Source{Name: row.Need("source"), Basis: row.Need("basis"), Consent: row.Bool("consent"), Columns: row.List("columns")}
		s.Keep = time.Duration(row.Int("keep_hours", 1, 24*366)) * time.Hour
		s.Department, _ = sheet.Ref(row, "department", departments)
		for _, code := range row.List("materials") {
			s.Materials = append(s.Materials, MaterialCode(code))
		}
		if row.Unique("source") && row.Sound() && s.known(row, materials, fields) {
			list[s.Name] = s
		}
	}
	return list
}

// known notes what no material or field takes from the base, as far as the
// sheets of materials and fields could be read.
func (s *Source) known(row *sheet.Row, materials map[MaterialCode]*Material, fields map[string]Field) bool {
	for _, code := range s.Materials {
		if m, ok := materials[code]; len(materials) > 0 && (!ok || m.ReusableFrom != s.Name) {
			row.Fault("materials", "材料 %s 的 reusable_from 不是这个库", string(code))
		}
	}
	taken := map[string]bool{}
	for _, f := range fields {
		taken[f.Autofill] = true
	}
	for _, column := range s.Columns {
		if len(fields) > 0 && !taken[s.Name+"."+column] {
			row.Fault("columns", "没有表单字段取自 %s", s.Name+"."+column)
		}
	}
	return row.Sound()
}
