package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/server/bench"
)

// asCommand in the environment makes the test binary the command itself, which
// some benchmarks start once more.
const asCommand = "THE_TEST_BINARY_IS_THE_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	os.Exit(ended(m.Run()))
}

// benched runs the command and returns its figures.
func benched(t *testing.T, args ...string) (list []bench.Figure) {
	t.Setenv(asCommand, "1")
	var out, errs bytes.Buffer
	require.Zero(t, run(append([]string{"bench"}, args...), &out, &errs), errs.String())
	for line := range strings.Lines(out.String()) {
		var keys map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &keys), line)
		for _, key := range []string{"bench", "figure", "value", "unit", "limit", "ratio", "target", "met"} {
			require.Contains(t, keys, key, line)
		}
		require.Len(t, keys, 8, line)
		require.IsType(t, true, keys["met"], line)
		var f bench.Figure
		require.NoError(t, json.Unmarshal([]byte(line), &f))
		list = append(list, f)
	}
	return list
}

func TestEveryBenchTellsItsFigures(t *testing.T) {
	told := map[string]int{}
	for _, f := range benched(t, "--quick") {
		require.NotEmpty(t, f.Figure)
		require.NotEmpty(t, f.Unit)
		if f.Limit != nil && f.Target != nil {
			require.Positive(t, *f.Ratio, f.Figure)
		}
		told[f.Bench]++
	}
	for _, b := range bench.All() {
		require.Positive(t, told[b.Name], b.Name)
	}
}

func TestNothingAnsweredIsLostToSIGKILL(t *testing.T) {
	figures := benched(t, "commit-sigkill", "--seconds", "1")
	require.Len(t, figures, 2)
	require.Positive(t, figures[0].Value, "writes were answered before each kill")
	require.Zero(t, figures[1].Value)
	require.True(t, figures[1].Met)
}

func TestBenchesAreListedAndChosenByName(t *testing.T) {
	var out, errs bytes.Buffer
	require.Zero(t, run([]string{"bench", "--list"}, &out, &errs))
	for _, b := range bench.All() {
		require.Contains(t, out.String(), b.Name)
		require.Contains(t, out.String(), b.About)
	}
	for _, f := range benched(t, "search", "--quick") {
		require.Equal(t, "search", f.Bench)
	}
}

func TestAnUnknownBenchIsAnErrorOfTheCommandLine(t *testing.T) {
	for _, args := range [][]string{{"nope"}, {"commit", "nope"}, {"--seconds", "0"}, {"--seconds", "x"}, {"--nope"}} {
		var out, errs bytes.Buffer
		require.Equal(t, 2, run(append([]string{"bench"}, args...), &out, &errs), args)
		require.Empty(t, out.String())
		require.NotEmpty(t, errs.String())
	}
	var out, errs bytes.Buffer
	run([]string{"bench", "nope"}, &out, &errs)
	require.Contains(t, errs.String(), "nope")
	require.Contains(t, errs.String(), "http-floor", "what there is")
}
