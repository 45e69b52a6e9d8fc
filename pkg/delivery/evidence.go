package delivery

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/scan"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// ProofFile is a photo or a signature that a courier took for a parcel. Its id
// is the device's own, so that an act kept without signal can name it.
type ProofFile struct {
	ID      string
	Courier staff.ID
	Waybill string
	Kind    string // photo or signature
	File    string // where its content lies
	Media   string
	Bytes   int
	SHA256  [32]byte // of the content as it lies
	AddedAt time.Time
}

// ref is how an event names the file: whoever holds the event can tell whether
// the picture is still the same.
func (f ProofFile) ref() string {
	if f.ID == "" {
		return ""
	}
	return f.ID + " sha256:" + hex.EncodeToString(f.SHA256[:])
}

// Files is what the store keeps of them.
type Files interface {
	// ProofFile returns a courier's file. Error: ErrNoEvidence.
	ProofFile(ctx context.Context, courier staff.ID, id string) (ProofFile, error)
	ProofFiles(ctx context.Context, waybill string) ([]ProofFile, error)
	InsertProofFile(ctx context.Context, f ProofFile) error
}

// Cabinet keeps their content, sealed.
type Cabinet interface {
	Put(ctx context.Context, id string, content []byte) error
	Get(ctx context.Context, id string) ([]byte, error)
}

// Inspector checks an upload and takes out of it what a phone wrote into it.
type Inspector interface {
	Inspect(ctx context.Context, content []byte) (scan.File, error)
}

// What can go wrong with a photo or a signature.
var (
	ErrNoEvidence   = fault.New(fault.Conflict, "delivery.evidence_missing", "照片或签名还没有上传，或不是这件邮件的，请先上传再提交")
	ErrEvidenceKind = fault.New(fault.Invalid, "delivery.evidence_media", "签收凭证只能是 JPG 或 PNG 图片，请重新拍摄后上传")
	ErrEvidenceID   = fault.New(fault.Conflict, "delivery.evidence_reused", "同一凭证编号先后上传了不同内容，以先上传的为准；请换一个编号")
	ErrEvidenceMany = fault.New(fault.Conflict, "delivery.evidence_many", "一件邮件最多上传10份签收凭证，请只留需要的")
)

const evidenceMost = 10

// File keeps a photo or a signature for a parcel in the courier's hands, or that
// waits for the courier's company: the device may send it before the act that
// names it. The same file twice is one. The content is stored before the row.
// Errors: those of the inspector, ErrEvidenceKind, ErrNoWaybill, ErrWithColleague,
// ErrEvidenceID, ErrEvidenceMany.
func (d *Desk) File(ctx context.Context, by staff.Member, f ProofFile, content []byte) (ProofFile, error) {
	clean, err := d.Inspector.Inspect(ctx, content)
	if err != nil {
		return f, err
	}
	if !strings.HasPrefix(clean.Media, "image/") {
		return f, ErrEvidenceKind
	}
	w, err := d.Store.Waybill(ctx, f.Waybill)
	if err == nil {
		err = w.inHands(by)
	}
	if err != nil || w.State == Made {
		return f, errors.Join(err, none(w.State == Made))
	}
	f.Courier, f.Media, f.Bytes, f.SHA256 = by.ID, clean.Media, len(clean.Content), sha256.Sum256(clean.Content)
	f.File, f.AddedAt = d.NewID(), d.Now()
	if err := d.Files.Put(ctx, f.File, clean.Content); err != nil {
		return f, err
	}
	err = d.Store.InTx(ctx, func(tx Tx) error {
		f, err = keepFile(ctx, tx, f)
		return err
	})
	return f, err
}

func none(made bool) error {
	if made {
		return ErrNoWaybill
	}
	return nil
}

func keepFile(ctx context.Context, tx Tx, f ProofFile) (ProofFile, error) {
	have, err := tx.ProofFile(ctx, f.Courier, f.ID)
	switch {
	case err == nil && have.Waybill == f.Waybill && bytes.Equal(have.SHA256[:], f.SHA256[:]):
		return have, nil
	case err == nil:
		return f, ErrEvidenceID
	case !errors.Is(err, ErrNoEvidence):
		return f, err
	}
	list, err := tx.ProofFiles(ctx, f.Waybill)
	if err != nil {
		return f, err
	}
	if len(list) >= evidenceMost {
		return f, ErrEvidenceMany
	}
	return f, tx.InsertProofFile(ctx, f)
}

// Evidence shows a photo or a signature to the parcel's own office. Errors:
// ErrNoWaybill, staff.ErrOtherOffice, ErrNoEvidence.
func (d *Desk) Evidence(ctx context.Context, by staff.Member, waybill, file string) (f ProofFile, content []byte, err error) {
	t, err := d.Waybill(ctx, by, waybill)
	if err != nil {
		return f, nil, err
	}
	for _, f := range t.Files {
		if f.File == file {
			content, err := d.Files.Get(ctx, f.File)
			return f, content, err
		}
	}
	return f, nil, ErrNoEvidence
}
