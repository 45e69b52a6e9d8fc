package errand

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
)

const filesMost = 60 // files of one errand

// Attach stores a file for a material of the one set. Errors: those of the
// inspector, ErrMaterial, ErrManyFiles, ErrHandedIn, ErrNoErrand.
func (d *Desk) Attach(ctx context.Context, who citizen.ID, id string, u casework.Upload) (x Errand, err error) {
	if x, err = d.Own(ctx, who, id); err != nil {
		return x, err
	}
	m, err := d.Merged(ctx, x)
	if err != nil {
		return x, err
	}
	if !m.asked(u.Material) {
		return x, ErrMaterial
	}
	clean, err := d.Counter.Inspector.Inspect(ctx, u.Content)
	if err != nil {
		return x, err
	}
	f := File{ID: d.NewID(), Material: u.Material, Name: u.Name}
	if err := d.Counter.Files.Put(ctx, f.ID, clean.Content); err != nil {
		return x, err
	}
	err = d.Store.InTx(ctx, func(tx Tx) error {
		if x, err = d.draft(ctx, tx, who, id); err != nil {
			return err
		}
		if len(x.Files) >= filesMost {
			return ErrManyFiles
		}
		x.Files = append(x.Files, f)
		return tx.InsertErrandFile(ctx, id, f, d.Now())
	})
	return x, err
}

// lend gives a case the files of the materials that its item asks for. A file
// that the case has already is left alone.
func (d *Desk) lend(ctx context.Context, x Errand, cs casework.Case) error {
	for _, f := range x.Files {
		i := slices.IndexFunc(cs.Materials, func(m casework.Material) bool { return m.Code == f.Material })
		if i < 0 || cs.Materials[i].State == casework.Fit {
			continue
		}
		content, err := d.Counter.Files.Get(ctx, f.ID)
		if err != nil {
			return err
		}
		u := casework.Upload{ID: lent(f.ID, cs.ID), Material: f.Material, Name: f.Name, Content: content}
		if _, _, err := d.Counter.Attach(ctx, x.Person, cs.ID, u); err != nil && !errors.Is(err, casework.ErrHasFile) {
			return err
		}
	}
	return nil
}

// lent is the id that a file has in a case: the same however often it is lent.
func lent(file string, to casework.ID) string {
	sum := sha256.Sum256([]byte(file + "|" + string(to)))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // version 8 of RFC 9562: made by a rule of one's own
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// asked says whether the person hands a material in for any item.
func (m Merged) asked(code catalog.MaterialCode) bool {
	return slices.ContainsFunc(m.Materials, func(r Material) bool { return r.Material.Code == code && r.Asked() })
}
