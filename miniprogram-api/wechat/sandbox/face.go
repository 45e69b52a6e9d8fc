package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// faceLife is how long a verify_id lives.
const faceLife = time.Hour

// What verify_ret says.
const (
	retPassed   = 10000
	retMismatch = 10004 // the face is not the one of the identity card
	retNotDone  = 90002 // the person left, or has not begun [guess]
)

// Errcodes of the face interfaces. The platform lists none; these are [guess].
const (
	errFaceUnknown = 84001
	errFaceOther   = 84002 // openid, out_seq_no or cert_hash differ from the start
	errFaceOver    = 84003
	errFaceSeqNo   = 84004
	errFaceCert    = 84005
)

// face is one verification.
type face struct {
	id, seqNo, openID, name, number string
	until                           time.Time
	ret                             int
}

func (s *Sandbox) faceStart(r *http.Request) (any, *refusal) {
	var in struct {
		SeqNo string `json:"out_seq_no"`
		Cert  struct {
			Type string `json:"cert_type"`
			Name string `json:"cert_name"`
			No   string `json:"cert_no"`
		} `json:"cert_info"`
		OpenID string `json:"openid"`
	}
	if no := decode(r, &in); no != nil {
		return nil, no
	}
	switch {
	case s.byOpenID(in.OpenID) == nil:
		return nil, &refusal{40003, "invalid openid"}
	case in.SeqNo == "" || s.seqNos[in.SeqNo]:
		return nil, &refusal{errFaceSeqNo, "invalid out_seq_no"}
	case in.Cert.Type != "IDENTITY_CARD" || in.Cert.Name == "" || !validIDNumber(in.Cert.No):
		return nil, &refusal{errFaceCert, "invalid cert_info"}
	}
	f := &face{
		id: random(64), seqNo: in.SeqNo, openID: in.OpenID, name: in.Cert.Name, number: in.Cert.No,
		until: s.o.Now().Add(faceLife), ret: retNotDone,
	}
	s.seqNos[in.SeqNo] = true
	s.faces[f.id] = f
	return ok(map[string]any{"verify_id": f.id, "expires_in": int(faceLife / time.Second)}), nil
}

func (s *Sandbox) faceResult(r *http.Request) (any, *refusal) {
	var in struct {
		ID       string `json:"verify_id"`
		SeqNo    string `json:"out_seq_no"`
		CertHash string `json:"cert_hash"`
		OpenID   string `json:"openid"`
	}
	if no := decode(r, &in); no != nil {
		return nil, no
	}
	f := s.faces[in.ID]
	switch {
	case f == nil:
		return nil, &refusal{errFaceUnknown, "invalid verify_id"}
	case f.seqNo != in.SeqNo || f.openID != in.OpenID || f.hash() != in.CertHash:
		return nil, &refusal{errFaceOther, "cert_info or openid not match"}
	case f.ret == retNotDone && !s.o.Now().Before(f.until):
		return nil, &refusal{errFaceOver, "verify_id expired"}
	}
	return ok(map[string]any{"verify_ret": f.ret}), nil
}

// hash is cert_hash as the platform computes it.
func (f *face) hash() string {
	h := sha256.New()
	for i, s := range []string{"IDENTITY_CARD", f.name, f.number} {
		name := []string{"cert_type", "&cert_name", "&cert_no"}[i]
		fmt.Fprintf(h, "%s=%s", name, base64.StdEncoding.EncodeToString([]byte(s)))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// ErrNoFace says that there is no such verification, or that its time is over.
var ErrNoFace = errors.New("sandbox: no such verification, or expired")

// PassFace is the person looking into the camera. It passes where the person
// with this openid bears the name and number, and has a face that matches.
func (s *Sandbox) PassFace(verifyID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.openFace(verifyID)
	if err != nil {
		return err
	}
	p := s.byOpenID(f.openID)
	f.ret = retMismatch
	if p != nil && p.Name == f.name && p.IDNumber == f.number && !p.FaceFails {
		f.ret = retPassed
	}
	return nil
}

// EndFace ends a verification with any verify_ret, such as 90004 for a person
// who cancelled. It can begin anew until it passes.
func (s *Sandbox) EndFace(verifyID string, ret int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.openFace(verifyID)
	if err != nil {
		return err
	}
	f.ret = ret
	return nil
}

func (s *Sandbox) openFace(id string) (*face, error) {
	f := s.faces[id]
	if f == nil || f.ret != retPassed && !s.o.Now().Before(f.until) {
		return nil, ErrNoFace
	}
	return f, nil
}

// validIDNumber checks length, birthday and check digit (GB 11643).
func validIDNumber(s string) bool {
	if len(s) != 18 || !all(s[:17], isDigit) {
		return false
	}
	_, err := time.Parse("20060102", s[6:14])
	return err == nil && withCheckDigit(s[:17]) == s
}
