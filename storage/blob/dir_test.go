package blob

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func openDir(t *testing.T, root string) Store {
	t.Helper()
	s, err := Dir(root)
	require.NoError(t, err)
	return s
}

func TestADirectoryKeepsItsPromises(t *testing.T) {
	suite(t, openDir(t, filepath.Join(t.TempDir(), "made", "on", "opening")))
}

// files lists what lies under root, by path.
func files(t *testing.T, root string) (paths []string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			paths = append(paths, strings.TrimPrefix(path, root+"/"))
		}
		return err
	}))
	return paths
}

func TestFilesOutliveTheProcess(t *testing.T) {
	root := t.TempDir()
	put(t, openDir(t, root), "case/1/a.pdf", []byte("kept"))
	require.Equal(t, "kept", string(get(t, openDir(t, root), "case/1/a.pdf")))
}

func TestPathsComeFromTheHashOfTheKey(t *testing.T) {
	// The layout is on people's disks: it must not change.
	root := t.TempDir()
	put(t, openDir(t, root), "case/1/a.pdf", []byte("x"))
	require.Equal(t, []string{"41/4151cdf4d1e8251de56f0d02df269c61e97810684286d77899cac6f69d5cc905"}, files(t, root))
}

func TestHalfWrittenFilesAreSweptAtOpening(t *testing.T) {
	root := t.TempDir()
	put(t, openDir(t, root), "kept", []byte("x"))
	require.NoError(t, os.WriteFile(filepath.Join(root, "tmp", "left-by-a-crash"), []byte("half"), 0o600))
	require.Len(t, files(t, root), 2)
	openDir(t, root)
	require.Len(t, files(t, root), 1)
}

func TestAFailedUploadLeavesNoRubbish(t *testing.T) {
	root := t.TempDir()
	s := openDir(t, root)
	require.ErrorIs(t, s.Put(t.Context(), "a", 3, strings.NewReader("too long")), ErrSize)
	require.Empty(t, files(t, root))
}

func TestFilesAreForTheirOwnerOnly(t *testing.T) {
	root := filepath.Join(t.TempDir(), "files")
	put(t, openDir(t, root), "a", []byte("x"))
	require.NoError(t, filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		require.NoError(t, err)
		info, err := e.Info()
		require.NoError(t, err)
		require.Zero(t, info.Mode().Perm()&0o077, path)
		return nil
	}))
}

func TestADirectoryThatCannotBeIsToldAtOpening(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := Dir(file)
	require.Error(t, err)
}

func TestADirectorySignsNoForms(t *testing.T) {
	_, err := openDir(t, t.TempDir()).Form(t.Context(), "a", 1, time.Minute)
	require.ErrorIs(t, err, ErrNotSupported)
}
