package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/yimen-gov/yimen/pkg/sheet"
)

const instantFile = "catalogue/instant_rules.csv"

// The facts that a decision at once may rest on. They are known from sources;
// nothing that an applicant merely claims is among them.
const (
	FactAge       = "age"            // in full years, by the identity number
	FactIdentity  = "identity_level" // how far the account has proved who holds it, 1 to 4
	FactMaterials = "materials"      // shared: every material is vouched for by a source; handed_in: one is not
)

// InstantRule is when an item is decided at once, without a person (秒批).
type InstantRule struct {
	Version    int
	Conditions []Condition
}

// Condition compares one fact.
type Condition struct {
	Fact  string
	Op    string // ge, le or eq
	Value string
}

// Holds says whether every condition holds of these facts; one that is not
// known does not.
func (r *InstantRule) Holds(facts map[string]string) bool {
	return !slices.ContainsFunc(r.Conditions, func(c Condition) bool { return !c.holds(facts[c.Fact]) })
}

func (c Condition) holds(fact string) bool {
	if c.Op == "eq" {
		return fact == c.Value
	}
	have, err := strconv.Atoi(fact)
	if err != nil {
		return false
	}
	want, _ := strconv.Atoi(c.Value) // checked when it was read
	if c.Op == "ge" {
		return have >= want
	}
	return have <= want
}

var factWords = map[string]string{FactAge: "年龄", FactIdentity: "实名核验等级", FactMaterials: "材料来源"}

// Words says the rule in Chinese.
func (r *InstantRule) Words() string {
	var list []string
	for _, c := range r.Conditions {
		word := map[string]string{"ge": "不低于", "le": "不高于", "eq": "为"}[c.Op]
		value := c.Value
		if c.Fact == FactMaterials {
			value = "共享数据核验"
		}
		list = append(list, factWords[c.Fact]+word+value)
	}
	return fmt.Sprintf("规则第%d版（%s）", r.Version, strings.Join(list, "，"))
}

// readInstant reads the rules of decisions at once, a row a condition. The
// sheet may be left out: then a person decides everything.
func readInstant(book *sheet.Book, items map[ItemCode]*Item) {
	if !book.Has(instantFile) {
		return
	}
	for _, row := range book.Table(instantFile, "item", "version", "fact", "op", "value").Rows {
		item, ok := sheet.Ref(row, "item", items)
		version := row.Int("version", 1, 1_000_000)
		c := Condition{
			Fact: sheet.Enum(row, "fact", FactAge, FactIdentity, FactMaterials),
			Op:   sheet.Enum(row, "op", "ge", "le", "eq"), Value: row.Need("value"),
		}
		row.Unique("item", "fact", "op")
		checkCondition(row, c)
		if !ok || !row.Sound() {
			continue
		}
		if item.Instant == nil {
			item.Instant = &InstantRule{Version: version}
		}
		if item.Instant.Version != version {
			row.Fault("version", "同一事项的条件应为同一版本：%d", item.Instant.Version)
		}
		item.Instant.Conditions = append(item.Instant.Conditions, c)
	}
}

func checkCondition(row *sheet.Row, c Condition) {
	if !row.Sound() {
		return
	}
	_, err := strconv.Atoi(c.Value)
	switch {
	case c.Fact == FactMaterials && (c.Op != "eq" || c.Value != "shared"):
		row.Fault("value", "materials 只能写 eq shared")
	case c.Fact != FactMaterials && err != nil:
		row.Fault("value", "应为整数：%s", c.Value)
	}
}
