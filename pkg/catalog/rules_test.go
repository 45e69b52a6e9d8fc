package catalog_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/sheet"
)

// Each change to the sample breaks one rule, and exactly this is told: no
// second fault follows from the first.
var broken = []struct {
	name           string
	file, old, new string
	want           []string // "file:line: column", then a part of the reason
}{
	{"promise longer than the law", "items.csv", "natural,simple,3,0,district|town,town", "natural,general,3,4,district|town,town",
		[]string{"items.csv:19: promise_days", "不得超过法定时限 3"}},
	{"supplement too near the promised end", "items.csv", ",general,,20,district|town,district,false,false,true,false,true,15,", ",general,,16,district|town,district,false,false,true,false,true,15,",
		[]string{"items.csv:3: tolerance_days", "1 到 14"}},
	{"supplement beyond twenty days", "items.csv", ",general,,20,district|town,district,false,false,true,false,true,15,", ",general,,60,district|town,district,false,false,true,false,true,21,",
		[]string{"items.csv:3: tolerance_days", "1 到 20"}},
	{"tolerant without days", "items.csv", ",general,,20,district|town,district,false,false,true,false,true,15,", ",general,,20,district|town,district,false,false,true,false,true,0,",
		[]string{"items.csv:3: tolerance_days", "1 到 18"}},
	{"tolerant with too short a promise", "items.csv", ",general,,20,district|town,district,false,false,true,false,true,15,", ",general,,2,district|town,district,false,false,true,false,true,1,",
		[]string{"items.csv:3: promise_days", "至少 3"}},
	{"days without tolerance", "items.csv", "true,true,true,false,false,0,居民户口簿", "true,true,true,false,false,5,居民户口簿",
		[]string{"items.csv:2: tolerance_days", "应为 0"}},
	{"unknown department", "items.csv", "born in China),GA,", "born in China),NO,", []string{"items.csv:2: department", "没有这个编码：NO"}},
	{"unknown subject", "items.csv", "GA,确认,natural,simple", "GA,确认,human,simple", []string{"items.csv:2: subject", "human"}},
	{"unknown level", "items.csv", "district|town,town,true", "district|county,town,true", []string{"items.csv:2: accept_levels", "county"}},
	{"level twice", "items.csv", "district|town,town,true", "town|town,town,true", []string{"items.csv:2: accept_levels", "重复"}},
	{"no level", "items.csv", "district|town,town,true", ",town,true", []string{"items.csv:2: accept_levels", "不能为空"}},
	{"empty keyword", "items.csv", "上户口|新生儿入户", "上户口||新生儿入户", []string{"items.csv:2: keywords", "空的一项"}},
	{"name twice", "items.csv", "\nHJ-0004,夫妻投靠入户,", "\nHJ-0004,未成年子女投靠父母入户,", []string{"items.csv:5: name", "第 4 行"}},
	{"identity level", "items.csv", "certificate,3,12,1,", "certificate,9,12,1,", []string{"items.csv:2: identity_level", "1 到 4"}},
	{"not a number", "items.csv", "certificate,3,12,1,", "certificate,3,12分钟,1,", []string{"items.csv:2: window_minutes", "整数"}},
	{"not a boolean", "items.csv", "district|town,town,true,true,true", "district|town,town,yes,true,true", []string{"items.csv:2: citywide", "true 或 false"}},
	{"no name", "departments.csv", "GA,佛山市公安局", "GA,", []string{"departments.csv:2: name", "不能为空"}},
	{"bad code", "materials.csv", "M-0141,", "M 0142,某表,,form,,\nM-0141,", []string{"materials.csv:142: code", "编码"}},
	{"core and tolerable", "item_materials.csv", "HJ-0002,M-0049,true,1,,,false", "HJ-0002,M-0049,true,1,,,true",
		[]string{"tolerable", "不得容缺"}},
	{"tolerable where the item is not", "item_materials.csv", "HJ-0001,M-0001,false,0,,\"可由数据共享核验,免提交\",false", "HJ-0001,M-0001,false,0,,,true",
		[]string{"item_materials.csv:4: tolerable", "HJ-0001"}},
	{"paper copies of a record", "item_materials.csv", "HJ-0001,M-0001,false,0", "HJ-0001,M-0001,false,2", []string{"item_materials.csv:4: copies", "0"}},
	{"material twice", "item_materials.csv", "HJ-0001,M-0007,true", "HJ-0001,M-0049,true", []string{"item_materials.csv:3: material", "第 2 行"}},
	{"unknown material", "item_materials.csv", "HJ-0001,M-0007,true", "HJ-0001,M-9999,true", []string{"item_materials.csv:3: material", "M-9999"}},
	{"unknown form", "materials.csv", "Marriage certificate,electronic", "Marriage certificate,digital", []string{"materials.csv:5: form", "digital"}},
	{"label differs", "item_fields.csv", "HJ-0002,applicant_name,申请人(经办人)姓名", "HJ-0002,applicant_name,姓名", []string{"item_fields.csv:", "应与第 2 行一致"}},
	{"source differs", "item_fields.csv", "HJ-0002,applicant_name,申请人(经办人)姓名,text,true,公安人口库.姓名", "HJ-0002,applicant_name,申请人(经办人)姓名,text,true,",
		[]string{"autofill_from", "应与第 2 行一致"}},
	{"the first of its name is the odd one", "item_fields.csv", "HJ-0001,applicant_name,申请人(经办人)姓名", "HJ-0001,applicant_name,姓名", []string{"item_fields.csv:2: label", "应与第"}},
	{"unknown type", "item_fields.csv", "HJ-0001,agent_name,代理人姓名,text", "HJ-0001,agent_name,代理人姓名,string", []string{"item_fields.csv:5: type", "string"}},
	{"values without enum", "item_fields.csv", "HJ-0001,agent_name,代理人姓名,text,false,,", "HJ-0001,agent_name,代理人姓名,text,false,,甲|乙",
		[]string{"item_fields.csv:5: enum_values", "只有 enum"}},
	{"field name", "item_fields.csv", "HJ-0001,agent_name,", "HJ-0001,Agent Name,", []string{"item_fields.csv:5: field", "Agent Name"}},
	{"field twice", "item_fields.csv", "HJ-0001,applicant_id_number,申请人身份证件号码,id_number,true,公安人口库.公民身份号码,", "HJ-0001,applicant_name,申请人(经办人)姓名,text,true,公安人口库.姓名,",
		[]string{"item_fields.csv:3: field", "第 2 行"}},
	{"item in two stages", "life_stage_items.csv", "LS-1,HJ-0002", "LS-1,HJ-0001", []string{"life_stage_items.csv:3: item", "第 2 行"}},
	{"stage order twice", "life_stages.csv", "LS-2,入学求学,2", "LS-2,入学求学,1", []string{"life_stages.csv:3: order", "第 2 行"}},
	{"unknown stage", "life_stage_items.csv", "LS-1,HJ-0002", "LS-9,HJ-0002", []string{"life_stage_items.csv:3: stage", "LS-9"}},
	{"theme order twice", "theme_items.csv", "ZT-01,SP-0001,2", "ZT-01,SP-0001,1", []string{"theme_items.csv:3: order", "第 2 行"}},
	{"legal item in a natural theme", "theme_items.csv", "ZT-01,SP-0001,2", "ZT-01,QY-0004,2", []string{"theme_items.csv:3: item", "只面向法人"}},
	{"theme without items", "themes.csv", "ZT-38,二手车过户一件事,转让登记及检验标志,both,true", "ZT-38,二手车过户一件事,转让登记及检验标志,both,true\nZT-39,空主题,,both,true",
		[]string{"themes.csv:40: code", "没有任何事项"}},
	{"push to itself", "pushes.csv", "HJ-0001,SY-0007", "HJ-0001,HJ-0001", []string{"pushes.csv:2: push_item", "自己"}},
	{"push without reason", "pushes.csv", "HJ-0001,SY-0007,\"新生儿落户后可建立0-6岁儿童健康档案,享免费体检\"", "HJ-0001,SY-0007,", []string{"pushes.csv:2: reason", "不能为空"}},
	{"push twice", "pushes.csv", "HJ-0001,SY-0008", "HJ-0001,SY-0007", []string{"pushes.csv:3: push_item", "第 2 行"}},
	{"unit of no law", "legal_units.csv", "SZ-0001,calendar,", "HJ-0001,calendar,", []string{"legal_units.csv:2: item", "legal_days"}},
	{"months not told", "legal_units.csv", "RL-0004,months,3", "RL-0004,months,", []string{"months", "必填"}},
	{"unknown unit", "legal_units.csv", "RL-0004,months,3", "RL-0004,weeks,", []string{"unit", "weeks"}},
	{"a broken row breaks nothing else", "items.csv", "HJ-0002,国(境)外出生子女回国入户,", "HJ-0002,", []string{"items.csv:3: ", "23 格"}},
	{"an open quote breaks nothing else", "items.csv", "HJ-0002,国(境)外出生子女回国入户,", "HJ-0002,\"国(境)外出生子女回国入户,", []string{"items.csv:3: ", "双引号"}},
	{"a missing column is told once", "items.csv", "tolerant,tolerance_days", "lenient,tolerance_days", []string{"items.csv:1: lenient", "不认识", "items.csv:1: tolerant", "缺少"}},
}

func faultsOf(t *testing.T, err error) sheet.Faults {
	faults, ok := errors.AsType[sheet.Faults](err)
	require.True(t, ok, "want faults, got %v", err)
	return faults
}

func TestEachBrokenRuleIsToldOnceAndAlone(t *testing.T) {
	for _, b := range broken {
		t.Run(b.name, func(t *testing.T) {
			_, err := catalog.Read(edited(t, b.file, b.old, b.new))
			faults := faultsOf(t, err)
			require.Len(t, faults, max(1, len(b.want)/2), "%v", err)
			for _, part := range b.want {
				require.Contains(t, err.Error(), part)
			}
			require.True(t, strings.HasPrefix(err.Error(), "catalogue/"+b.file+":"), "%v", err)
		})
	}
}

func TestAMissingSheetIsToldWithoutItsConsequences(t *testing.T) {
	for _, file := range catalog.Files() {
		if optional[file] {
			continue
		}
		files := edited(t)
		delete(files, file)
		_, err := catalog.Read(files)
		require.EqualError(t, err, file+": 缺少这个文件")
	}
}

func TestALegalThemeHoldsNoNaturalItem(t *testing.T) {
	_, err := catalog.Read(edited(t, "themes.csv", "natural,true\nZT-02", "legal,true\nZT-02"))
	require.ErrorContains(t, err, "theme_items.csv")
	for _, f := range faultsOf(t, err) {
		require.Equal(t, "catalogue/theme_items.csv", f.File)
		require.Contains(t, f.Reason, "只面向自然人")
	}
}

// optional are the sheets that a city may do without.
var optional = map[string]bool{
	"catalogue/legal_units.csv": true, "catalogue/instant_rules.csv": true,
	"catalogue/theme_outputs.csv": true,
	"catalogue/lines.csv":         true,
	"catalogue/sources.csv":       true,
}
