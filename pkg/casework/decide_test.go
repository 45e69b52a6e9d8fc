package casework

import (
	"encoding/csv"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
)

// vector is one line of testdata/tolerance_cases.csv, the rules' own examples.
type vector struct {
	name                         string
	core, tolerable, intolerable int // how many of each kind are missing
	terms                        Terms
	who                          Standing
	outcome                      Outcome
	rule                         Rule
}

func vectors(t *testing.T) (list []vector) {
	file, err := os.Open("testdata/tolerance_cases.csv")
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	for _, row := range rows[1:] {
		number := func(column int) int {
			n, err := strconv.Atoi(row[column])
			require.NoError(t, err, row[0])
			return n
		}
		at := strings.Index(row[10], "R-")
		list = append(list, vector{
			name: row[0], core: number(2), tolerable: number(3), intolerable: number(4),
			who:     Standing{Grade: citizen.Grade(row[5]), Promised: row[6] == "true"},
			terms:   Terms{number(7), number(8)},
			outcome: Outcome(row[9]), rule: Rule(row[10][at : at+4]),
		})
	}
	return list
}

// need makes the missing materials of a vector, and one of each kind that is there.
func (v vector) need() (need, missing []Requirement) {
	add := func(n int, kind string, r Requirement) {
		for i := range n {
			r.Material = catalog.MaterialCode(kind + strconv.Itoa(i))
			missing = append(missing, r)
		}
		r.Material = catalog.MaterialCode("here-" + kind)
		need = append(need, r)
	}
	add(v.core, "core", Requirement{Core: true})
	add(v.tolerable, "tolerable", Requirement{Tolerable: true})
	add(v.intolerable, "plain", Requirement{})
	return append(need, missing...), missing
}

func here(code catalog.MaterialCode) bool { return strings.HasPrefix(string(code), "here-") }

// TestTheRulesDecideTheirOwnExamples runs the 40 vectors; the outcome, the rule
// named and the list of what is missing must all be right.
func TestTheRulesDecideTheirOwnExamples(t *testing.T) {
	list := vectors(t)
	require.Len(t, list, 40)
	for _, v := range list {
		t.Run(v.name, func(t *testing.T) {
			need, missing := v.need()
			d := Decide(need, here, v.terms, v.who)
			require.Equal(t, v.outcome, d.Outcome)
			require.Equal(t, v.rule, d.Rule)
			require.ElementsMatch(t, missing, d.Missing)
		})
	}
}

// TestEachRuleIsReached decides one example for each rule, by its name.
func TestEachRuleIsReached(t *testing.T) {
	core, tolerable, plain := Requirement{Material: "c", Core: true}, Requirement{Material: "t", Tolerable: true}, Requirement{Material: "p"}
	fine := Terms{PromiseDays: 10, ToleranceDays: 8}
	promised := func(g citizen.Grade) Standing { return Standing{Grade: g, Promised: true} }
	for rule, c := range map[Rule]struct {
		missing []Requirement
		terms   Terms
		who     Standing
		want    Outcome
	}{
		"R-10": {nil, fine, promised(citizen.Revoked), Refuse},
		"R-11": {nil, Terms{}, promised(citizen.GradeD), Accept},
		"R-13": {[]Requirement{core, plain, tolerable}, fine, promised(citizen.GradeA), OneTimeNotice},
		"R-14": {[]Requirement{tolerable}, fine, Standing{Grade: citizen.GradeA}, OneTimeNotice},
		"R-15": {[]Requirement{tolerable}, fine, promised(citizen.GradeD), OneTimeNotice},
		"R-16": {[]Requirement{tolerable}, Terms{0, 8}, promised(citizen.GradeA), OneTimeNotice},
		"R-17": {[]Requirement{tolerable}, fine, promised(citizen.GradeC), TolerantTake},
		"R-18": {[]Requirement{tolerable}, Terms{9, 8}, promised(citizen.GradeB), TolerantTake},
		"R-19": {[]Requirement{tolerable}, fine, promised(citizen.GradeB), TolerantAccept},
	} {
		t.Run(string(rule), func(t *testing.T) {
			d := Decide(c.missing, here, c.terms, c.who)
			require.Equal(t, Decision{c.want, rule, d.Missing, d.Shared}, d)
			require.Empty(t, d.Shared)
			require.ElementsMatch(t, c.missing, d.Missing)
			require.NotEmpty(t, rule.Words(), "a rule that the applicant cannot read")
		})
	}
}

// TestWhatABaseVouchesForIsThereAndNamed: R-12, in words as well.
func TestWhatABaseVouchesForIsThereAndNamed(t *testing.T) {
	need := []Requirement{{Material: "a", Core: true, From: "商事登记库"}, {Material: "b"}}
	d := Decide(need, func(catalog.MaterialCode) bool { return true }, Terms{}, Standing{})
	require.Equal(t, Rule("R-11"), d.Rule)
	require.Equal(t, need[:1], d.Shared)
	require.Equal(t, Rule("R-11").Words()+"；1份材料已由共享数据核验，不需要提交", d.Words())
	d = Decide(need, here, Terms{}, Standing{})
	require.Empty(t, d.Shared, "what was taken back is not there")
	require.Equal(t, d.Rule.Words(), d.Words())
}

// TestAMaterialThatIsBothCoreAndTolerableIsCore: core wins over a slip in the
// catalogue.
func TestAMaterialThatIsBothCoreAndTolerableIsCore(t *testing.T) {
	d := Decide([]Requirement{{Material: "x", Core: true, Tolerable: true}}, here, Terms{10, 8}, Standing{citizen.GradeA, true})
	require.Equal(t, Rule("R-13"), d.Rule)
}

// TestDecidingHoldsForEveryApplication states what no example can: that the
// rules never accept without the core, never tolerate without a promise, and
// always tell everything that is missing.
func TestDecidingHoldsForEveryApplication(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		need := rapid.SliceOfDistinct(rapid.Custom(func(t *rapid.T) Requirement {
			return Requirement{
				Material: catalog.MaterialCode(rapid.StringMatching(`M-[0-9]{4}`).Draw(t, "code")),
				Core:     rapid.Bool().Draw(t, "core"), Tolerable: rapid.Bool().Draw(t, "tolerable"),
			}
		}), func(r Requirement) catalog.MaterialCode { return r.Material }).Draw(t, "need")
		had := map[catalog.MaterialCode]bool{}
		for _, r := range need {
			had[r.Material] = rapid.Bool().Draw(t, "had")
		}
		grades := []citizen.Grade{citizen.GradeA, citizen.GradeB, citizen.GradeC, citizen.GradeD, citizen.Revoked}
		who := Standing{rapid.SampledFrom(grades).Draw(t, "grade"), rapid.Bool().Draw(t, "promised")}
		terms := Terms{rapid.IntRange(0, 60).Draw(t, "promise"), rapid.IntRange(0, 30).Draw(t, "tolerance")}
		before := slices.Clone(need)

		d := Decide(need, func(code catalog.MaterialCode) bool { return had[code] }, terms, who)

		require.Equal(t, before, need, "the application itself stays as it was")
		gaps := slices.DeleteFunc(slices.Clone(need), func(r Requirement) bool { return had[r.Material] })
		require.ElementsMatch(t, gaps, d.Missing, "everything is told at once")
		vital := slices.ContainsFunc(gaps, func(r Requirement) bool { return r.Core || !r.Tolerable })
		switch d.Outcome {
		case Refuse:
			require.Equal(t, citizen.Revoked, who.Grade)
		case Accept:
			require.Empty(t, gaps)
		case TolerantAccept:
			require.True(t, !vital && who.Promised && who.Grade <= citizen.GradeB)
			require.True(t, terms.ToleranceDays >= 1 && terms.ToleranceDays <= 20 && terms.ToleranceDays <= terms.PromiseDays-2, "R-09")
		case TolerantTake:
			require.True(t, !vital && who.Promised && who.Grade != citizen.GradeD)
		case OneTimeNotice:
			require.NotEmpty(t, gaps)
		default:
			require.Fail(t, "an outcome of its own", d.Outcome)
		}
	})
}
