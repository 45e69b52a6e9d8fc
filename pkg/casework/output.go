package casework

import (
	"context"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// ErrOutput tells that what a case is said to have produced cannot be right.
var ErrOutput = fault.New(fault.Invalid, "casework.output", "办理结果信息有误，请按提示逐项修改")

// checkOutputs sees to it that what a case produces has the shape of the form
// field that it will fill elsewhere.
func checkOutputs(c *catalog.Catalogue, outputs map[string]string) error {
	var wrong []fault.Field
	for _, name := range names(outputs) {
		f, ok := c.Field(name)
		if !ok || outputs[name] == "" {
			wrong = append(wrong, fault.Field{Path: "outputs." + name, Text: "目录里没有这一项，或内容为空"})
			continue
		}
		if reason := ReasonAgainst(f, outputs[name]); reason != "" {
			wrong = append(wrong, fault.Field{Path: "outputs." + name, Text: f.Label + "：" + reason})
		}
	}
	if len(wrong) > 0 {
		return ErrOutput.With(wrong...)
	}
	return nil
}

// produced keeps what a granted case has brought about.
func produced(ctx context.Context, tx Tx, id ID, outputs map[string]string) error {
	for _, name := range names(outputs) {
		if err := tx.InsertOutput(ctx, id, name, outputs[name]); err != nil {
			return err
		}
	}
	return nil
}

// Outputs is what the case of somebody has produced, by form field.
func (c *Counter) Outputs(ctx context.Context, who citizen.ID, id ID) (map[string]string, error) {
	if _, err := c.Own(ctx, who, id); err != nil {
		return nil, err
	}
	return c.Store.OutputsOf(ctx, id)
}
