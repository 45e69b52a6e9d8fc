package citizen

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// Level is how far an account has proved who holds it (identity level).
type Level int

// The levels, each including the ones before.
const (
	LevelLogin    Level = 1 // a WeChat login
	LevelPhone    Level = 2 // a phone number that WeChat vouches for
	LevelRealName Level = 3 // name and identity number match the population register
	LevelFace     Level = 4 // a face matched within FaceValid
)

// FaceValid is how long a matched face counts.
const FaceValid = 24 * time.Hour

// What is missing for a level, and where to do it.
var (
	ErrNeedPhone    = fault.New(fault.Forbidden, "citizen.need_phone", "办理本项需要先绑定手机号，请到“我的—手机号”绑定后继续")
	ErrNeedRealName = fault.New(fault.Forbidden, "citizen.need_real_name", "办理本项需要实名认证，请到“我的—实名认证”填写姓名和身份证号后继续")
	ErrNeedFace     = fault.New(fault.Forbidden, "citizen.need_face", "办理本项需要人脸核验，请到“我的—人脸核验”完成后继续")
)

// Level is what the account has proved by now. A face that matched long ago
// counts as real name only.
func (a Account) Level(now time.Time) Level {
	switch {
	case a.Person != "" && !a.FaceAt.IsZero() && now.Sub(a.FaceAt) < FaceValid:
		return LevelFace
	case a.Person != "":
		return LevelRealName
	case !a.Phone.IsZero():
		return LevelPhone
	default:
		return LevelLogin
	}
}

// RequireLevel is nil when a level that was proved earlier is enough.
func RequireLevel(have, need Level) error {
	switch {
	case have >= need:
		return nil
	case need == LevelFace:
		return ErrNeedFace
	case need == LevelRealName:
		return ErrNeedRealName
	default:
		return ErrNeedPhone
	}
}

// Require is nil when the account reaches the level, and otherwise the error
// that names the next missing step.
func (a Account) Require(need Level, now time.Time) error {
	have := a.Level(now)
	switch {
	case have >= need:
		return nil
	case need >= LevelRealName && a.Person == "":
		return ErrNeedRealName
	case need == LevelFace:
		return ErrNeedFace
	default:
		return ErrNeedPhone
	}
}
