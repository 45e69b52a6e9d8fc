package wechat

import "github.com/yimen-gov/yimen/pkg/fault"

// What can go wrong between a person, this house and WeChat.
var (
	ErrBusy          = fault.New(fault.Unavailable, "wechat.busy", "微信系统繁忙，请稍后再试").After(5)
	ErrUnreachable   = fault.New(fault.Unavailable, "wechat.unreachable", "暂时连不上微信，请稍后再试").After(10)
	ErrTooOften      = fault.New(fault.TooMany, "wechat.too_often", "操作太频繁，请在 60 秒后再试").After(60)
	ErrQuota         = fault.New(fault.Unavailable, "wechat.quota", "今天调用微信的次数已用完，请明天再试，急事请到窗口办理").After(3600)
	ErrRejected      = fault.New(fault.Unavailable, "wechat.rejected", "微信没有受理这次请求，请稍后再试，仍不行请联系工作人员").After(10)
	ErrMisconfigured = fault.New(fault.Internal, "wechat.misconfigured", "系统与微信的对接配置有误，已记录，请稍后再试")
	ErrToken         = fault.New(fault.Unavailable, "wechat.token", "系统正在重新取得微信授权，请稍后再试").After(30)

	ErrCodeInvalid = fault.New(fault.Invalid, "wechat.code_invalid", "登录凭证无效或已过期，请重新打开小程序再登录")
	ErrCodeUsed    = fault.New(fault.Conflict, "wechat.code_used", "登录凭证已经用过，请重新登录")
	ErrBlocked     = fault.New(fault.Forbidden, "wechat.blocked", "该微信账号被微信限制登录，请联系微信客服，或持身份证到窗口办理")
	ErrPhoneCode   = fault.New(fault.Invalid, "wechat.phone_code_invalid", "手机号授权已失效，请重新点击“获取手机号”")
	ErrOpenID      = fault.New(fault.Invalid, "wechat.openid_invalid", "微信账号与本小程序不符，请重新登录")
	ErrSealed      = fault.New(fault.Invalid, "wechat.sealed_data_invalid", "微信加密数据无法解开，请重新登录后再试")

	ErrRefused      = fault.New(fault.Conflict, "wechat.message_refused", "对方没有订阅这类消息或已拒收，请改用短信或电话通知")
	ErrTemplate     = fault.New(fault.Internal, "wechat.template_unknown", "消息模板不存在，已记录，请联系系统管理员")
	ErrTemplateData = fault.New(fault.Invalid, "wechat.template_data", "消息内容不符合模板要求，请修改后再发")
	ErrPage         = fault.New(fault.Invalid, "wechat.page_invalid", "小程序页面不存在，请检查页面路径")
	ErrScene        = fault.New(fault.Invalid, "wechat.scene_invalid", "小程序码参数只能是 32 个以内的字母、数字和常用符号，请修改")
	ErrWidth        = fault.New(fault.Invalid, "wechat.code_width_invalid", "小程序码宽度须在 280 到 1280 像素之间，请修改")

	ErrNotVisited  = fault.New(fault.Conflict, "wechat.not_visited", "请先打开小程序，再提交内容")
	ErrTextTooLong = fault.New(fault.Invalid, "wechat.text_too_long", "内容不能超过 2500 字，请删减后再提交")
	ErrMedia       = fault.New(fault.Invalid, "wechat.media_invalid", "图片或音频地址无法送检，请重新上传")

	ErrFaceInput    = fault.New(fault.Invalid, "wechat.face_input", "请填写姓名和 18 位身份证号后再做人脸核验")
	ErrFaceRejected = fault.New(fault.Invalid, "wechat.face_rejected", "人脸核验没有受理，请核对姓名和身份证号后重新核验，或到窗口办理")

	ErrPushForged    = fault.New(fault.Forbidden, "wechat.push_forged", "消息签名不符，请检查消息推送配置")
	ErrPushStale     = fault.New(fault.Forbidden, "wechat.push_stale", "消息已过时，请检查服务器时间后重新推送")
	ErrPushPlain     = fault.New(fault.Forbidden, "wechat.push_plain", "只接收加密消息，请在微信后台选择安全模式")
	ErrPushMalformed = fault.New(fault.Invalid, "wechat.push_malformed", "消息无法读取，请检查推送格式与密钥")
	ErrPushRepeated  = fault.New(fault.Conflict, "wechat.push_repeated", "消息已经处理过，请勿重复推送")
	ErrPushUnsure    = fault.New(fault.Unavailable, "wechat.push_unsure", "暂时无法判断消息是否处理过，请稍后重新推送").After(5)
)

// everywhere maps the errcodes that mean the same at every endpoint.
var everywhere = map[int64]error{
	codeBusy:         ErrBusy,
	codeTokenInvalid: ErrToken,
	codeTokenBad:     ErrToken,
	codeTokenExpired: ErrToken,
	40003:            ErrOpenID,
	40002:            ErrMisconfigured,
	40013:            ErrMisconfigured,
	40125:            ErrMisconfigured,
	40164:            ErrMisconfigured,
	41001:            ErrMisconfigured,
	41002:            ErrMisconfigured,
	41004:            ErrMisconfigured,
	48001:            ErrMisconfigured,
	89503:            ErrMisconfigured,
	45009:            ErrQuota,
	45011:            ErrTooOften,
	61010:            ErrNotVisited,
}

// shorts are our own words for errcodes, for logs.
var shorts = map[int64]string{
	codeBusy:         "busy",
	codeTokenInvalid: "token refused",
	codeTokenBad:     "token malformed",
	codeTokenExpired: "token expired",
	40003:            "openid",
	40002:            "grant type",
	40013:            "appid",
	40029:            "code invalid",
	40037:            "template unknown",
	40125:            "appsecret",
	40163:            "code used",
	40164:            "address not in white list",
	40169:            "scene",
	40226:            "account blocked",
	41001:            "token missing",
	41030:            "page",
	43101:            "refused by user",
	45009:            "quota",
	45011:            "too often",
	47003:            "template data",
	48001:            "interface not granted",
	61010:            "no visit in two hours",
	89503:            "address awaits approval",
}

// because gives the fault its cause.
func because(err error, cause error) error { return fault.From(err).Because(cause) }
