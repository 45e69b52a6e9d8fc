package appointment

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// callers lists the functions of the whole project, tests aside, that call
// something by its name.
func callers(t *testing.T, name string) (list []string) {
	files := token.NewFileSet()
	require.NoError(t, filepath.WalkDir("../..", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		file, err := parser.ParseFile(files, path, nil, 0)
		require.NoError(t, err)
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if ok && calls(f, name) {
				list = append(list, filepath.Base(filepath.Dir(path))+"."+f.Name.Name)
			}
		}
		return nil
	}))
	slices.Sort(list)
	return list
}

func calls(f *ast.FuncDecl, name string) (found bool) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch c := n.(type) {
		case *ast.SelectorExpr:
			found = found || c.Sel.Name == name
		case *ast.CallExpr:
			id, ok := c.Fun.(*ast.Ident)
			found = found || ok && id.Name == name
		}
		return true
	})
	return found
}

// TestThereIsOneWayToASeat: whoever asks, one function takes, and one file has
// the statements.
func TestThereIsOneWayToASeat(t *testing.T) {
	require.Equal(t, []string{"appointment.takeAny"}, callers(t, "TakeSeats"))
	require.Equal(t, []string{"appointment.takeSeats"}, callers(t, "takeAny"))
	statement := regexp.MustCompile(`(?i)(insert\s+into|update|delete\s+from)\s+(seat|window_seat)\b`)
	sources, err := filepath.Glob("../../storage/sqlstore/*.go")
	require.NoError(t, err)
	require.NotEmpty(t, sources)
	for _, path := range sources {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		if !strings.HasSuffix(path, "_test.go") && statement.Match(text) {
			require.Equal(t, "seats.go", filepath.Base(path))
		}
	}
}
