package citizen

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// AgencyKind says where the right to act for somebody comes from.
type AgencyKind string

// The kinds of agency.
const (
	Granted  AgencyKind = "granted"  // 委托：the principal has given it
	Guardian AgencyKind = "guardian" // 监护：the law gives it until the child is of age
)

// AgencyState is where an agency stands.
type AgencyState string

// The states of an agency: offered → active → ended, or offered → ended.
const (
	Offered AgencyState = "offered" // 待代办人接受
	Active  AgencyState = "active"  // 生效
	Ended   AgencyState = "ended"   // 已终止
)

// Side is one of the two sides of an agency.
type Side string

// The sides: the principal is acted for, the agent acts.
const (
	AsPrincipal Side = "principal" // 委托人
	AsAgent     Side = "agent"     // 代办人
)

// Relation says what the agent is to the principal, as the two have said it.
type Relation string

// The relations; "" is unsaid.
const (
	Spouse      Relation = "spouse"       // 配偶
	Parent      Relation = "parent"       // 父母
	Child       Relation = "child"        // 子女
	Sibling     Relation = "sibling"      // 兄弟姐妹
	OtherFamily Relation = "other_family" // 其他家庭成员
	Colleague   Relation = "colleague"    // 单位同事
	Other       Relation = "other"        // 其他
)

// Agency (代办关系) lets one person act for another. An agent acts in what they
// have begun for the principal; a guardian, and the agent of somebody who has
// no account to see for themselves, in everything of the items that it names.
type Agency struct {
	ID        string
	Kind      AgencyKind
	Relation  Relation
	Principal ID
	Agent     ID
	Items     []string // item codes; empty = every item
	State     AgencyState
	MadeAt    time.Time
	EndsAt    time.Time // the moment from which it no longer counts
	// Both names and what the principal is, when read from the store.
	PrincipalName, AgentName Name
	PrincipalKind            Kind
	AcceptedAt, EndedAt      time.Time
	// ArrangedBy is the member of staff who arranged it at the window, on the
	// paper that Proof names; "" where the two did it themselves.
	ArrangedBy string
	Proof      Proof
}

// Proof is the paper that an arrangement rests on: a signed mandate, a
// household register, a court's appointment of a guardian.
type Proof struct {
	File   string // where its content lies, "" = there is none
	Media  string
	Bytes  int64
	SHA256 string
}

// ShownPrincipal is the principal's name as an agent sees it: masked, but for
// an organisation, whose name is no secret.
func (a Agency) ShownPrincipal() string {
	if a.PrincipalKind == Legal {
		return a.PrincipalName.String()
	}
	return a.PrincipalName.Masked()
}

// agencyMost bounds how long somebody may be given leave to act.
const agencyMost = 3 * 366 * 24 * time.Hour

// ofAge is the day that makes a child an adult (民法典 Art. 17).
const ofAge = 18

// Errors of agencies.
var (
	ErrNoAgency    = fault.New(fault.NotFound, "citizen.no_agency", "没有找到这项代办授权，请刷新后再看")
	ErrAgencyOver  = fault.New(fault.Conflict, "citizen.agency_over", "这项代办授权已生效、已终止或已过期，不能再这样操作；如仍需代办，请由委托人重新授权")
	ErrAgencyTime  = fault.New(fault.Invalid, "citizen.agency_time", "授权期限须在今天之后、三年以内，请重新选择")
	ErrAgencySelf  = fault.New(fault.Invalid, "citizen.agency_self", "不能授权本人代办本人的事项，请填写代办人的姓名和身份证号")
	ErrNotAgent    = fault.New(fault.Forbidden, "citizen.not_agent", "您没有为该人办理本事项的授权，请由其本人在“我的—代办授权”授权后再办")
	ErrNotGuardian = fault.New(fault.Forbidden, "citizen.not_guardian", "没有查到您是该未成年人的监护人，请携带户口簿到窗口办理")
	ErrGrownUp     = fault.New(fault.Conflict, "citizen.grown_up", "该人已满18周岁，请由其本人授权代办")
	ErrNotRep      = fault.New(fault.Forbidden, "citizen.not_representative", "登记的法定代表人不是您，或单位名称、代码不一致，请核对营业执照；刚变更的请次日再试")
	ErrNoProof     = fault.New(fault.NotFound, "citizen.no_proof", "这项代办授权由双方在小程序中自行办理，没有证明材料；如需书面证明，请到窗口办理")
	ErrWard        = fault.New(fault.Invalid, "citizen.ward", "监护人须已满18周岁；未成年人的监护期限到其年满18周岁为止，请核对")
	ErrNotForOrg   = fault.New(fault.Forbidden, "citizen.not_for_org", "只有法定代表人可以为单位授权代办，请由法定代表人操作")
)
