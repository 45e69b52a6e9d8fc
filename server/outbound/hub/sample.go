package hub

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/yimen-gov/yimen/server/outbound"
)

// SampleKeys are the keys of the sandbox for these bases and systems. Nothing
// of them is secret.
func SampleKeys(names ...string) Keys {
	keys := Keys{}
	for _, name := range names {
		sum := sha256.Sum256([]byte("local-hub " + name))
		keys[name] = Key{ID: "local-" + hex.EncodeToString(sum[:4]), Secret: sum[4:]}
	}
	return keys
}

// Text writes the keys as ReadKeys reads them.
func (k Keys) Text(names []string) string {
	var b strings.Builder
	for _, name := range names {
		b.WriteString(name + " " + k[name].ID + " " + hex.EncodeToString(k[name].Secret) + "\n")
	}
	return b.String()
}

// SampleRecords are some people of the local WeChat and a firm of theirs, all
// made up.
func SampleRecords() []Record {
	type who struct{ name, number string }
	var (
		citizen = who{"甄样本", "440604199003128626"}
		boss    = who{"贾示例", outbound.SampleRepresentative}
		parent  = who{"范新生", outbound.SampleGuardian}
		old     = who{"常演示", "440607194605018631"}
		tenant  = who{"白试用", "440606200102178694"}
		firm    = who{outbound.SampleOrgName, outbound.SampleOrgCode}
	)
	rec := func(w who, source, ref string, materials, columns map[string]string) Record {
		return Record{Source: source, Name: w.name, Number: w.number, Ref: ref, Materials: materials, Columns: columns}
	}
	type m = map[string]string
	return []Record{
		rec(citizen, "公安人口库", "GA-0001", m{"M-0003": "户号440604000001，户内2人"}, m{"户籍地址": "佛山市禅城区祖庙路样例1号", "户主姓名": "甄样本", "户主身份证号": citizen.number, "同户人数": "2"}),
		rec(citizen, "电子证照库", "ZZ-0001", m{"M-0002": "居民户口簿440604000001，佛山市公安局", "M-0004": "结婚证J440604-2016-000001，禅城区民政局"}, nil),
		rec(citizen, "民政婚姻登记库", "MZ-0001", m{"M-0006": "已婚登记，2016-05-20"}, m{"配偶姓名": "贾示例", "配偶身份证号": boss.number, "证件字号": "J440604-2016-000001"}),
		rec(citizen, "不动产登记库", "ZR-0001", m{"M-0010": "粤（2020）佛禅不动产权第0000001号", "M-0011": "名下住房1套"}, m{"坐落": "佛山市禅城区祖庙路样例1号", "不动产权证号": "粤（2020）佛禅不动产权第0000001号", "建筑面积": "89.5", "住房套数": "1"}),
		rec(citizen, "公积金业务库", "GJ-0001", m{"M-0016": "正常缴存，至2026-10"}, m{"个人账号": "0757000001"}),
		rec(boss, "公安人口库", "GA-0002", nil, m{"户籍地址": "佛山市南海区样例大道2号"}),
		rec(boss, "商事登记库", "SC-0001", m{"M-0009": "营业执照" + firm.number}, nil),
		rec(firm, "商事登记库", "SC-0001", m{"M-0009": "营业执照" + firm.number + "，禅城区市场监督管理局"}, m{"名称": firm.name, "统一社会信用代码": firm.number, "住所": "佛山市禅城区样例路8号", "法定代表人": "贾示例", "法定代表人证件号": boss.number, "注册资本": "100", "经营范围": "日用百货零售"}),
		rec(parent, "人社社保库", "RS-0001", m{"M-0013": "社会保障卡440606000001", "M-0014": "连续缴费60个月，至2026-10"}, m{"参保单位名称": firm.name, "缴费年限": "5"}),
		rec(parent, "医保信息平台", "YB-0001", m{"M-0015": "职工医保正常参保"}, m{"参保类别": "职工"}),
		rec(old, "公安人口库", "GA-0003", nil, m{"户籍地址": "佛山市三水区样例街3号"}),
		rec(old, "电子证照库", "ZZ-0002", m{"M-0002": "居民户口簿440607000003，佛山市公安局"}, nil),
		rec(old, "残联持证人口库", "CL-0001", m{"M-0017": "残疾人证44060719460501863142"}, m{"残疾人证号": "44060719460501863142", "残疾类别": "肢体", "残疾等级": "二级"}),
		rec(tenant, "住建租赁备案库", "ZJ-0001", m{"M-0012": "粤房租备禅字2026第000001号"}, m{"月租金": "1800"}),
		rec(tenant, "教育学历库", "JY-0001", m{"M-0029": "本科，证书编号1184512023000001"}, m{"院校名称": "样例大学", "专业": "公共管理", "毕业日期": "2023-06-30"}),
		rec(tenant, "教育学籍库", "JY-0002", m{"M-0030": "在籍，样例大学研究生"}, m{"学校名称": "样例大学"}),
	}
}
