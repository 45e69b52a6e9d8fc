package catalog

import (
	"strings"
	"unicode/utf8"
)

// fillers say that something is wanted, not what. They are taken out wherever
// they stand, longer ones first.
var fillers = strings.NewReplacer(blank(
	"怎么样", "怎么办理", "怎么办", "怎么", "怎样", "如何办理", "如何",
	"我想要", "我想", "我要", "想要", "需要", "请问", "帮我", "帮忙", "麻烦",
	"在哪里", "在哪儿", "在哪", "去哪里", "去哪", "哪里", "哪儿",
	"什么时候", "什么", "多少钱", "多长时间", "多久",
	"能不能", "可不可以", "可以", "一下", "办理", "手续", "流程", "材料", "一件事",
)...)

// edges are such words of one character. They are taken off the ends only:
// inside they are part of other words (技能, 开办).
const (
	leading  = "办想要我去给帮请搞弄做能"
	trailing = "办吗呢啊呀吧的"
)

// withoutFiller gives text without filler, or text itself when too little would
// be left.
func withoutFiller(text string) string {
	bare := fillers.Replace(text)
	bare = strings.TrimRight(strings.TrimLeft(bare, leading), trailing)
	if utf8.RuneCountInString(bare) < 2 {
		return text
	}
	return bare
}

// canonical brings words for the same thing into one, in queries and in the
// catalogue alike. Words of one city only belong into items' keywords instead.
var canonical = strings.NewReplacer(
	"小朋友", "小孩", "孩子", "小孩", "宝宝", "小孩", "娃娃", "小孩", "娃", "小孩", "儿童", "小孩",
	"老年人", "老人", "老年", "老人", "长者", "老人",
	"妻子", "老婆", "太太", "老婆", "媳妇", "老婆", "丈夫", "老公",
	"过世", "死亡", "去世", "死亡", "逝世", "死亡", "身故", "死亡", "身后", "死亡",
	"户口簿", "户口本", "户籍", "户口",
	"落户", "入户",
	"驾驶证", "驾照", "驾驶执照", "驾照", "行车证", "行驶证",
	"不动产权证书", "房产证", "不动产权证", "房产证", "不动产证", "房产证", "房本", "房产证",
	"残疾人证", "残疾证",
	"社会保障卡", "社保卡", "社会保险", "社保", "五险", "社保",
	"医疗保险", "医保", "住房公积金", "公积金", "退休金", "养老金",
	"最低生活保障", "低保", "低保户", "低保",
	"公共租赁住房", "公租房", "廉租房", "公租房",
	"遗失", "丢了", "丢失", "丢了", "不见了", "丢了", "掉了", "丢了",
	"补领", "补办", "补发", "补办", "补证", "补办",
	"换领", "换证", "换发", "换证", "换新", "换证",
	"到期", "过期", "期满", "过期",
	"二胎", "生小孩", "三胎", "生小孩", "二孩", "生小孩", "三孩", "生小孩", "生娃", "生小孩",
	"电动自行车", "电动车", "电单车", "电动车", "电瓶车", "电动车",
	"小车", "汽车", "轿车", "汽车",
	"饭店", "餐馆", "饭馆", "餐馆", "餐厅", "餐馆", "餐饮店", "餐馆", "小吃店", "餐馆", "小食店", "餐馆",
	"食肆", "餐馆", "大排档", "餐馆", "奶茶店", "餐馆", "咖啡店", "餐馆", "快餐店", "餐馆", "早餐店", "餐馆", "面馆", "餐馆",
	"理发", "美发", "发廊", "美发",
	"宾馆", "旅馆", "旅店", "旅馆", "酒店", "旅馆",
	"个体工商户", "个体户",
	"退伍", "退役", "当兵", "参军", "入伍", "参军",
	"煤气", "燃气", "天然气", "燃气",
	"小狗", "养狗", "养犬", "养狗", "犬", "狗",
	"工钱", "工资", "薪水", "工资", "欠薪", "拖欠工资", "讨薪", "拖欠工资",
	"预防接种", "疫苗", "预防针", "疫苗",
	"水费", "用水", "水表", "用水", "电费", "用电", "电表", "用电",
	"公交车", "公交", "乘车", "坐车",
	"伐木", "砍树", "砍伐树木", "砍树", "砍伐", "砍树", "采伐", "砍树",
)

// blank pairs each word with nothing, as a replacer wants it.
func blank(words ...string) []string {
	pairs := make([]string, 0, 2*len(words))
	for _, w := range words {
		pairs = append(pairs, w, "")
	}
	return pairs
}
