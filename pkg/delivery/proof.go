package delivery

import (
	"crypto/subtle"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// Proof (签收凭证) is what is shown for a parcel at the door or at a window.
type Proof struct {
	Code     string    // the one-time code that the recipient's phone shows
	Digits   string    // the end of the person's identity number, never shown to who checks it
	Evidence string    // the id of a photo or a signature, where the company keeps them
	At       time.Time // when it was shown, for the code's expiry
}

// kind says which proof was sent.
func (p Proof) kind() string {
	if p.Code == "" {
		return "id_number"
	}
	return "courier_code"
}

// kind names the proof in records: by which authority it was taken.
func (s Step) kind() string {
	switch {
	case s.Act == Confirm:
		return "recipient"
	case s.Proof.Code == "" && !endsIn(s.Holder, s.Proof.Digits):
		return "agent"
	default:
		return s.Proof.kind()
	}
}

// entitled says whether the digits end the number of the holder, or of somebody
// who may act for them. An organisation has agents only: its credit code is
// printed on every invoice and proves nothing.
func (s Step) entitled() bool {
	right := endsIn(s.Holder, s.Proof.Digits)
	for _, number := range s.Agents {
		right = endsIn(number, s.Proof.Digits) || right
	}
	return right
}

// Demand is what proves a delivery at the door, beside the one-time code that
// always does.
type Demand struct {
	Digits   bool // the end of the identity number will do as well
	Evidence bool // which then takes a photo or a signature as well
	Locker   bool // it may lie in a parcel locker
}

// demand is what an item asks for. The number's end proves only the person
// himself; it is weaker than the code, so that for an original that cannot be
// printed again at a counter a photo or a signature goes with it.
// Such an original is put into no locker. A name that is nobody's who may take
// the parcel has no number to show.
func demand(item *catalog.Item, entitled []citizen.Person, recipient citizen.Name) Demand {
	original := item.ResultKind == catalog.ResultLicence || item.ResultKind == catalog.ResultCertificate
	himself := slices.ContainsFunc(entitled, func(p citizen.Person) bool { return p.Name.String() == recipient.String() })
	return Demand{Digits: himself, Evidence: himself && original, Locker: !original}
}

// What a proof can lack.
var (
	ErrWrongCode   = fault.New(fault.Invalid, "delivery.wrong_code", "签收验证码不对，请收件人打开小程序“我的办件—物流”查看后再报一次")
	ErrCodeExpired = fault.New(fault.Conflict, "delivery.code_expired", "签收验证码已过期，请收件人打开小程序“我的办件—物流”换发验证码后再报一次")
	ErrLocked      = fault.New(fault.Conflict, "delivery.code_locked", "签收凭证已输错5次，本单不能再凭码签收；请登记投递未成后退回网点，由收件人携带身份证到受理窗口领取")
	ErrNoDigits    = fault.New(fault.Conflict, "delivery.code_only", "这件邮件只能凭签收验证码签收，请收件人打开小程序“我的办件—物流”出示验证码")
	ErrEvidence    = fault.New(fault.Invalid, "delivery.evidence", "这件邮件凭身份证号码签收时还需要拍照或签名，请补上后再提交")
)

// Locked says that the proof has been wrong too often.
func (w Waybill) Locked() bool { return w.WrongCodes >= WrongCodesMost }

// proven asks for the proof that the act needs. Errors: ErrLocked,
// ErrPaperRevoked, ErrEvidence, ErrNoEvidence, ErrCodeExpired, ErrWrongCode,
// ErrNoDigits, ErrWrongProof.
func (w Waybill) proven(s Step) error {
	switch s.Act {
	case Deliver:
		return w.atTheDoor(s)
	case Collect:
		return w.atTheOffice(s)
	case Confirm:
		return void(s)
	default:
		return nil
	}
}

func (w Waybill) atTheDoor(s Step) error {
	switch {
	case w.Locked():
		return ErrLocked
	case s.Void:
		return ErrPaperRevoked
	case s.Proof.Evidence != s.Filed.ID: // before a try is counted
		return ErrNoEvidence
	case s.Proof.Code == "" && s.Proof.Digits != "":
		return w.byDigits(s)
	case w.expired(s):
		return ErrCodeExpired
	case !w.Code.matches(s.Proof.Code):
		return w.wrong(ErrWrongCode, "签收验证码不对")
	default:
		return nil
	}
}

func (w Waybill) byDigits(s Step) error {
	switch {
	case !w.Demand.Digits:
		return ErrNoDigits
	case w.Demand.Evidence && s.Proof.Evidence == "": // before a try is counted
		return ErrEvidence
	case !s.entitled():
		return w.wrong(ErrWrongProof, "身份证号码后6位与申请人或代办人不一致")
	default:
		return nil
	}
}

func (w Waybill) atTheOffice(s Step) error {
	if err := void(s); err != nil {
		return err
	}
	if !s.entitled() {
		return ErrWrongProof
	}
	return nil
}

// void is ErrPaperRevoked where the licence does not hold any more.
func void(s Step) error {
	if s.Void {
		return ErrPaperRevoked
	}
	return nil
}

// expired: the proof was shown after the code had ended. What a device says of
// the time counts as far as Step.Proof.At has been made safe (see Sync).
func (w Waybill) expired(s Step) bool {
	shown := s.Proof.At
	if shown.IsZero() {
		shown = s.At
	}
	return !w.CodeUntil.IsZero() && shown.After(w.CodeUntil)
}

// wrong says how often one may still try after this one.
func (w Waybill) wrong(err *fault.Error, what string) error {
	left := WrongCodesMost - w.WrongCodes - 1
	if left == 0 {
		return err.Saying(what + "，已输错5次，本单已锁定；请登记投递未成后退回网点，由收件人携带身份证到受理窗口领取")
	}
	return err.Saying(fmt.Sprintf("%s；还可以再试%d次", err.Text, left))
}

// Shown is the code as the recipient sees it: only while it can be of use.
func (w Waybill) Shown(now time.Time) Code {
	use := w.State == HandedOver || w.State.OnTheRun()
	if w.Ordered || w.Locked() || !use || !w.CodeUntil.IsZero() && now.After(w.CodeUntil) {
		return ""
	}
	return w.Code
}

// proofDigits is how much of the identity number is asked for.
const proofDigits = 6

// endsIn compares in constant time.
func endsIn(number, digits string) bool {
	if len(number) < proofDigits {
		return false
	}
	end := number[len(number)-proofDigits:]
	return subtle.ConstantTimeCompare([]byte(end), []byte(strings.ToUpper(digits))) == 1
}
