package wechat

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/miniprogram-api/wechat/sandbox"
	"github.com/yimen-gov/yimen/pkg/fault"
)

func TestOneGrantPaysForOneMessage(t *testing.T) {
	p := start(t)
	to := p.citizen()
	m := SubscribeMessage{OpenID: to, TemplateID: "T", Data: map[string]string{"thing1": "居住证"}}
	_, err := p.Send(bg, m)
	require.ErrorIs(t, err, ErrRefused, "nothing granted")
	p.box.Grant(to, "T", 2)
	first, err := p.Send(bg, m)
	require.NoError(t, err)
	second, err := p.Send(bg, m)
	require.NoError(t, err)
	require.NotEqual(t, first, second)
	_, err = p.Send(bg, m)
	require.ErrorIs(t, err, ErrRefused, "both used up")
	got := p.box.Messages(to)
	require.Len(t, got, 2)
	require.Equal(t, first, fmt.Sprint(got[0].MsgID))
	require.Equal(t, map[string]string{"thing1": "居住证"}, got[0].Data)
	require.Equal(t, "formal", got[0].State)
	require.Equal(t, "zh_CN", got[0].Lang)
}

func TestALongTermGrantPaysUntilItIsWithdrawn(t *testing.T) {
	p := start(t, func(o *sandbox.Options) {
		o.Templates = []sandbox.Template{{ID: "L", Fields: []string{"thing1", "date2"}, LongTerm: true}}
	})
	m := SubscribeMessage{OpenID: p.citizen(), TemplateID: "L", Data: map[string]string{"thing1": "办结", "date2": "2026年11月23日 09:30"}}
	p.box.Grant(p.citizen(), "L", 1)
	for range 3 {
		_, err := p.Send(bg, m)
		require.NoError(t, err)
	}
	p.box.Withdraw(p.citizen(), "L")
	_, err := p.Send(bg, m)
	require.ErrorIs(t, err, ErrRefused)
}

func TestTheTemplatesOwnFieldsAreNeededAndNoOthers(t *testing.T) {
	p := start(t, func(o *sandbox.Options) {
		o.Templates = []sandbox.Template{{ID: "T", Fields: []string{"thing1", "time2"}}}
		o.Pages = []string{"pages/case"}
	})
	to := p.citizen()
	p.box.Grant(to, "T", 9)
	for _, c := range []struct {
		name string
		m    SubscribeMessage
		want error
	}{
		{"whole", SubscribeMessage{to, "T", "pages/case?id=1", map[string]string{"thing1": "a", "time2": "15:01"}, "", ""}, nil},
		{"one lacks", SubscribeMessage{to, "T", "", map[string]string{"thing1": "a"}, "", ""}, ErrTemplateData},
		{"one too many", SubscribeMessage{to, "T", "", map[string]string{"thing1": "a", "time2": "15:01", "thing9": "b"}, "", ""}, ErrTemplateData},
		{"unknown template", SubscribeMessage{to, "X", "", map[string]string{"thing1": "a"}, "", ""}, ErrTemplate},
		{"no template", SubscribeMessage{to, "", "", map[string]string{"thing1": "a"}, "", ""}, ErrTemplate},
		{"unknown page", SubscribeMessage{to, "T", "pages/none", map[string]string{"thing1": "a", "time2": "15:01"}, "", ""}, ErrPage},
		{"unknown person", SubscribeMessage{"oNobody", "T", "", map[string]string{"thing1": "a", "time2": "15:01"}, "", ""}, ErrOpenID},
		{"nobody", SubscribeMessage{"", "T", "", nil, "", ""}, ErrOpenID},
	} {
		_, err := p.Send(bg, c.m)
		if c.want == nil {
			require.NoError(t, err, c.name)
			continue
		}
		require.ErrorIs(t, err, c.want, c.name)
	}
	require.Len(t, p.box.Messages(to), 1)
}

func TestAWrongFieldIsNamedBeforeAnybodyIsCalled(t *testing.T) {
	p := start(t)
	_, err := p.Send(bg, SubscribeMessage{OpenID: p.citizen(), TemplateID: "T", Data: map[string]string{
		"thing1": "好", "time2": "明天", "phrase3": "ok", "thing4": "  ",
	}})
	require.ErrorIs(t, err, ErrTemplateData)
	var paths []string
	for _, f := range fault.From(err).Fields {
		require.NotEmpty(t, f.Text)
		paths = append(paths, f.Path)
	}
	require.Equal(t, []string{"data.phrase3", "data.thing4", "data.time2"}, paths, "always in the same order")
	require.Zero(t, p.box.Calls(sendPath))
}

func TestFit(t *testing.T) {
	for _, c := range []struct {
		key, in, want string // want "" = refused
	}{
		{"thing1", "居住证办理", "居住证办理"},
		{"thing1", strings.Repeat("长", 20), strings.Repeat("长", 20)},
		{"thing12", strings.Repeat("长", 21), strings.Repeat("长", 19) + "…"},
		{"thing1", strings.Repeat("a", 30), strings.Repeat("a", 19) + "…"},
		{"thing1", strings.Repeat("😀", 11), strings.Repeat("😀", 9) + "…"},
		{"thing1", "第一行\n第二行\t三", "第一行 第二行 三"},
		{"thing1", " \n ", ""},
		{"thing1", "坏\xffutf", "坏utf"},
		{"thing1", "分\u2028段", "分 段"},
		{"number1", "12.50", "12.50"},
		{"number1", "-3", ""},
		{"number1", "1.2.3", ""},
		{"number1", ".", ""},
		{"number1", strings.Repeat("9", 32), strings.Repeat("9", 32)},
		{"number1", strings.Repeat("9", 33), ""},
		{"letter1", "abcXYZ", "abcXYZ"},
		{"letter1", "abc1", ""},
		{"symbol1", "#@!", "#@!"},
		{"symbol1", "######", ""},
		{"symbol1", "a", ""},
		{"symbol1", "⺁⺜", ""},
		{"character_string1", "BJ-2026/0001", "BJ-2026/0001"},
		{"character_string1", "编号1", ""},
		{"character_string1", strings.Repeat("a", 33), ""},
		{"time1", "15:01", "15:01"},
		{"time1", "2019年10月1日 15:01", "2019年10月1日 15:01"},
		{"time1", "09:00~11:30", "09:00~11:30"},
		{"time1", "2026年11月23日 09:00~2026年11月23日 11:30", "2026年11月23日 09:00~2026年11月23日 11:30"},
		{"time1", "2019年10月1日15:01", "2019年10月1日15:01"},
		{"time1", "2026-11-23 09:30:15", "2026-11-23 09:30:15"},
		{"time1", "25:01", ""},
		{"time1", "15:61", ""},
		{"time1", "2026-11-2309:30", ""},
		{"time1", "09:00~", ""},
		{"time1", "上午九点", ""},
		{"time1", "2026年11月23日", ""},
		{"date1", "2026年11月23日", "2026年11月23日"},
		{"date1", "2026-11-23", "2026-11-23"},
		{"date1", "2026/11/23 09:30", "2026/11/23 09:30"},
		{"date1", "11月23日", "11月23日"},
		{"date1", "2026年11月", "2026年11月"},
		{"date1", "2026-11-01~2026-11-30", "2026-11-01~2026-11-30"},
		{"date1", "2026-11-23T09:30:00+08:00", ""},
		{"date1", "15:01", ""},
		{"date1", "2026年13月1日", ""},
		{"date1", "2026-11-32", ""},
		{"date1", "2026-11/23", ""},
		{"date1", "2026.11.23", "2026.11.23"},
		{"date1", "11-23", "11-23"},
		{"date1", "2026/11", "2026/11"},
		{"amount1", "￥100.50元", "￥100.50元"},
		{"amount1", "10", "10"},
		{"amount1", "12345678901", ""},
		{"amount1", "一百元", ""},
		{"phone_number1", "0757-12345", "0757-12345"},
		{"phone_number1", "+86-0766-66888866", "+86-0766-66888866"},
		{"phone_number1", "+86-0766-668888660", ""},
		{"phone_number1", "电话", ""},
		{"car_number1", "粤E8Z888挂", "粤E8Z888挂"},
		{"car_number1", "粤E8Z888888", ""},
		{"name1", "甄样本", "甄样本"},
		{"name1", strings.Repeat("名", 12), strings.Repeat("名", 10)},
		{"name1", "Johann Sebastian Bach Senior", "Johann Sebastian Bac"},
		{"phrase1", "待补正", "待补正"},
		{"phrase1", "已受理请等候", ""},
		{"phrase1", "OK", ""},
		{"const1", "任意", "任意"},
		{"future_kind1", "任意内容", "任意内容"},
		{"", "x", "x"},
	} {
		got, ok := fit(c.key, c.in)
		require.Equal(t, c.want != "", ok, "%s %q", c.key, c.in)
		if ok {
			require.Equal(t, c.want, got, "%s %q", c.key, c.in)
		}
	}
}

// The sandbox has the platform's rules in a version of its own.
func TestWhateverFitsIsTakenByThePlatform(t *testing.T) {
	p := start(t)
	to := p.citizen()
	kinds := []string{
		"thing", "number", "letter", "symbol", "character_string", "time", "date", "amount",
		"phone_number", "car_number", "name", "phrase",
	}
	samples := []*rapid.Generator[string]{
		rapid.String(),
		rapid.StringMatching(`[\p{Han}]{1,30}`),
		rapid.StringMatching(`[0-9.+()~:年月日 -]{1,20}`),
		rapid.StringMatching(`(20[0-9]{2}(年|-|/)[1-9](月|-|/)1?[0-9]日?)?( ?1[0-9]:[0-5][0-9])?`),
		rapid.StringMatching(`[!-~]{1,40}`),
		rapid.StringMatching(`[￥$]?[0-9]{1,12}(\.[0-9]{1,3})?元?`),
	}
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SampledFrom(kinds).Draw(t, "kind") + "1"
		value := rapid.OneOf(samples...).Draw(t, "value")
		fitted, ok := fit(key, value)
		if !ok {
			return
		}
		p.box.Grant(to, "T", 1)
		_, err := p.Send(bg, SubscribeMessage{OpenID: to, TemplateID: "T", Data: map[string]string{key: value}})
		if err != nil {
			t.Fatalf("%s %q → %q: %v", key, value, fitted, err)
		}
	})
}

func TestFitGivesWholeCharactersAndNoMoreThanAllowed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for key, limit := range map[string]int{"thing1": 20, "name1": 20} {
			got, ok := fit(key, rapid.String().Draw(t, "value"))
			if !ok {
				continue
			}
			if !utf8.ValidString(got) || utf8.RuneCountInString(got) > limit || strings.ContainsAny(got, "\n\r\t") {
				t.Fatalf("%s %q", key, got)
			}
			if again, _ := fit(key, got); key == "thing1" && again != got {
				t.Fatalf("not stable: %q → %q", got, again)
			}
		}
	})
}

// The SDK's Send knows no context, and its message id comes from another method
// whose errors are plain text.
func TestSendKeepsToItsDeadlineThoughTheSDKHasNone(t *testing.T) {
	p := start(t)
	p.box.Grant(p.citizen(), "T", 1)
	require.NoError(t, p.phone())
	require.NoError(t, p.box.Fail(sendPath, sandbox.Timeout, 1))
	ctx, cancel := context.WithTimeout(bg, 40*time.Millisecond)
	defer cancel()
	_, err := p.Send(ctx, SubscribeMessage{OpenID: p.citizen(), TemplateID: "T", Data: map[string]string{"thing1": "a"}})
	require.ErrorIs(t, err, context.DeadlineExceeded)
}
