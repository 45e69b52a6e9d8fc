// Package staff (工作人员) decides who may do what: roles, the things each role
// may touch, and the one table that says so for every operation.
package staff

import (
	"slices"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// ID names a member of staff or a courier.
type ID string

// Role is what somebody is to the service.
type Role string

// The roles. Anyone and Citizen need no invitation.
const (
	Anyone        Role = "anyone"         // nobody needs to be signed in
	Citizen       Role = "citizen"        // 市民: any signed-in account
	Courier       Role = "courier"        // 快递员
	VillageStaff  Role = "village_staff"  // 村居工作人员
	WindowStaff   Role = "window_staff"   // 窗口人员
	Reviewer      Role = "reviewer"       // 审批人员
	OfficeManager Role = "office_manager" // 大厅负责人
	Auditor       Role = "auditor"        // 审计人员
	Administrator Role = "administrator"  // 管理员
	Terminal      Role = "terminal"       // 自助终端: an enrolled device
	Visitor       Role = "visitor"        // 市民: signed in at a terminal, for what is done there
)

// Roles lists them all, in that order.
var Roles = []Role{Anyone, Citizen, Courier, VillageStaff, WindowStaff, Reviewer, OfficeManager, Auditor, Administrator, Terminal, Visitor}

// Member is a post that an account holds: a role at an office, in a department
// or with a courier company.
type Member struct {
	ID         ID
	Account    citizen.AccountID
	Role       Role
	Name       citizen.Name
	Office     place.OfficeCode       // village and window staff, managers, reviewers
	Department catalog.DepartmentCode // reviewers
	Company    string                 // couriers
	InvitedBy  ID                     // the administrator, "" = from the command line
	TakenAt    time.Time
	LeftAt     time.Time // zero while the post is held
	LeftBy     ID        // who ended it
}

// Invitation lets whoever holds its code take up a post, once.
type Invitation struct {
	CodeHash [32]byte
	Post     Member // without ID and Account
	EndsAt   time.Time
}

// Principal is who stands behind a request.
type Principal struct {
	Account citizen.Account
	Member  *Member // nil for a citizen
	Session citizen.Session
	Device  *Device // a terminal itself; nil for people
	// Raised says that this session has shown a second factor lately.
	Raised bool
}

// twofold are the roles that act only with a second factor.
var twofold = []Role{Auditor, Administrator}

// Twofold says whether the post acts only with a second factor.
func (m *Member) Twofold() bool { return m != nil && slices.Contains(twofold, m.Role) }

// Device is an enrolled terminal.
type Device struct {
	ID     string
	Office place.OfficeCode
}

// DeviceToken is how the tokens of devices begin.
const DeviceToken = "terminal."

// Caller is who asks, as limits and kept answers name them; "" = nobody knows.
func (p Principal) Caller() string {
	if p.Device != nil {
		return DeviceToken + p.Device.ID
	}
	return string(p.Account.ID)
}

// Has says whether the principal may act as role. Everybody signed in on a
// phone of their own is a citizen as well; whoever is signed in at a terminal
// is a visitor and nothing else, even a member of staff.
func (p Principal) Has(role Role) bool {
	visits := p.Session.Terminal != ""
	switch {
	case role == Anyone:
		return true
	case role == Terminal:
		return p.Device != nil
	case role == Visitor:
		return visits
	case visits:
		return false
	case role == Citizen:
		return p.Account.ID != ""
	default:
		return p.Member != nil && p.Member.Role == role && (p.Raised || !p.Member.Twofold())
	}
}

// Errors of admission.
var (
	ErrNoSession     = fault.New(fault.Unauthenticated, "session.missing", "请先登录后再操作")
	ErrSessionEnded  = fault.New(fault.Unauthenticated, "session.ended", "登录已失效，请重新登录后再操作")
	ErrNotAllowed    = fault.New(fault.Forbidden, "staff.not_allowed", "您的岗位不能做这项操作，请联系本单位负责人")
	ErrOtherOffice   = fault.New(fault.Forbidden, "staff.other_office", "这不是本单位的业务，请由受理单位的工作人员操作")
	ErrNoMember      = fault.New(fault.NotFound, "staff.no_member", "没有找到这个岗位，可能已经离岗，请刷新后再看")
	ErrNoInvitation  = fault.New(fault.NotFound, "staff.no_invitation", "邀请码无效或已过期，请向管理员重新索取")
	ErrHasPost       = fault.New(fault.Conflict, "staff.has_post", "本微信账号已有岗位，请先由管理员办理离岗")
	ErrBadInvitation = fault.New(fault.Invalid, "staff.bad_invitation", "邀请内容不完整，请检查岗位、单位和姓名")
)
