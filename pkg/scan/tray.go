package scan

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// Tray (收件盘) holds files that come in parts over a weak network, until they
// are whole.
type Tray struct {
	Store  Store
	Parts  Parts
	Direct Direct
	Cases  Cases
	Now    func() time.Time
	NewID  func() string
}

// Start begins an upload; a direct one also gets the form that the phone sends
// the file with. Errors: ErrDeclared, ErrUploads, those of Cases.MayAttach and
// Direct.Form.
func (t *Tray) Start(ctx context.Context, u Upload) (Upload, Form, error) {
	if u.Bytes < 1 || u.Bytes > BytesMost || !isHash(u.SHA256) {
		return u, Form{}, ErrDeclared
	}
	if err := t.Cases.MayAttach(ctx, u.Person, u.Case, u.Material); err != nil {
		return u, Form{}, err
	}
	u.ID, u.MadeAt, u.Until = t.NewID(), t.Now(), t.Now().Add(uploadLife)
	var form Form
	if u.Direct {
		var err error
		if form, err = t.Direct.Form(ctx, IncomingKey(u.ID), u.Bytes, formLife); err != nil {
			return u, Form{}, err
		}
	}
	return u, form, t.Store.InTx(ctx, func(tx Tx) error {
		n, err := tx.CountUploads(ctx, u.Person, t.Now())
		if err != nil {
			return err
		}
		if n >= uploadsMost {
			return ErrUploads
		}
		return tx.InsertUpload(ctx, u)
	})
}

func isHash(text string) bool {
	b, err := hex.DecodeString(text)
	return err == nil && len(b) == sha256.Size && strings.ToLower(text) == text
}

// Of returns one's own upload. Error: ErrNoUpload.
func (t *Tray) Of(ctx context.Context, who string, id string) (Upload, error) {
	u, err := t.Store.Upload(ctx, id, t.Now())
	if err != nil {
		return Upload{}, err
	}
	if who == "" || u.Person != who {
		return Upload{}, ErrNoUpload
	}
	return u, nil
}

// Take keeps one part; sending it again is harmless. Errors: ErrPart, ErrNoUpload.
func (t *Tray) Take(ctx context.Context, who string, id string, n int, content []byte) (Upload, error) {
	if len(content) == 0 || len(content) > PartBytes {
		return Upload{}, ErrPart
	}
	u, err := t.Of(ctx, who, id)
	if err != nil {
		return Upload{}, err
	}
	if len(content) != u.length(n) {
		return Upload{}, ErrPart
	}
	if err := t.Parts.Put(ctx, partKey(id, n), content); err != nil {
		return Upload{}, err
	}
	if err := t.Store.InTx(ctx, func(tx Tx) error { return tx.InsertPart(ctx, id, n, t.Now()) }); err != nil {
		return Upload{}, err
	}
	return t.Of(ctx, who, id)
}

// Finish puts the parts together and hands the file in. Finishing again gives
// the same file. Errors: ErrNoUpload, ErrParts, ErrHash, those of Cases.Attach.
func (t *Tray) Finish(ctx context.Context, who string, id string) (Upload, error) {
	u, err := t.Of(ctx, who, id)
	if err != nil {
		return u, err
	}
	content, err := t.whole(ctx, u)
	if err != nil {
		return u, err
	}
	if sum := sha256.Sum256(content); hex.EncodeToString(sum[:]) != u.SHA256 {
		return u, ErrHash
	}
	if err := t.Cases.Attach(ctx, u, content); err != nil {
		return u, err
	}
	// A few minutes more, for a phone that lost our answer.
	return u, t.Store.InTx(ctx, func(tx Tx) error { return tx.EndUpload(ctx, id, t.Now().Add(formLife)) })
}

func (t *Tray) whole(ctx context.Context, u Upload) ([]byte, error) {
	if u.Direct {
		return t.Direct.Fetch(ctx, IncomingKey(u.ID), u.Bytes)
	}
	if missing := u.Missing(); len(missing) > 0 {
		return nil, ErrParts.With(fault.Field{Path: "parts", Text: "缺少第" + strings.Trim(fmt.Sprint(missing), "[]") + "段（从 0 数起）"})
	}
	content := make([]byte, 0, u.Bytes)
	for n := range u.Parts() {
		part, err := t.Parts.Get(ctx, partKey(u.ID, n))
		if err != nil {
			return nil, err
		}
		content = append(content, part...)
	}
	return content, nil
}

// sweepMost is how many uploads one sweep clears away.
const sweepMost = 50

// Sweep clears away uploads that have ended: handed in, or abandoned.
func (t *Tray) Sweep(ctx context.Context) (cleared int, err error) {
	list, err := t.Store.EndedUploads(ctx, t.Now(), sweepMost)
	if err != nil {
		return 0, err
	}
	for _, u := range list {
		if err := t.clear(ctx, u); err != nil {
			return cleared, err
		}
		cleared++
	}
	return cleared, nil
}

// clear removes the contents before the row that names them.
func (t *Tray) clear(ctx context.Context, u Upload) error {
	if u.Direct {
		if err := t.Direct.Remove(ctx, IncomingKey(u.ID)); err != nil {
			return err
		}
	}
	for n := range u.Parts() {
		if u.Direct {
			break
		}
		if err := t.Parts.Delete(ctx, partKey(u.ID, n)); err != nil {
			return err
		}
	}
	return t.Store.InTx(ctx, func(tx Tx) error { return tx.DeleteUpload(ctx, u.ID) })
}

func partKey(id string, n int) string { return fmt.Sprintf("part-%s-%d", id, n) }

// Incoming is where files lie that phones sent to the store themselves.
const Incoming = "incoming/"

// IncomingKey is where the file of a direct upload lies.
func IncomingKey(id string) string { return Incoming + id }
