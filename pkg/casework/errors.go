package casework

import "github.com/yimen-gov/yimen/pkg/fault"

// What can go wrong at the counter.
var (
	ErrNoCase        = fault.New(fault.NotFound, "casework.not_found", "没有找到这个办件，请在“我的办件”里查看")
	ErrNoMaterial    = fault.New(fault.NotFound, "casework.no_material", "本事项不需要这份材料，请按材料清单提交")
	ErrNoFile        = fault.New(fault.NotFound, "casework.no_file", "没有找到这个文件，请刷新后再试")
	ErrNotFromThere  = fault.New(fault.Conflict, "casework.not_from_there", "本事项由居住地或标的所在地的网点受理，请在“可办网点”里另选一处，或更新居住地")
	ErrNotHere       = fault.New(fault.Conflict, "casework.not_here", "该网点不受理本事项，请在“可办网点”里另选一处")
	ErrNotOnline     = fault.New(fault.Conflict, "casework.not_online", "本事项须到窗口提交，请预约后携带材料到窗口办理")
	ErrSubject       = fault.New(fault.Conflict, "casework.wrong_subject", "本事项只由单位申请，请由单位的法定代表人或经办人到窗口办理")
	ErrForm          = fault.New(fault.Invalid, "casework.form", "表单有需要更正的内容，请按提示逐项修改")
	ErrCondition     = fault.New(fault.Invalid, "casework.condition_unsaid", "请先回答各项材料的适用情形，再提交")
	ErrDuplicate     = fault.New(fault.Conflict, "casework.duplicate", "您有一件相同内容的申请正在办理，请在“我的办件”里查看，不必重复提交")
	ErrNothingOwed   = fault.New(fault.Conflict, "casework.nothing_to_commit", "目前没有可以容缺的材料，不需要签承诺书；请补齐材料后直接提交")
	ErrText          = fault.New(fault.Conflict, "casework.commitment_changed", "承诺书内容已变化，请重新阅读后再签署")
	ErrOtherClerk    = fault.New(fault.Conflict, "casework.other_clerk", "这个办件正由其他工作人员办理，请与其联系或由负责人调整")
	ErrNotTaken      = fault.New(fault.Conflict, "casework.not_taken", "请先接件，再办理这一步")
	ErrMaterialsDue  = fault.New(fault.Conflict, "casework.materials_due", "还有材料没有补齐或没有审核合格，不能作出准予决定；请先审完每份材料")
	ErrNotDecider    = fault.New(fault.Forbidden, "casework.not_decider", "本事项由有权部门决定，请转交审批人员办理")
	ErrTooManyFiles  = fault.New(fault.Conflict, "casework.too_many_files", "一个办件最多上传 60 个文件，请合并后再上传")
	ErrHasFile       = fault.New(fault.Conflict, "casework.has_file", "这个文件已经上传，请在办件里查看，不必再传")
	ErrLate          = fault.New(fault.Conflict, "casework.late", "已超过补齐期限，不能再补；请重新申请")
	ErrHasCase       = fault.New(fault.Conflict, "casework.has_case", "这个预约已经开了办件，请在“我的办件”里继续")
	ErrNoAppointment = fault.New(fault.NotFound, "casework.no_appointment", "没有找到您在这个网点办理本事项的预约，请先预约或不填预约")
	ErrReason        = fault.New(fault.Invalid, "casework.reason", "不予许可或材料不合格须写明理由，请填写后再提交")
)
