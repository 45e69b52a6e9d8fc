package staff

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/citizen"
)

func TestEveryRowNamesRolesThatThereAre(t *testing.T) {
	extents := []Whose{Own, OwnRun, OwnCompany, OwnOffice, OwnDepartment, OwnCity, Public}
	for id, grants := range Table {
		require.NotEmpty(t, grants, id)
		for _, g := range grants {
			require.Contains(t, Roles, g.Role, id)
			require.Contains(t, extents, g.Whose, id)
			require.True(t, g.Role != Anyone || g.Whose == Public, "%s: what anyone may use is public", id)
		}
	}
}

func TestWhatIsMissingToAnOperationIsTold(t *testing.T) {
	member := func(role Role, raised bool) Principal {
		return Principal{Account: citizen.Account{ID: "a"}, Member: &Member{Role: role}, Raised: raised}
	}
	for _, role := range Roles {
		if role == Anyone || role == Citizen {
			continue
		}
		twofold := role == Administrator || role == Auditor
		grants := []Grant{{role, OwnOffice}}
		require.ErrorIs(t, Check(grants, Principal{}), ErrNoSession)
		require.ErrorIs(t, Check(grants, Principal{Account: citizen.Account{ID: "a"}}), ErrNotAllowed)
		require.NoError(t, Check(grants, member(role, true)))
		if twofold {
			require.ErrorIs(t, Check(grants, member(role, false)), ErrNeedCode)
		} else {
			require.NoError(t, Check(grants, member(role, false)))
		}
		for _, other := range Roles {
			if other != role && other != Anyone && other != Citizen {
				require.ErrorIs(t, Check(grants, member(other, true)), ErrNotAllowed)
				require.ErrorIs(t, Check(grants, member(other, false)), ErrNotAllowed)
			}
		}
	}
	require.True(t, slices.Equal(twofold, []Role{Auditor, Administrator}))
}
