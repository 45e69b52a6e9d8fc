package api

import (
	"github.com/danielgtaylor/huma/v2"
	v "github.com/danielgtaylor/huma/v2/validation"
)

// huma keeps its texts, its strictness and its error constructor in package variables; they
// are set once, before any operation is registered.
func init() {
	huma.NewError = newError
	huma.NewErrorWithContext = tellHuma
	huma.ValidateStrictCasing = true // else {"Hold": …, "hold": …} is one field said twice
	v.MsgUnexpectedProperty = "不认识这一项，请去掉"
	v.MsgExpectedRFC3339DateTime = "应为带时区的时间，例如 2026-11-23T09:00:00+08:00"
	v.MsgExpectedRFC3339Date = "应为日期，例如 2026-11-23"
	v.MsgExpectedRFC4122UUID = "编号格式不对%.0v"
	v.MsgExpectedBoolean = "应为是或否"
	v.MsgExpectedNumber = "应为数字"
	v.MsgExpectedInteger = "应为整数"
	v.MsgExpectedString = "应为文字"
	v.MsgExpectedBase64String = "应为 Base64 编码"
	v.MsgExpectedArray = "应为列表"
	v.MsgExpectedObject = "应为一组名称和值"
	v.MsgExpectedArrayItemsUnique = "列表里有重复"
	v.MsgExpectedOneOf = "应为其中之一：%s"
	v.MsgExpectedMinimumNumber = "不能小于 %v"
	v.MsgExpectedExclusiveMinimumNumber = "应大于 %v"
	v.MsgExpectedMaximumNumber = "不能大于 %v"
	v.MsgExpectedExclusiveMaximumNumber = "应小于 %v"
	v.MsgExpectedMinLength = "至少 %d 个字"
	v.MsgExpectedMaxLength = "至多 %d 个字"
	v.MsgExpectedBePattern = "格式不对：%s"
	v.MsgExpectedMatchPattern = "格式不对：%s"
	v.MsgExpectedMinItems = "至少 %d 项"
	v.MsgExpectedMaxItems = "至多 %d 项"
	v.MsgExpectedMinProperties = "至少 %d 项"
	v.MsgExpectedMaxProperties = "至多 %d 项"
	v.MsgExpectedRequiredProperty = "缺少 %s"
}
