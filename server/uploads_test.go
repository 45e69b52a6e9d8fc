package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/storage/blob"
)

func hashOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// inParts is a photo of several parts.
var inParts = append(slices.Clone(large[:2]), slices.Concat(comment, comment, comment, comment, comment, comment, comment, comment, large[2:])...)

// comment is a JPEG comment of 64 KiB, which is taken out again.
var comment = append([]byte{0xFF, 0xFE, 0xFF, 0xFF}, make([]byte, 0xFFFF-2)...)

func (p *client) start(path string, content []byte, direct bool) *reply {
	p.t.Helper()
	return p.post(path+"/uploads", map[string]any{
		"material": permitPhoto, "name": "照片.jpg", "bytes": len(content), "sha256": hashOf(content), "direct": direct,
	})
}

func (p *client) part(upload string, n int, content []byte) *reply {
	p.t.Helper()
	content = content[n*scan.PartBytes:]
	return p.send(request{
		method: http.MethodPut, path: fmt.Sprintf("%s/parts/%d", upload, n), media: "application/octet-stream",
		body: content[:min(len(content), scan.PartBytes)],
	})
}

func TestAFileComesInPartsOverANetworkThatBreaks(t *testing.T) {
	c := newTown(t, tuesday)
	p, stranger := c.citizen(t), c.citizen(t)
	path := p.permitDraft()
	begun := p.start(path, inParts, false).ok()
	upload := "/api/v1/uploads/" + begun.text("id")
	require.EqualValues(t, 3, begun.at("parts"))

	p.part(upload, 2, inParts).ok()
	p.part(upload, 0, inParts).ok()
	p.part(upload, 0, inParts).ok()
	require.Equal(t, []any{1.0}, p.get(upload).ok().body["missing"])
	p.post(upload+"/finish", nil).refused(409, "scan.parts_missing")
	for _, bad := range []request{
		{path: upload + "/parts/1", body: inParts[:7]}, {path: upload + "/parts/3", body: inParts[:7]},
		{path: upload + "/parts/1", body: inParts[:scan.PartBytes-1]}, {path: upload + "/parts/1"},
		{path: upload + "/parts/1", body: inParts[:scan.PartBytes+1]}, {path: upload + "/parts/64", body: inParts[:7]},
	} {
		bad.method, bad.media = http.MethodPut, "application/octet-stream"
		r := p.send(bad)
		require.Contains(t, []int{400, 413, 422}, r.status, "%s", r.raw)
	}
	stranger.get(upload).refused(404, "scan.no_upload")
	stranger.part(upload, 1, inParts).refused(404, "scan.no_upload")
	stranger.post(upload+"/finish", nil).refused(404, "scan.no_upload")
	stranger.start(path, inParts, false).refused(404, "casework.not_found")

	p.part(upload, 1, inParts).ok()
	var together sync.WaitGroup
	for range 4 {
		together.Go(func() { require.Equal(t, begun.text("id"), p.post(upload+"/finish", nil).ok().text("file")) })
	}
	together.Wait()
	require.Len(t, p.get(path+"/files").ok().list("items"), 1)
	file := p.get(path + "/files/" + begun.text("id")).ok()
	require.Equal(t, large, p.get(file.text("url")).ok().raw, "whole, and without its comments")

	c.clock.moveTo(c.clock.now().Add(25 * time.Hour))
	_, err := c.in.rooms.tray.Sweep(context.Background())
	require.NoError(t, err)
	require.Zero(t, c.count(t, "SELECT count(*) FROM upload"))
	require.Zero(t, c.count(t, "SELECT count(*) FROM upload_part"))
	kept := blob.Sealed{Store: c.in.rooms.files, Keys: c.in.rooms.keys}
	_, err = kept.Get(t.Context(), "part-"+begun.text("id")+"-0")
	require.ErrorIs(t, err, blob.ErrNoFile)
	p.login()
	require.Equal(t, large, p.get(p.get(path+"/files/"+begun.text("id")).ok().text("url")).ok().raw)
}

func TestAnUploadThatLiesIsRefused(t *testing.T) {
	c := newTown(t, tuesday)
	p := c.citizen(t)
	path := p.permitDraft()
	whole := func(content []byte, sum string) *reply {
		upload := "/api/v1/uploads/" + p.post(path+"/uploads", map[string]any{
			"material": permitPhoto, "name": "../a.jpg", "bytes": len(content), "sha256": sum,
		}).ok().text("id")
		p.part(upload, 0, content).ok()
		return p.post(upload+"/finish", nil)
	}
	whole(photo, hashOf([]byte("another"))).refused(422, "scan.hash")
	page := []byte("<html><script>alert(1)</script>")
	whole(page, hashOf(page)).refused(422, "scan.media")
	require.Empty(t, p.get(path+"/files").ok().list("items"))
	for _, body := range []map[string]any{
		{"material": "M-0007", "name": "a", "bytes": 1, "sha256": hashOf(nil)},
		{"material": permitPhoto, "name": "a", "bytes": 0, "sha256": hashOf(nil)},
		{"material": permitPhoto, "name": "a", "bytes": 11 << 20, "sha256": hashOf(nil)},
		{"material": permitPhoto, "name": "a", "bytes": 1, "sha256": "XY"},
	} {
		r := p.post(path+"/uploads", body)
		require.Contains(t, []int{404, 422}, r.status, "%s", r.raw)
	}
	p.start(path, photo, true).refused(409, "blob.form_not_supported")
	for range 3 {
		p.start(path, photo, false).ok()
	}
	p.start(path, photo, false).refused(409, "scan.too_many_uploads")
	c.clock.moveTo(c.clock.now().Add(25 * time.Hour))
	p.login()
	p.start(path, photo, false).ok()
}

// shelfDirect plays a store that phones send files to themselves.
type shelfDirect struct{ files sync.Map }

func (s *shelfDirect) Form(_ context.Context, key string, _ int, _ time.Duration) (scan.Form, error) {
	return scan.Form{URL: "https://files.example", Fields: map[string]string{"key": key}}, nil
}

func (s *shelfDirect) Fetch(_ context.Context, key string, _ int) ([]byte, error) {
	content, ok := s.files.Load(key)
	if !ok {
		return nil, scan.ErrParts
	}
	return content.([]byte), nil
}

func (s *shelfDirect) Remove(_ context.Context, key string) error { s.files.Delete(key); return nil }

func TestAFileSentToTheStoreItselfIsInspectedAndSealed(t *testing.T) {
	store := &shelfDirect{}
	c := newTown(t, tuesday, func(in *instance) { in.rooms.tray.Direct = store })
	p := c.citizen(t)
	path := p.permitDraft()
	begun := p.start(path, large, true).ok()
	upload := "/api/v1/uploads/" + begun.text("id")
	require.Equal(t, "https://files.example", begun.text("url"))
	key := begun.text("fields.key")
	require.Equal(t, scan.IncomingKey(begun.text("id")), key)
	p.part(upload, 0, large).refused(422, "scan.part")
	p.post(upload+"/finish", nil).refused(409, "scan.parts_missing")
	store.files.Store(key, append(slices.Clone(large), "more"...))
	p.post(upload+"/finish", nil).refused(422, "scan.hash")
	store.files.Store(key, large)
	p.post(upload+"/finish", nil).ok()
	require.Equal(t, large, p.get(p.get(path+"/files/"+begun.text("id")).ok().text("url")).ok().raw)
	c.clock.moveTo(c.clock.now().Add(25 * time.Hour))
	_, err := c.in.rooms.tray.Sweep(context.Background())
	require.NoError(t, err)
	_, there := store.files.Load(key)
	require.False(t, there)
}

func TestWhereFilesAreKeptIsReadFromOneSetting(t *testing.T) {
	t.Setenv(accessKeyVariable, "key")
	t.Setenv(secretKeyVariable, "secret")
	b, err := parseBucket("s3://s3.example:9000/files?region=cn-south-1&plain&encrypt&public=https://files.example.gov.cn", time.Now)
	require.NoError(t, err)
	require.Equal(t, "s3.example:9000", b.Endpoint)
	require.Equal(t, "files", b.Bucket)
	require.True(t, b.Plain && b.PathStyle && b.Encrypt)
	require.Equal(t, "files.example.gov.cn", b.public.Host)
	for _, bad := range []string{"s3://", "s3://host", "s3://host/a/b", "s3://key:secret@host/files", "s3:///files", "s3://host/files?public=x"} {
		_, err := parseBucket(bad, time.Now)
		require.Error(t, err, bad)
		require.NotContains(t, err.Error(), "secret@")
	}
	t.Setenv(secretKeyVariable, "")
	_, err = parseBucket("s3://host/files", time.Now)
	require.ErrorContains(t, err, secretKeyVariable)
}
