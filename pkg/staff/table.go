package staff

// Whose says on whose things a role may use an operation. The use case checks
// it against the thing itself, in the same transaction.
type Whose string

// The extents, narrow to wide.
const (
	Own           Whose = "own"            // one's own person or account
	OwnRun        Whose = "own_run"        // parcels in one's own hands
	OwnCompany    Whose = "own_company"    // parcels of one's company
	OwnOffice     Whose = "own_office"     // cases, appointments, parcels of one's office
	OwnDepartment Whose = "own_department" // cases that one's department decides, in one's division
	Public        Whose = "public"         // what everybody may know
)

// Grant lets a role use an operation on some things.
type Grant struct {
	Role  Role
	Whose Whose
}

var (
	public   = []Grant{{Anyone, Public}}
	own      = []Grant{{Citizen, Own}}
	courier  = []Grant{{Courier, OwnRun}}
	company  = []Grant{{Courier, OwnCompany}}
	window   = []Grant{{VillageStaff, OwnOffice}, {WindowStaff, OwnOffice}, {OfficeManager, OwnOffice}}
	deciding = []Grant{
		{VillageStaff, OwnOffice}, {WindowStaff, OwnOffice}, {OfficeManager, OwnOffice},
		{Reviewer, OwnDepartment},
	}
)

// Table is the one place that says who may call what. An operation without a
// row cannot be registered.
var Table = map[string][]Grant{
	// account
	"login":           public,
	"logout":          own,
	"me":              own,
	"bind-phone":      own,
	"prove-real-name": own,
	"start-face":      own,
	"finish-face":     own,
	"take-up-post":    own,
	"my-messages":     own,

	// catalogue and places
	"search-items":   public,
	"item-guide":     public,
	"theme":          public,
	"nearby-offices": public,
	"office":         public,

	// appointments
	"slots":               public,
	"hold-slot":           own,
	"release-hold":        own,
	"book":                own,
	"my-appointments":     own,
	"my-appointment":      own,
	"cancel-appointment":  own,
	"move-appointment":    own,
	"office-appointments": window,
	"check-in":            window,

	// cases
	"open-case":       own,
	"my-cases":        own,
	"my-case":         own,
	"fill-case":       own,
	"submit-case":     own,
	"withdraw-case":   own,
	"commitment":      own,
	"sign-commitment": own,
	"upload-file":     own,
	"my-file":         own,

	// at the window and in the departments
	"worklist":         deciding,
	"staff-case":       deciding,
	"case-files":       deciding,
	"case-file":        deciding,
	"take-case":        window,
	"submit-at-window": window,
	"record-originals": window,
	"judge-material":   deciding,
	"decide-case":      deciding,

	// licences, delivery, rating
	"my-licences":       own,
	"my-licence":        own,
	"verify-licence":    public,
	"issue-licence":     window,
	"revoke-licence":    {{OfficeManager, OwnOffice}},
	"choose-delivery":   own,
	"my-delivery":       own,
	"track-waybill":     own,
	"make-waybill":      window,
	"hand-over-waybill": window,
	"office-waybills":   window,
	"office-waybill":    window,
	"collect-licence":   window,
	"courier-run":       company,
	"pick-up-parcel":    company,
	"deliver-parcel":    courier,
	"fail-parcel":       courier,
	"return-parcel":     courier,
	"rate-case":         own,
}

// Grants returns the row of an operation; ok is false where there is none.
func Grants(operation string) (grants []Grant, ok bool) {
	grants, ok = Table[operation]
	return grants, ok
}

// Allows says whether the principal may use the operation at all.
func Allows(grants []Grant, p Principal) bool {
	for _, g := range grants {
		if p.Has(g.Role) {
			return true
		}
	}
	return false
}
