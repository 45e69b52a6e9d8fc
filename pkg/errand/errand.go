package errand

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// State is where an errand stands.
type State string

// The states of an errand; what its cases do is told by the cases.
const (
	Draft   State = "draft"   // 填写中
	Running State = "running" // 办理中
)

// StepState is where one item of an errand stands.
type StepState string

// The states of a step.
const (
	Waiting  StepState = "waiting"   // for an earlier item, or for its turn
	HandedIn StepState = "handed_in" // its case goes its own way
	NeedsYou StepState = "needs_you" // the person has to do something in its case
	Blocked  StepState = "blocked"   // an earlier item did not succeed
)

// Errand is one application for all items of a theme.
type Errand struct {
	ID         string
	Theme      catalog.ThemeCode
	Edition    int
	Person     citizen.ID
	Office     place.OfficeCode
	State      State
	Level      citizen.Level // how far the person had proved who they are when they handed it in
	Form       map[string]string
	Conditions map[catalog.MaterialCode]bool
	OpenedAt   time.Time
	HandedInAt time.Time
	Turns      []Turn
	Files      []File
}

// File is one file of the one set of materials; its content lies sealed
// elsewhere and is lent to every case that asks for the material.
type File struct {
	ID       string
	Material catalog.MaterialCode
	Name     string
}

// Turn is one item of an errand. Its case has its id from the beginning, so
// that an interrupted opening is found again.
type Turn struct {
	Item  catalog.ItemCode
	Case  casework.ID
	State StepState
	Note  string // what the person has to do, or why it is blocked
}

// What can go wrong with an errand.
var (
	ErrNoErrand   = fault.New(fault.NotFound, "errand.not_found", "没有找到这件一件事申请，请在“我的一件事”里查看")
	ErrHandedIn   = fault.New(fault.Conflict, "errand.handed_in", "这件一件事已经提交，请到各个办件里继续")
	ErrForm       = fault.New(fault.Invalid, "errand.form", "表单有需要更正的内容，请按提示逐项修改")
	ErrNotJoint   = fault.New(fault.Conflict, "errand.not_joint", "这个主题不能一次申请，请分别办理其中的事项")
	ErrMaterial   = fault.New(fault.NotFound, "errand.no_material", "本主题不需要您交这份材料，请按材料清单提交")
	ErrManyFiles  = fault.New(fault.Conflict, "errand.too_many_files", "一件一件事最多上传 60 个文件，请合并后再上传")
	ErrNotOffered = fault.New(fault.Conflict, "errand.not_here", "这个网点不受理该主题的第一个事项，请另选网点")
)
