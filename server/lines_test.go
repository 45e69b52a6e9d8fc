package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/staff"
	"github.com/yimen-gov/yimen/server/outbound/hub"
)

const (
	careSystem   = "残联业务系统"
	careDistrict = "440604000000-A" // decides the care allowance
)

// care is an accepted application that its department handles in a system of
// its own.
func (p *client) care() string {
	p.t.Helper()
	path := p.open(careItem, villageOffice)
	p.put(path+"/form", map[string]any{"form": map[string]string{
		"disability_cert_no": "44060419900101001142", "disability_type": "肢体", "disability_grade": "一级",
		"household_address": "佛山市禅城区样例路1号", "bank_name": "样例银行", "bank_account": fmt.Sprintf("62000000%08d", p.town.born.Add(1)),
	}}).ok()
	for _, m := range []string{"M-0059", careDisabled, "M-0072"} {
		p.upload(path+"/files", m, photo).ok()
	}
	r := p.post(path+"/submit", nil).ok()
	require.Equal(p.t, "accept", r.text("outcome"), "%s", r.raw)
	return path
}

// there is how many messages a system has taken of a case, and where it stands there.
func (c *town) there(path string) (messages int, state string) {
	return c.in.hubPlay.Taken(careSystem, idOf(path))
}

func (c *town) heard(t *testing.T, path string, messages int) {
	t.Helper()
	require.Eventually(t, func() bool { n, _ := c.there(path); return n == messages }, 20*time.Second, 20*time.Millisecond)
}

func (c *town) hear(t *testing.T) {
	t.Helper()
	_, err := c.in.rooms.counter.Hear(t.Context())
	require.NoError(t, err)
}

// TestACaseIsDecidedInADepartmentsOwnSystem, which repeats itself and lets its
// reports overtake each other: each counts once, in its order.
func TestACaseIsDecidedInADepartmentsOwnSystem(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	play := c.in.hubPlay
	play.Set(careSystem, hub.Mood{Repeats: true, Slow: 100 * time.Millisecond})
	granted, refused := p.care(), p.care()
	c.heard(t, granted, 1)
	c.heard(t, refused, 1)
	require.NoError(t, play.Report(careSystem, idOf(granted), "status", "已派单"))
	play.Set(careSystem, hub.Mood{})
	require.NoError(t, play.Report(careSystem, idOf(refused), "status", "初审"))
	require.NoError(t, play.Report(careSystem, idOf(refused), "refused", "不符合条件"))
	play.Swap(careSystem)
	c.hear(t)
	require.Equal(t, "accepted", p.get(granted).ok().text("state"))
	cs := p.get(refused).ok()
	require.Equal(t, "refused", cs.text("state"))
	require.Equal(t, "不符合条件", cs.text("decision_text"))
	play.Set(careSystem, hub.Mood{Repeats: true})
	require.NoError(t, play.Report(careSystem, idOf(granted), "granted", "予以发放"))
	c.hear(t)
	c.hear(t)
	require.Equal(t, "closed", p.get(granted).ok().text("state"), "the item ends in nothing that could be handed over")
	require.Equal(t, 2, c.count(t, "SELECT count(*) FROM line_report WHERE case_id = '"+idOf(granted)+"'"), "five times said, twice kept")
	require.NoError(t, play.Report(careSystem, idOf(granted), "refused", "弄错了"))
	c.hear(t)
	require.Equal(t, "closed", p.get(granted).ok().text("state"), "what the state does not allow is kept and not followed")
	require.Equal(t, "casework.not_now", c.word(t, "SELECT note FROM line_report WHERE case_id = '"+idOf(granted)+"' AND seq = 3"))
}

// TestASystemThatIsDownHearsOfItAllLaterInOrder, and nobody waits for it; what
// it has lost is found by the daily reconciliation.
func TestASystemThatIsDownHearsOfItAllLaterInOrder(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	play := c.in.hubPlay
	play.Set(careSystem, hub.Mood{Down: true})
	path := p.care()
	p.upload(path+"/files", "M-0072", photo).ok()
	require.Eventually(t, func() bool {
		return c.count(t, "SELECT count(*) FROM job WHERE kind = 'casework.push_line' AND attempt > 0") == 1
	}, 10*time.Second, 20*time.Millisecond)
	n, _ := c.there(path)
	require.Zero(t, n)
	play.Set(careSystem, hub.Mood{})
	c.heard(t, path, 2)

	lost, other := p.care(), p.care()
	c.heard(t, lost, 1)
	c.heard(t, other, 1)
	require.NoError(t, play.Report(careSystem, idOf(other), "granted", "予以发放")) // not heard of yet
	play.Forget(careSystem, idOf(lost))
	found, err := c.in.rooms.counter.Reconcile(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, found)
	found, err = c.in.rooms.counter.Reconcile(t.Context())
	require.NoError(t, err)
	require.Zero(t, found, "once a day")

	clerk := c.clerk(t, villageOffice)
	differ := map[string]string{}
	for _, d := range clerk.get("/api/v1/village/line-differences").ok().list("items") {
		differ[d["case"].(string)] = d["ours"].(string) + "/" + d["theirs"].(string)
	}
	require.Equal(t, map[string]string{idOf(lost): "open/", idOf(other): "open/granted"}, differ)
	require.Empty(t, c.clerk(t, otherVillage).get("/api/v1/village/line-differences").ok().list("items"))
	manager := c.member(t, staff.Member{Role: staff.OfficeManager, Office: careDistrict})
	manager.get("/api/v1/village/line-differences").ok()

	c.hear(t)
	c.clock.moveTo(tuesday.AddDate(0, 0, 1))
	found, err = c.in.rooms.counter.Reconcile(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, found, "what was heard since is no difference any more")
}
