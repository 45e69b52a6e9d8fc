package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/server/demo"
	"github.com/yimen-gov/yimen/storage/storetest"
)

// bothWays are the tests that must hold on PostgreSQL in every run; with
// YIMEN_TEST_DB=postgres all of them run there that look at no file of SQLite.
var bothWays = []string{
	"TestTheJourneyIsCompleteOnAnOrdinaryDay",
	"TestTheCityIsSeenFromOutside",
	"TestABackupMadeWhilePeopleWriteComesBackOnAnotherMachine",
	"TestARepeatedWriteIsAnsweredAgainAndNotDoneAgain",
	"TestManyAtOnceWithOneKeyAreOneWrite",
	"TestAnAnswerOutlivesTheServer",
	"TestKeptAnswersAreSealed",
	"TestTwoClerksTakeOneCase",
	"TestTwoReviewersDecideAtOnce",
	"TestTwoEqualApplicationsAtOnceAreOne",
	"TestWhatWasAnsweredSurvivesSIGKILL",
	"TestARollingRestartFailsNoRequest",
}

// TestTheHouseStandsOnPostgreSQL runs them in a process of their own.
func TestTheHouseStandsOnPostgreSQL(t *testing.T) {
	if os.Getenv(storetest.EngineVar) != "" {
		t.Skip("runs on one engine by name")
	}
	storetest.Postgres(t) // or skip
	cmd := exec.Command(os.Args[0], "-test.v", "-test.run", "^("+strings.Join(bothWays, "|")+")$")
	cmd.Env = append(os.Environ(), storetest.EngineVar+"=postgres")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	for _, name := range bothWays {
		require.Contains(t, string(out), "--- PASS: "+name, "it ran")
	}
}

func TestTheJourneyIsCompleteOnAnOrdinaryDay(t *testing.T) {
	c := newTown(t, tuesday)
	var out bytes.Buffer
	_, err := demo.Play(t.Context(), c.in.stage(c.url, c.clock), &out)
	require.NoError(t, err, out.String())
	require.Regexp(t, complete, out.String())
}
