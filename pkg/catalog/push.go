package catalog

import "github.com/yimen-gov/yimen/pkg/sheet"

// Push is what to offer once another item has succeeded (主动推送).
type Push struct {
	After, Item *Item
	Reason      string // Chinese, for the person who gets it
}

const pushesFile = "catalogue/pushes.csv"

func readPushes(book *sheet.Book, items map[ItemCode]*Item) map[ItemCode][]Push {
	all := map[ItemCode][]Push{}
	for _, row := range book.Table(pushesFile, "after_item", "push_item", "reason").Rows {
		after, okAfter := sheet.Ref(row, "after_item", items)
		item, okItem := sheet.Ref(row, "push_item", items)
		push := Push{after, item, row.Need("reason")}
		if okAfter && after == item {
			row.Fault("push_item", "事项不能推送它自己")
		}
		if row.Unique("after_item", "push_item") && okAfter && okItem {
			all[after.Code] = append(all[after.Code], push)
		}
	}
	return all
}
