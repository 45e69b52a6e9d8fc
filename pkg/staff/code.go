package staff

import (
	"crypto/subtle"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// SecondFactor is a member's authenticator app (TOTP, RFC 6238).
type SecondFactor struct {
	Member      ID
	Secret      string    // base32
	ConfirmedAt time.Time // zero until a first code has been shown
	LastStep    int64     // the newest period whose code was taken: none is taken twice
	Wrong       int       // wrong codes since the last right one
	LockedUntil time.Time
}

const (
	step       = 30 // seconds for which a code is good
	skew       = 1  // steps by which a phone's clock may differ
	wrongMost  = 5  // wrong codes before a lock
	firstLock  = time.Minute
	longLock   = 24 * time.Hour
	raisedLife = 12 * time.Hour // one shift
)

// Errors of the second factor.
var (
	ErrNeedCode    = fault.New(fault.Forbidden, "staff.need_code", "本岗位须先输入动态验证码，请到“我的—动态验证”输入身份验证器上的6位数字后继续")
	ErrNoPost      = fault.New(fault.Forbidden, "staff.no_post", "您目前的岗位不需要动态验证码，请直接操作")
	ErrNotEnrolled = fault.New(fault.Conflict, "staff.not_enrolled", "还没有绑定身份验证器，请先到“我的—动态验证”扫码绑定")
	ErrEnrolled    = fault.New(fault.Conflict, "staff.enrolled", "已绑定身份验证器；如手机遗失，请由另一位管理员解除后重新绑定")
	ErrWrongCode   = fault.New(fault.Invalid, "staff.wrong_code", "动态验证码不对，请核对身份验证器上最新的6位数字；手机时间须自动校准")
	ErrCodeUsed    = fault.New(fault.Conflict, "staff.code_used", "这个动态验证码已经用过，请等下一个再输入")
	ErrCodeLocked  = fault.New(fault.TooMany, "staff.code_locked", "动态验证码连续输错，已暂时锁定，请稍后再试")
)

// raised says whether a session has shown a second factor in this shift.
func raised(s citizen.Session, now time.Time) bool {
	return !s.RaisedAt.IsZero() && now.Sub(s.RaisedAt) < raisedLife
}

// try takes a code and notes what came of it in f.
// Errors: ErrCodeLocked, ErrWrongCode, ErrCodeUsed.
func (f *SecondFactor) try(code string, now time.Time) error {
	if wait := f.LockedUntil.Sub(now); wait > 0 {
		return ErrCodeLocked.After(int(wait/time.Second) + 1)
	}
	at, err := f.match(code, now)
	if err != nil {
		return err
	}
	switch {
	case at == 0:
		f.Wrong++
		f.LockedUntil = now.Add(lockFor(f.Wrong))
		return ErrWrongCode
	case at <= f.LastStep:
		return ErrCodeUsed
	}
	f.LastStep, f.Wrong, f.LockedUntil = at, 0, time.Time{}
	return nil
}

// match finds the step whose code this is, 0 where there is none.
func (f *SecondFactor) match(code string, now time.Time) (at int64, err error) {
	for i := int64(-skew); i <= skew; i++ {
		s := now.Unix()/step + i
		right, err := totp.GenerateCodeCustom(f.Secret, time.Unix(s*step, 0), totp.ValidateOpts{
			Period: step, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
		})
		if err != nil {
			return 0, err
		}
		if subtle.ConstantTimeCompare([]byte(right), []byte(code)) == 1 {
			at = s
		}
	}
	return at, nil
}

// lockFor is how long a number of wrong codes in a row shuts the door: a
// minute for the fifth, twice as long for each further one, a day at most.
func lockFor(wrong int) time.Duration {
	if wrong < wrongMost {
		return 0
	}
	lock := firstLock
	for range min(wrong-wrongMost, 20) {
		lock *= 2
	}
	return min(lock, longLock)
}
