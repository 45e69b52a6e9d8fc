package sandbox

import (
	"bytes"
	"image/jpeg"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/skip2/go-qrcode"
)

const sceneChars = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$&'()*+,/:;=?@-._~"

// hasPage says whether a page exists; an empty one is the home page.
func (s *Sandbox) hasPage(page string) bool {
	path, _, _ := strings.Cut(page, "?")
	return path == "" || s.o.Pages == nil || slices.Contains(s.o.Pages, strings.TrimPrefix(path, "/"))
}

type codeIn struct {
	Scene     string `json:"scene"`
	Page      string `json:"page"`
	CheckPath *bool  `json:"check_path"`
	Version   string `json:"env_version"`
	Width     int    `json:"width"`
}

// programCode draws an ordinary QR code in place of the platform's round one.
// It holds https://mini.invalid/{page}?scene=…, so that a reader sees what the
// real one would open.
func (s *Sandbox) programCode(r *http.Request) (any, *refusal) {
	in := codeIn{Width: 430}
	if no := decode(r, &in); no != nil {
		return nil, no
	}
	if no := s.judgeCode(in); no != nil {
		return nil, no
	}
	q, err := qrcode.New("https://mini.invalid/"+in.Page+"?scene="+url.QueryEscape(in.Scene), qrcode.Medium)
	if err != nil {
		return nil, &refusal{-1, "system error"}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, q.Image(in.Width), &jpeg.Options{Quality: 85}); err != nil {
		return nil, &refusal{-1, "system error"}
	}
	return jpegBytes(b.Bytes()), nil
}

func (s *Sandbox) judgeCode(in codeIn) *refusal {
	switch {
	case !s.within("code", s.o.CodesAMinute):
		return &refusal{45009, "reach max api minute quota limit"}
	case in.Scene == "" || len(in.Scene) > 32 || strings.Trim(in.Scene, sceneChars) != "":
		return &refusal{40169, "invalid length for scene, or the data is not json string"}
	case in.Width < 280 || in.Width > 1280:
		return &refusal{40097, "invalid args"}
	case strings.HasPrefix(in.Page, "/") || strings.Contains(in.Page, "?"):
		return &refusal{41030, "invalid page hint"}
	case (in.CheckPath == nil || *in.CheckPath) && !s.hasPage(in.Page):
		return &refusal{41030, "invalid page hint"}
	}
	return nil
}
