package catalog

import "github.com/yimen-gov/yimen/pkg/sheet"

// LifeStageCode is the key of a life stage.
type LifeStageCode string

// LifeStage is a part of a life, with the items that belong to it (人生阶段).
type LifeStage struct {
	Code  LifeStageCode
	Name  string
	Order int     // from 1
	Items []*Item // in the order of the catalogue
}

const (
	lifeStagesFile     = "catalogue/life_stages.csv"
	lifeStageItemsFile = "catalogue/life_stage_items.csv"
)

func readLifeStages(book *sheet.Book, items map[ItemCode]*Item) map[LifeStageCode]*LifeStage {
	all := map[LifeStageCode]*LifeStage{}
	for _, row := range book.Table(lifeStagesFile, "code", "name", "order").Rows {
		s := &LifeStage{
			Code:  LifeStageCode(row.Code("code")),
			Name:  row.Need("name"),
			Order: row.Int("order", 1, 1000),
		}
		if row.Unique("code") && s.Code != "" {
			all[s.Code] = s
		}
		row.Unique("name")
		row.Unique("order")
	}
	for _, row := range book.Table(lifeStageItemsFile, "stage", "item").Rows {
		stage, okStage := sheet.Ref(row, "stage", all)
		item, okItem := sheet.Ref(row, "item", items)
		if row.Unique("item") && okStage && okItem { // an item is in one stage at most
			stage.Items = append(stage.Items, item)
			item.LifeStage = stage
		}
	}
	return all
}
