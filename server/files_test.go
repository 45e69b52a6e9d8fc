package main

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// large is a photo that has a small picture of its own.
var large = func() []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 1600, 900)), nil); err != nil {
		panic(err) // a buffer takes everything
	}
	return b.Bytes()
}()

// fetched gets what a link leads to, as somebody.
func (p *client) fetched(url string) *reply { p.t.Helper(); return p.get(url) }

func TestAFileIsFetchedByAShortLivedLinkOfOnesOwn(t *testing.T) {
	c := newTown(t, tuesday)
	p, stranger, clerk := c.citizen(t), c.citizen(t), c.clerk(t, villageOffice)
	path := p.permitDraft()
	at := path + "/files/" + p.upload(path+"/files", permitPhoto, large).ok().text("file")
	require.Len(t, p.get(path+"/files").ok().list("items"), 1)

	link := p.get(at).ok()
	for _, who := range []*client{p, c.nobody(t)} {
		whole := who.fetched(link.text("url")).ok()
		require.Equal(t, large, whole.raw)
		require.Equal(t, "default-src 'none'; sandbox", whole.header.Get("Content-Security-Policy"))
		require.Equal(t, "nosniff", whole.header.Get("X-Content-Type-Options"))
		require.True(t, strings.HasPrefix(whole.header.Get("Content-Disposition"), "attachment"))
		small := who.fetched(link.text("small_url")).ok()
		size, _, err := image.DecodeConfig(bytes.NewReader(small.raw))
		require.NoError(t, err)
		require.Equal(t, scan.SmallSide, size.Width)
	}
	stranger.get(at).refused(404, "casework.not_found")
	stranger.fetched(link.text("url")).refused(404, "scan.link")
	clerk.fetched(link.text("url")).refused(404, "scan.link")

	seen := clerk.get(atWindow(at)).ok()
	clerk.fetched(seen.text("url")).ok()
	p.fetched(seen.text("url")).refused(404, "scan.link")
	require.Equal(t, "file", p.get("/api/v1/me/looks").ok().list("items")[0]["what"])

	for _, changed := range []string{
		strings.Replace(link.text("url"), "token=", "token=A", 1), link.text("url") + "A",
		strings.Split(link.text("url"), "?")[0] + "?token=", strings.Replace(link.text("url"), idOf(at), unknownID, 1),
	} {
		p.fetched(changed).refused(404, "scan.link")
	}
	c.clock.moveTo(c.clock.now().Add(scan.LinkLife + time.Second))
	p.fetched(link.text("url")).refused(404, "scan.link")
	c.nobody(t).fetched(seen.text("url")).refused(404, "scan.link")
}

func TestALinkEndsWithTheRightToSee(t *testing.T) {
	c := newTown(t, tuesday)
	p, clerk := c.citizen(t), c.clerk(t, villageOffice)
	admin := c.member(t, staff.Member{Role: staff.Administrator})
	path := p.permitDraft()
	at := path + "/files/" + p.upload(path+"/files", permitPhoto, photo).ok().text("file")
	link := clerk.get(atWindow(at)).ok().text("url")
	c.nobody(t).fetched(link).ok()
	for _, m := range admin.get("/api/v1/admin/members").ok().list("items") {
		if m["role"] == string(staff.VillageStaff) {
			admin.post("/api/v1/admin/members/"+m["id"].(string)+"/leave", nil).ok()
		}
	}
	c.nobody(t).fetched(link).refused(404, "scan.link")
}

// doctor finds what it is told to.
type doctor struct{ says atomic.Pointer[error] }

func (d *doctor) Examine(context.Context, []byte) error {
	if err := d.says.Load(); err != nil {
		return *err
	}
	return nil
}

func TestAFileThatNobodyCouldExamineIsNotKept(t *testing.T) {
	d := &doctor{}
	c := newTown(t, tuesday, func(in *instance) { in.rooms.counter.Inspector = scan.NewGuard(d) })
	p := c.citizen(t)
	path := p.permitDraft()
	for code, err := range map[string]error{"scan.infected": scan.ErrInfected, "scan.unchecked": scan.ErrUnchecked} {
		d.says.Store(&err)
		r := p.upload(path+"/files", permitPhoto, photo)
		require.Equal(t, code, r.text("code"))
		require.Contains(t, []int{http.StatusUnprocessableEntity, http.StatusServiceUnavailable}, r.status)
	}
	require.Empty(t, p.get(path+"/files").ok().list("items"))
	d.says.Store(nil)
	p.upload(path+"/files", permitPhoto, photo).ok()
}
