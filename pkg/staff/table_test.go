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
	posts := []Role{Courier, VillageStaff, WindowStaff, Reviewer, OfficeManager, Auditor, Administrator}
	for _, role := range posts {
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
		for _, other := range posts {
			if other != role {
				require.ErrorIs(t, Check(grants, member(other, true)), ErrNotAllowed)
				require.ErrorIs(t, Check(grants, member(other, false)), ErrNotAllowed)
			}
		}
	}
	require.True(t, slices.Equal(twofold, []Role{Auditor, Administrator}))
}

// TestAtATerminalOneIsAVisitorAndNothingElse, whatever post the account holds;
// and a device is no person.
func TestAtATerminalOneIsAVisitorAndNothingElse(t *testing.T) {
	visitor := Principal{
		Account: citizen.Account{ID: "a"}, Member: &Member{Role: OfficeManager}, Raised: true, Session: citizen.Session{Terminal: "t"},
	}
	device := Principal{Device: &Device{ID: "t"}}
	for _, role := range Roles {
		require.Equal(t, role == Anyone || role == Visitor, visitor.Has(role), role)
		require.Equal(t, role == Anyone || role == Terminal, device.Has(role), role)
	}
	require.ErrorIs(t, Check(own, visitor), ErrNotAllowed)
	require.ErrorIs(t, Check(own, device), ErrNotAllowed)
	require.NotEqual(t, visitor.Caller(), device.Caller())
}
