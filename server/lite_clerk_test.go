package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// at is the path of the page that a form led to.
func (s *seenPage) at() string { return s.url.Path }

// TestAClerksDayOnThePages takes somebody without WeChat from the door to the
// receipt, with forms alone.
func TestAClerksDayOnThePages(t *testing.T) {
	c := newTown(t, tuesday)
	clerk := c.clerk(t, villageOffice)
	old := c.newcomer()
	b := clerk.atPages()

	b.get("/lite/queue").form("/lite/queue/open").send().is(200).says("窗口已开")
	given := b.get("/lite/give").form("/lite/give/ticket").with("item", permitItem).with("priority", "elderly").send().is(200).says("C001", "老年人")
	require.Regexp(t, `^/lite/tickets/`, given.at())
	inHand := b.get("/lite/queue").says("等候 1 人").form("/lite/queue/next").send().is(200).says("C001", "再叫一次")
	ticket := regexp.MustCompile(`/lite/tickets/[0-9a-f-]+/serve`).FindString(inHand.raw)
	b.get("/lite/queue").form(ticket).send().is(200).says("办完了")

	take := b.get("/lite/take-in")
	take.form("/lite/take-in/open").with("item", "居住证").with("name", old.Name).with("number", old.IDNumber).send().is(http.StatusUnprocessableEntity).says("办哪一项")
	cs := take.form("/lite/take-in/open").with("item", permitItem).with("name", old.Name).with("number", old.IDNumber).send().is(200).says("第一步", "已建立办件")
	path := cs.at()
	require.NotContains(t, cs.raw, old.Name)
	require.NotContains(t, cs.raw, old.IDNumber)
	cs.form(path + "/submit").send().is(http.StatusUnprocessableEntity).says("居住地址")
	filled := cs.form(path + "/fill")
	for name, value := range map[string]string{
		"f.residence_address": "佛山市禅城区样例路1号", "f.permit_basis": "合法稳定住所", "f.applicant_phone": "13800001234",
		"c." + permitLease: "yes", "c." + permitWork: "no", "c." + permitStudy: "no",
	} {
		filled.with(name, value)
	}
	cs = filled.send().is(200).says("已保存", "还缺", "可以容缺")
	require.NotContains(t, cs.raw, "样例路1号2", "masked")
	cs.materialForm(path+"/attach", permitPhoto).file("photo", photo).send().is(200).says("已收下照片")

	promise := b.get("/lite/commitments/"+idOf(path)).is(200).says("容缺受理承诺书", "自愿")
	promise.form("/lite/commitments/" + idOf(path) + "/sign").send().is(http.StatusUnprocessableEntity).says("还没有签名")
	promise.form("/lite/commitments/"+idOf(path)+"/sign").with("signer", old.Name).send().is(http.StatusUnprocessableEntity).says("请先勾选")
	cs = promise.form("/lite/commitments/"+idOf(path)+"/sign").with("signer", old.Name).with("witness", "yes").send().is(200).says("承诺书已签名")
	submit := cs.form(path + "/submit")
	submit.send().is(200).says("已容缺受理", "还要补交", "补交期限")
	submit.send().is(200).says("已容缺受理") // a second tap
	cs = b.get(path)
	paper := cs.kindForm(path+"/paper", "tolerance").send().is(200).says("容缺受理通知书")
	require.Contains(t, paper.at(), "/papers/")

	number := regexp.MustCompile(`编号</dt><dd>([^<]+)`).FindStringSubmatch(cs.raw)[1]
	found := b.get("/lite/find").form("/lite/find/supplement").with("case_number", number).send().is(200).says("收到哪一份")
	require.NotContains(t, found.url.String(), number, "what is looked for stands in no address")
	found.form("/lite/find/take-supplement").send().is(200).says("补交的材料已登记")
	whole := b.get(path).form(path+"/reveal").with("purpose", "核对地址").send().is(200)
	whole.says(old.Name, old.IDNumber)
	b.get("/lite/find").form("/lite/find/person").with("name", old.Name).with("number", old.IDNumber).with("purpose", "查询到访").send().is(200).says("身份证号码")
	b.get("/lite/queue").form(strings.Replace(ticket, "/serve", "/finish", 1)).send().is(200).says("办完了")
	b.get("/lite/today").is(200).says("件在我手里")
}

// materialForm is the form of one material.
func (s *seenPage) materialForm(to, material string) *filled {
	return s.formWith(to, "material", material)
}

func (s *seenPage) kindForm(to, kind string) *filled { return s.formWith(to, "kind", kind) }

// formWith finds among forms to one address the one that carries a value.
func (s *seenPage) formWith(to, name, value string) *filled {
	s.t.Helper()
	for _, f := range s.forms(to) {
		if f.typed.Get(name) == value {
			return f
		}
	}
	require.Fail(s.t, "no form", "%s %s=%s in %s", to, name, value, s.text())
	return nil
}

func TestAnEndedSessionLosesNothingThatWasTyped(t *testing.T) {
	c := sharedTown(t)
	clerk := c.clerk(t, villageOffice)
	old := c.newcomer()
	b := clerk.atPages()
	f := b.get("/lite/take-in").form("/lite/take-in/open").with("item", permitItem).with("name", old.Name).with("number", old.IDNumber).with("purpose", "收件 <b>&\"'")
	b.drop(t, clerk)
	again := f.send().is(http.StatusUnauthorized).says("已经保留")
	require.NotContains(t, again.raw, "<b>&\"")
	wrong := again.form("/lite/sign-in/code").with("code", "AAAA2222").send().is(http.StatusUnprocessableEntity).says("已经保留")
	resume := wrong.form("/lite/sign-in/code").with("code", clerk.pageCode()).send().is(200).says("接着提交")
	resume.form("/lite/take-in/open").send().is(200).says("已建立办件")
}

func TestAFormSentTwiceIsDoneOnceAndAChangedOneIsAskedAbout(t *testing.T) {
	c := sharedTown(t)
	b := c.clerk(t, otherVillage).atPages()
	f := b.get("/lite/give").form("/lite/give/ticket").with("item", permitItem)
	first := f.send().is(200)
	second := f.send().is(200)
	require.Equal(t, first.at(), second.at())
	changed := f.with("priority", "elderly").send().is(http.StatusConflict).says("已经提交过")
	require.NotEqual(t, first.at(), changed.form("/lite/give/ticket").send().is(200).at(), "sent with a new key")
}

func TestPagesHoldTheTableOfRoles(t *testing.T) {
	s := sharedScene(t)
	couriers := s.courier.atPages()
	for _, path := range []string{"/lite/today", "/lite/queue", "/lite/cases", "/lite/take-in", "/lite/find"} {
		couriers.get(path).is(http.StatusForbidden).says("您的岗位不能做这项操作")
		s.town.browser(t).get(path).is(http.StatusUnauthorized)
	}
	other := s.town.clerk(t, otherVillage).atPages()
	other.get("/lite/cases/" + idOf(s.accepted)).is(http.StatusForbidden)
	other.get("/lite/cases/nonsense").is(http.StatusNotFound)
}
