package exchange

import (
	"github.com/yimen-gov/yimen/pkg/catalog"
)

// Want is what an item can take from one base about its applicant.
type Want struct {
	Source    *catalog.Source
	Materials []*catalog.Material
	Fields    []catalog.Field
}

// whats are the wanted things as the base names them: material codes and columns.
func (w Want) whats() (list []string) {
	for _, m := range w.Materials {
		list = append(list, string(m.Code))
	}
	for _, f := range w.Fields {
		list = append(list, w.Source.Column(f))
	}
	return list
}

// Plan tells, base by base, what need not be asked of an item's applicant. No
// more is asked of a base than the item needs (个人信息保护法 Art. 6).
func Plan(c *catalog.Catalogue, item *catalog.Item) (list []Want) {
	for _, s := range c.Sources() {
		w := Want{Source: s}
		for _, r := range item.Requirements {
			if s.Vouches(r.Material) {
				w.Materials = append(w.Materials, r.Material)
			}
		}
		for _, f := range item.Fields {
			if s.Column(f) != "" {
				w.Fields = append(w.Fields, f)
			}
		}
		if len(w.Materials)+len(w.Fields) > 0 {
			list = append(list, w)
		}
	}
	return list
}
