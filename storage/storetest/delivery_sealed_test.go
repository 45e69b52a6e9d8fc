package storetest_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/delivery"
	"github.com/yimen-gov/yimen/pkg/rating"
	"github.com/yimen-gov/yimen/pkg/seal"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

// Who steals the files of the database reads no name, address, phone or code.
func TestAParcelRestsSealed(t *testing.T) {
	text, err := seal.Generate(rand.Reader)
	require.NoError(t, err)
	keys, err := seal.ParseKeys(text)
	require.NoError(t, err)
	ring, err := seal.NewKeyring(keys)
	require.NoError(t, err)
	folder := t.TempDir()
	db, err := sqlstore.Open(t.Context(), sqlstore.Config{Path: filepath.Join(folder, "yimen.db"), Keys: ring, Now: time.Now})
	require.NoError(t, err)

	h := handoutOver(t, db)
	ann := h.courier("速达")
	w := h.pickedUp(ann)
	_, err = h.desk.Fail(t.Context(), ann, w.ID, delivery.OtherReason, "门卫不让进")
	require.NoError(t, err)
	_, err = h.box.Rate(t.Context(), rating.Rating{Kind: rating.OfCase, Subject: w.Case, Person: h.me(), Grade: 2, Text: "等了三个星期"})
	require.NoError(t, err)
	require.NoError(t, db.Close())

	var files strings.Builder
	names, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	for _, name := range names {
		content, err := os.ReadFile(name)
		require.NoError(t, err)
		files.Write(content)
	}
	require.Contains(t, files.String(), w.Number, "the test reads the right files")
	for _, secret := range []string{"张三丰", "13800138000", "人民路1号302", "门卫不让进", "等了三个星期", "验证码"} {
		require.NotContains(t, files.String(), secret)
	}
}
