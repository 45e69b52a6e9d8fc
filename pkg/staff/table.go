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
	OwnCity       Whose = "own_city"       // posts and invitations of the whole city
	Public        Whose = "public"         // what everybody may know
)

// Grant lets a role use an operation on some things.
type Grant struct {
	Role  Role
	Whose Whose
}

var (
	public    = []Grant{{Anyone, Public}}
	device    = []Grant{{Terminal, OwnOffice}}
	visiting  = []Grant{{Visitor, Own}}
	either    = []Grant{{Visitor, Own}, {Terminal, OwnOffice}}
	anywhere  = []Grant{{Citizen, Own}, {Visitor, Own}} // on the phone or at a terminal
	own       = []Grant{{Citizen, Own}}
	courier   = []Grant{{Courier, OwnRun}}
	planning  = []Grant{{OfficeManager, Public}, {Administrator, Public}}
	company   = []Grant{{Courier, OwnCompany}}
	window    = []Grant{{VillageStaff, OwnOffice}, {WindowStaff, OwnOffice}, {OfficeManager, OwnOffice}}
	governing = []Grant{{Administrator, OwnCity}}
	watching  = []Grant{{Administrator, OwnCity}, {Auditor, OwnCity}}
	reviewing = []Grant{{Reviewer, OwnDepartment}}
	// supervising is the right of the head of the office that decides.
	supervising = []Grant{{OfficeManager, OwnOffice}}
	managing    = []Grant{{OfficeManager, OwnOffice}, {Administrator, OwnCity}, {Auditor, OwnCity}}
	deciding    = []Grant{
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
	"me":              anywhere,
	"bind-phone":      own,
	"prove-real-name": own,
	"start-face":      own,
	"finish-face":     own,
	"set-home":        own,
	"take-up-post":    own,
	"page-code":       own,
	"my-messages":     own,

	// pages: coming in; what a page shows or does beyond one operation
	"enter-pages": public,
	"lite-home":   own,
	"lite-today":  window,
	"lite-find":   deciding,

	// sign-ins and accounts
	"my-sessions":        own,
	"end-session":        own,
	"end-other-sessions": own,
	"my-accounts":        own,
	"unbind-account":     own,

	// acting for others
	"offer-agency":       own,
	"my-agencies":        own,
	"accept-agency":      own,
	"end-agency":         own,
	"agency-proof":       own,
	"add-child":          own,
	"claim-legal-person": own,
	"my-legal-persons":   own,

	// rights over one's data
	"my-data":       own,
	"my-looks":      own,
	"close-account": own,

	// self-service terminals
	"invite-terminal":       {{OfficeManager, OwnOffice}},
	"office-terminals":      {{OfficeManager, OwnOffice}},
	"revoke-terminal":       {{OfficeManager, OwnOffice}},
	"enrol-terminal":        public, // with a code and a signature
	"challenge-terminal":    public,
	"open-terminal":         public,
	"report-terminal":       device,
	"show-terminal-code":    device,
	"terminal-visit":        device,
	"take-terminal-visit":   device,
	"finish-terminal-visit": either,
	"terminal-code":         own,
	"confirm-terminal-code": own,
	"stop-terminal-visit":   own,
	"terminal-ticket":       either,
	"terminal-check-in":     visiting,
	"terminal-items":        either,
	"terminal-case":         visiting,
	"terminal-submit":       visiting,
	"ask-print":             visiting,
	"begin-print":           device,
	"print-page":            device,
	"report-print":          device,
	"terminal-slips":        device,

	// posts; the second factor is one's own to enrol and show
	"enrol-code": own,
	"show-code":  own,
	"invite":     governing,
	"members":    watching,
	"end-post":   governing,
	"reset-code": governing,

	"audit-trail": {{Auditor, OwnCity}},

	// catalogue and places
	"search-items":   public,
	"item-guide":     public,
	"theme":          public,
	"nearby-offices": public,
	"theme-offices":  public,
	"office":         public,

	// planning
	"coverage":            planning,
	"coverage-isochrones": planning,
	"coverage-map":        planning,

	// appointments
	"slots":                public,
	"hold-slot":            own,
	"release-hold":         own,
	"book":                 own,
	"my-appointments":      anywhere,
	"my-appointment":       own,
	"cancel-appointment":   own,
	"move-appointment":     own,
	"rushes":               public,
	"enter-rush":           own,
	"announce-rush":        {{OfficeManager, OwnOffice}},
	"call-off-rush":        {{OfficeManager, OwnOffice}},
	"other-times":          own,
	"office-appointments":  window,
	"timetable":            window,
	"enter-timetable":      {{OfficeManager, OwnOffice}},
	"undo-timetable":       {{OfficeManager, OwnOffice}},
	"check-in":             window,
	"check-in-person":      window,
	"check-in-near":        own,
	"appointment-calendar": own,
	"appointment-code":     own,
	"appeal-no-show":       own,
	"my-appeal":            own,
	"join-waiting":         own,
	"my-waiting":           own,
	"accept-waiting":       own,
	"leave-waiting":        own,
	"named-windows":        public,
	"duty":                 window,
	"booking-rules":        window,
	"book-for-person":      window,
	"set-duty":             {{OfficeManager, OwnOffice}},
	"set-booking-rule":     {{OfficeManager, OwnOffice}},
	"name-windows":         {{OfficeManager, OwnOffice}},
	"appeals":              {{OfficeManager, OwnOffice}},
	"decide-appeal":        {{OfficeManager, OwnOffice}},
	"set-city-rule":        governing,

	// queues
	"take-ticket":      own,
	"my-tickets":       anywhere,
	"my-ticket":        own,
	"withdraw-ticket":  own,
	"display":          public,
	"give-ticket":      window,
	"queue-tickets":    window,
	"queue-ticket":     window,
	"call-next":        window,
	"call-back-ticket": window,
	"recall-ticket":    window,
	"skip-ticket":      window,
	"serve-ticket":     window,
	"park-ticket":      window,
	"return-ticket":    window,
	"transfer-ticket":  window,
	"finish-ticket":    window,
	"reopen-ticket":    window,
	"give-up-ticket":   window,
	"enter-slips":      window,
	"windows":          window,
	"open-window":      window,
	"close-window":     window,
	"set-window":       {{OfficeManager, OwnOffice}},
	"close-queue":      {{OfficeManager, OwnOffice}},

	// cases
	"open-case":       own,
	"my-cases":        anywhere,
	"my-case":         anywhere,
	"fill-case":       anywhere,
	"submit-case":     own,
	"withdraw-case":   own,
	"commitment":      anywhere,
	"sign-commitment": anywhere,
	"upload-file":     anywhere,
	"start-upload":    own,
	"my-upload":       own,
	"upload-part":     own,
	"finish-upload":   own,
	"my-papers":       anywhere,

	// what shared bases vouch for
	"my-reuse":         own,
	"ask-bases":        own,
	"object-reuse":     own,
	"my-reuses":        own,
	"case-reuse":       deciding,
	"ask-at-window":    window,
	"line-differences": deciding,
	"reuse-flags":      deciding,
	"shared-bases":     watching,
	"revoke-base":      governing,
	"revocations":      watching,

	// offers after events of a life, and credit
	"my-offers":     own,
	"want-offers":   own,
	"take-offer":    own,
	"dismiss-offer": own,
	"offer-figures": watching,
	"my-credit":     own,
	"repair-credit": {{OfficeManager, OwnOffice}},

	"issue-paper":   own,
	"my-files":      own,
	"my-file":       own,
	"download-file": public, // by a link that is signed for one person

	// all items of a theme as one
	"open-errand":        own,
	"my-errands":         own,
	"my-errand":          own,
	"fill-errand":        own,
	"upload-errand-file": own,
	"submit-errand":      own,

	// the time of a case, what was asked for, decisions by rule
	"case-clock":       own,
	"case-notices":     own,
	"ask-relief":       own,
	"instant-decision": own,
	"ask-review":       own,

	// at the window and in the departments
	"worklist":       deciding,
	"staff-case":     deciding,
	"reveal-case":    deciding,
	"case-files":     deciding,
	"case-file":      deciding,
	"take-case":      deciding,
	"case-papers":    deciding,
	"print-paper":    deciding,
	"receive-person": window,

	"arrange-agency":       window,
	"agencies-at-window":   window,
	"end-agency-at-window": window,
	"choose-at-window":     window,

	"open-at-window":   window,
	"fill-at-window":   window,
	"submit-at-window": window,
	"record-originals": window,
	"judge-material":   deciding,
	"decide-case":      deciding,

	// time, joint review and hands of a case
	"receive-case":      window,
	"give-notice":       deciding,
	"staff-notices":     deciding,
	"rule-notice":       supervising,
	"staff-clock":       deciding,
	"pause-case":        deciding,
	"resume-case":       deciding,
	"extend-case":       supervising,
	"rule-relief":       supervising,
	"staff-relief":      deciding,
	"case-alarms":       deciding,
	"take-supplement":   window,
	"case-supplements":  deciding,
	"consult":           reviewing,
	"give-opinion":      reviewing,
	"opinions":          deciding,
	"opinions-due":      reviewing,
	"settle-case":       supervising,
	"hand-over-case":    deciding,
	"office-colleagues": deciding,
	"correct-case":      supervising,
	"reopen-case":       supervising,
	"case-record":       deciding,
	"reviews-asked":     reviewing,
	"answer-review":     reviewing,

	// licences, delivery, rating
	"my-licences":       anywhere,
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
	"rate-visit":        own,
	"my-ratings":        own,
	"office-ratings":    managing,
	"rating-figures":    managing,
	"reply-rating":      {{OfficeManager, OwnOffice}},

	// proof of licences, and their renewal
	"show-holder":       own,
	"licence-proof":     own,
	"ledger-checkpoint": public,
	"replace-licence":   window,

	// parcels on their way
	"redirect-waybill":   own,
	"renew-code":         own,
	"delivery-companies": own,
	"confirm-delivery":   own,
	"take-over-bag":      company,
	"set-out":            courier,
	"call-recipient":     courier,
	"pass-parcel":        courier,
	"report-parcel":      courier,
	"colleagues":         company,
	"arrive":             courier,
	"deposit-parcel":     courier,
	"retrieve-parcel":    courier,
	"file-evidence":      courier,
	"send-acts":          courier,
	"cancel-waybill":     window,
	"hold-waybill":       window,
	"send-waybill-back":  window,
	"take-waybill-back":  window,
	"reassign-waybill":   {{OfficeManager, OwnOffice}},
	"report-waybill":     window,
	"release-result":     {{OfficeManager, OwnOffice}},
	"waybill-label":      window,
	"waybill-label-page": window,
	"waybill-evidence":   window,
	"order-again":        window,
	"late-results":       window,
	"courier-conflicts":  window,

	// paper between offices
	"my-originals":       own,
	"take-in-original":   window,
	"give-back-original": window,
	"office-originals":   window,
	"trace-original":     window,
	"make-bag":           window,
	"pack-bag":           window,
	"unpack-bag":         window,
	"seal-bag":           window,
	"open-bag":           window,
	"drop-bag":           window,
	"hand-over-bag":      window,
	"receive-bag":        window,
	"claim-original":     window,
	"settle-bag":         {{OfficeManager, OwnOffice}},
	"bags":               window,
	"bag":                window,
	"late-bags":          append(watching[:2:2], window...),
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

// Check is nil where the principal may use the operation, and otherwise says
// what is missing: a sign-in, a code, or the right itself.
// Errors: ErrNoSession, ErrNeedCode, ErrNotAllowed.
func Check(grants []Grant, p Principal) error {
	with := p
	with.Raised = true
	switch {
	case Allows(grants, p):
		return nil
	case p.Caller() == "":
		return ErrNoSession
	case Allows(grants, with):
		return ErrNeedCode
	case p.Session.Terminal != "":
		return ErrNotAllowed.Saying("自助终端上不能做这项操作，请在手机上办理")
	default:
		return ErrNotAllowed
	}
}
