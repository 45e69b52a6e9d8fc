// Package terminal (自助终端) decides what an enrolled device may do, for whom,
// and until when: its key, the code on its screen, the person who confirmed the
// code and stands before it, and what it printed for them.
package terminal

import (
	"context"
	"crypto/ed25519"
	"io"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/city"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/queue"
	"github.com/yimen-gov/yimen/pkg/staff"
)

// Zone is where in its office a terminal stands.
type Zone string

// The zones.
const (
	InHall  Zone = "hall"     // 大厅
	Zone24h Zone = "zone_24h" // 24小时自助区
)

// Printer is how a terminal's printer does.
type Printer string

// What a printer may be.
const (
	Ready    Printer = "ready"
	PaperOut Printer = "paper_out" // 缺纸
	Jam      Printer = "jam"       // 卡纸
	Offline  Printer = "offline"   // 离线
)

var printerWords = map[Printer]string{Ready: "正常", PaperOut: "缺纸", Jam: "卡纸", Offline: "连接不上"}

// Words is the printer's condition in Chinese.
func (p Printer) Words() string { return printerWords[p] }

// Post is what a manager lets a device be.
type Post struct {
	Office           place.OfficeCode
	Zone             Zone
	Name             string // on its front, such as 1号机
	SlipFrom, SlipTo int    // numbers of the paper block that it may give without a network; 0 = none
}

// Terminal is an enrolled device.
type Terminal struct {
	Post
	ID         string
	Key        ed25519.PublicKey
	EnrolledAt time.Time
	EnrolledBy staff.ID
	RevokedAt  time.Time // zero while it may be used
	RevokedBy  staff.ID
	SeenAt     time.Time // when it last opened a session or reported
	Printer    Printer
}

// Keeper (终端管理) keeps the terminals of all offices.
type Keeper struct {
	Store  Store
	City   city.Shelf
	Near   Near
	Now    func() time.Time
	NewID  func() string
	Random io.Reader
}

// How long things last.
const (
	invitationLife = 30 * time.Minute
	challengeLife  = time.Minute
	deviceLife     = 15 * time.Minute // a device's session; then it signs again
	codeLife       = time.Minute      // a code on the screen
	collectLife    = 30 * time.Second // for the device to notice that its code was confirmed
	// VisitLife is how long one person may stand before a terminal.
	VisitLife = 5 * time.Minute
)

// What can go wrong with terminals.
var (
	ErrNoTerminal   = fault.New(fault.NotFound, "terminal.not_found", "没有找到这台自助终端，可能已经停用，请联系网点工作人员")
	ErrInvitation   = fault.New(fault.NotFound, "terminal.no_invitation", "登记码无效或已过期，请由网点负责人重新生成")
	ErrPost         = fault.New(fault.Invalid, "terminal.bad_post", "终端的登记内容有误，请按提示更正")
	ErrBlockTaken   = fault.New(fault.Conflict, "terminal.block_taken", "这段纸质号已经分给本网点的另一台终端，请换一段")
	ErrEnrolled     = fault.New(fault.Conflict, "terminal.enrolled", "这个设备密钥已经登记过，请在设备上重新生成密钥后再登记")
	ErrSignature    = fault.New(fault.Unauthenticated, "terminal.bad_signature", "终端的签名不对，请在设备上重新登记，或联系网点负责人")
	ErrChallenge    = fault.New(fault.Unauthenticated, "terminal.challenge_used", "这个签名已经用过或已过期，请重新取得随机数后再签名")
	ErrCode         = fault.New(fault.NotFound, "terminal.no_code", "二维码无效或已过期，请在自助终端上重新显示后再扫")
	ErrCodeTaken    = fault.New(fault.Conflict, "terminal.code_taken", "这个二维码已由另一部手机确认，请在自助终端上重新显示后再扫")
	ErrNobody       = fault.New(fault.Conflict, "terminal.nobody", "还没有人确认这台终端上的二维码，请先用手机扫码确认")
	ErrVisitOver    = fault.New(fault.Conflict, "terminal.visit_over", "这次自助办理已经结束，请重新扫码；没有办完的申请已存为草稿，可在手机上继续")
	ErrNotSelf      = fault.New(fault.Conflict, "terminal.not_self_service", "这个事项不能在自助终端办理，请在手机上申请或到窗口办理")
	ErrOtherBlock   = fault.New(fault.Invalid, "terminal.other_block", "这个纸质号不在本终端的号段内，请核对后再补录")
	ErrZoneTimeless = fault.New(fault.Invalid, "terminal.no_zone", "这个网点没有24小时自助区，请选择大厅")
)

// Near says whether a phone is near an office. Errors: queue.ErrFar, and those
// of the position.
type Near func(ctx context.Context, office place.OfficeCode, at queue.Spot) error

// Device is what the gate knows of a terminal.
func (t Terminal) Device() staff.Device { return staff.Device{ID: t.ID, Office: t.Office} }

// at is a terminal as people find it in their list of sign-ins.
func (t Terminal) at(office string) citizen.Device {
	return citizen.Device("自助终端（" + office + " " + t.Name + "）")
}
