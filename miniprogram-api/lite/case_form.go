package lite

import (
	"context"

	"github.com/yimen-gov/yimen/miniprogram-api/api"
	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
)

// fieldRow is a field of a case's form. What is personal is shown masked, and
// stays as it is where nothing is typed over it.
type fieldRow struct {
	Name, Label, Kind, Value, Hidden string
	Enum                             []string
	Required                         bool
}

// materialRow is a material on the checklist.
type materialRow struct {
	Code, Name, State, Why, Condition, Note, Applies string
	Owed, Fit, Unfit, Here                           bool
	Copies, Originals                                int
	Files                                            []fileRow
}

type fileRow struct{ ID, Name, At string }

func fieldsOf(item *catalog.Item, cs casework.Case) (list []fieldRow) {
	masked := api.MaskForm(item.Fields, cs.Form)
	for _, f := range item.Fields {
		row := fieldRow{Name: f.Name, Label: f.Label, Kind: string(f.Type), Enum: f.Enum, Required: f.Required}
		if value := cs.Form[f.Name]; value == masked[f.Name] {
			row.Value = value
		} else {
			row.Hidden = masked[f.Name]
		}
		list = append(list, row)
	}
	return list
}

// fill writes what was typed. A masked value that nobody typed over stays.
func (p *Pages) fill(ctx context.Context, v *visit) error {
	cs, err := p.Counter.Seen(ctx, v.me(), v.caseID())
	if err != nil {
		return err
	}
	item, err := p.Counter.Item(ctx, cs)
	if err != nil {
		return err
	}
	typed := v.group("f.")
	f := casework.Filling{Form: map[string]string{}, Conditions: map[catalog.MaterialCode]bool{}}
	for _, row := range fieldsOf(item, cs) {
		value, sent := typed[row.Name]
		if sent && (value != "" || row.Hidden == "") && value != cs.Form[row.Name] {
			f.Form[row.Name] = value
		}
	}
	for code, said := range v.group("c.") {
		if said == "yes" || said == "no" {
			f.Conditions[catalog.MaterialCode(code)] = said == "yes"
		}
	}
	_, err = p.Counter.FillAtWindow(ctx, v.me(), v.caseID(), f)
	return err
}

// attach takes a photo or a file of one material.
func (p *Pages) attach(ctx context.Context, v *visit) error {
	content, called, err := v.file("photo")
	switch {
	case err != nil:
		return err
	case content == nil:
		return ErrNoPhoto
	}
	_, err = p.Counter.AttachAtWindow(ctx, v.me(), v.caseID(), casework.Upload{
		Material: materialCode(v.text("material")), Name: called, Content: content,
	})
	return err
}

var materialWords = map[casework.MaterialState]string{
	casework.Missing: "还没有", casework.Committed: "已承诺补交", casework.Provided: "已交，待审核", casework.Fit: "合格", casework.Unfit: "不合格",
}

// materials makes the checklist: what is asked for, what may follow later and
// why, and what has come.
func (p *Pages) materials(ctx context.Context, w *caseView, item *catalog.Item, cs casework.Case, n names) error {
	files, err := p.Counter.Store.Files(ctx, cs.ID)
	if err != nil {
		return err
	}
	asked := map[catalog.MaterialCode]catalog.Requirement{}
	for _, r := range item.Requirements {
		asked[r.Material.Code] = r
	}
	for _, m := range cs.Materials {
		r := asked[m.Code]
		row := materialRow{
			Code: string(m.Code), Name: n.material(m.Code), State: materialWords[m.State], Condition: r.Condition, Note: m.Note,
			Applies: string(m.Applies), Fit: m.State == casework.Fit, Unfit: m.State == casework.Unfit,
			Here: m.State == casework.Provided || m.State == casework.Fit, Copies: max(1, r.Copies), Originals: m.Originals,
		}
		row.Owed = m.Applies == casework.Yes && !row.Here
		row.Why = whyAsked(item, r)
		for _, f := range files {
			if f.Material == m.Code {
				row.Files = append(row.Files, fileRow{f.ID, api.MaskFile(f.Name), moment(f.AddedAt)})
			}
		}
		if row.Owed {
			w.Owed = append(w.Owed, row.Name+"（"+row.Why+"）")
			w.Promise = w.Promise || (w.Submit && r.Tolerable && item.Tolerant && m.State != casework.Committed)
		}
		w.Materials = append(w.Materials, row)
	}
	return nil
}

// whyAsked says whether a material may follow later, and why not.
func whyAsked(item *catalog.Item, r catalog.Requirement) string {
	switch {
	case r.Core:
		return "主审材料，不能后补"
	case !r.Tolerable || !item.Tolerant:
		return "不能后补"
	default:
		return "可以容缺，承诺后补交"
	}
}
