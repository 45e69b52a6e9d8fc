package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAQueryParameterThatIsNotTakenIsRefusedByName(t *testing.T) {
	a := New(Config{NewID: func() string { return "id" }, Log: slog.New(slog.DiscardHandler)})
	Get(a, Op{ID: "search-items", Path: "/items/{item}", Tag: "t"}, func(context.Context, *struct {
		Page
		Item string `path:"item"`
		Q    string `query:"q"`
	}) (*Done, error) {
		return &Done{true}, nil
	})
	for query, wrong := range map[string][]string{
		"":                        nil,
		"?":                       nil,
		"?q=a":                    nil,
		"?q":                      nil,
		"?q=a&limit=5&cursor=c":   nil,
		"?%71=a":                  nil,
		"?q=x;y=1":                nil,
		"?Q=a":                    {"query.Q"},
		"?item=x":                 {"query.item"},
		"?limits=5":               {"query.limits"},
		"?q=a&qq=b&lim=3":         {"query.qq", "query.lim"},
		"?Authorization=Bearer+x": {"query.Authorization"},
	} {
		res, err := a.Fiber.Test(httptest.NewRequest("GET", "/items/x"+query, nil))
		require.NoError(t, err)
		if wrong == nil {
			require.Equal(t, 200, res.StatusCode, query)
			continue
		}
		require.Equal(t, 422, res.StatusCode, query)
		var p Problem
		require.NoError(t, json.NewDecoder(res.Body).Decode(&p))
		require.Equal(t, ErrInvalid.Code, p.Code)
		require.Equal(t, "id", p.RequestID)
		var paths []string
		for _, f := range p.Fields {
			paths = append(paths, f.Path)
			require.NotEmpty(t, f.Text)
		}
		require.Equal(t, wrong, paths, query)
	}
}
