package workday

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func explained(c Clock, asOf string) string {
	var b strings.Builder
	for _, l := range c.Explain(on(asOf), cal) {
		fmt.Fprintln(&b, l.Date, l.Why)
	}
	return strings.TrimSpace(b.String())
}

func TestEveryDayIsExplained(t *testing.T) {
	c := Clock{Start: on("2026-09-30"), Unit: WorkingDays, Days: 3, Stopped: on("2026-10-13"),
		Pauses: []Pause{{From: on("2026-10-09"), To: on("2026-10-09"), Reason: ExpertReview}}}
	require.Equal(t, strings.TrimSpace(`
2026-09-30 起算当日，不计入
2026-10-01 国庆节放假，不计入
2026-10-02 国庆节放假，不计入
2026-10-03 国庆节放假，不计入
2026-10-04 国庆节放假，不计入
2026-10-05 国庆节放假，不计入
2026-10-06 国庆节放假，不计入
2026-10-07 国庆节放假，不计入
2026-10-08 工作日，计第1日
2026-10-09 暂停计时（专家评审），不计入
2026-10-10 国庆节调休上班，计第2日
2026-10-11 星期日，不计入
2026-10-12 工作日，计第3日
2026-10-13 工作日，计第4日，已超期1日
2026-10-14 已办结，不再计时`), explained(c, "2026-10-14"))
}

func TestProvisionalDaysAreMarked(t *testing.T) {
	c := Clock{Start: on("2026-12-31"), Unit: WorkingDays, Days: 3}
	require.Equal(t, strings.TrimSpace(`
2026-12-31 起算当日，不计入
2027-01-01 元旦放假（放假安排未公布，暂定），不计入
2027-01-02 星期六（放假安排未公布，暂定），不计入
2027-01-03 星期日（放假安排未公布，暂定），不计入
2027-01-04 工作日（放假安排未公布，暂定），计第1日`), explained(c, "2027-01-04"))
}

func TestCalendarDaysAllCount(t *testing.T) {
	c := Clock{Start: on("2026-09-30"), Unit: CalendarDays, Days: 2}
	require.Equal(t, strings.TrimSpace(`
2026-09-30 起算当日，不计入
2026-10-01 自然日，计第1日
2026-10-02 自然日，计第2日
2026-10-03 自然日，计第3日，已超期1日`), explained(c, "2026-10-03"))
	require.Empty(t, c.Explain(on("2026-09-29"), cal))
}

func TestEveryReasonHasAText(t *testing.T) {
	for _, r := range []Reason{Hearing, Tender, Inspection, Testing, Appraisal, ExpertReview, Publicity, Applicant, ForceMajeure} {
		require.NotEmpty(t, r.Text(), r)
	}
	require.Empty(t, Reason("lunch").Text())
}
