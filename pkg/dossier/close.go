package dossier

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
	"github.com/yimen-gov/yimen/pkg/fault"
)

// Tx is what closing needs.
type Tx interface {
	Person(ctx context.Context, id citizen.ID) (citizen.Person, error)
	UpdatePerson(ctx context.Context, p citizen.Person) error
	AccountsOf(ctx context.Context, who citizen.ID) ([]citizen.Account, error)
	Agencies(ctx context.Context, who citizen.ID, side citizen.Side) ([]citizen.Agency, error)
	EndAgency(ctx context.Context, id string, by citizen.ID, at time.Time) error
	// Unfinished counts what a person has under way.
	Unfinished(ctx context.Context, who citizen.ID, now time.Time) (Unfinished, error)
	// Remains counts what stays of a person.
	Remains(ctx context.Context, who citizen.ID) (Remains, error)
	// ForgetAccount removes an account with its sessions, phone and proofs. Of
	// one that has held a post only the bare account stays.
	ForgetAccount(ctx context.Context, id citizen.AccountID) error
	// ForgetPerson removes what nothing obliges us to keep of a person: messages,
	// and the organisations that they stood for.
	ForgetPerson(ctx context.Context, who citizen.ID) error
	// Erase takes everything personal out of what is held on a person who closed
	// the account by then and has not come back, and has the files removed.
	// Error: citizen.ErrNoPerson, also where it was done already.
	Erase(ctx context.Context, who citizen.ID, closedBy, at time.Time) error
	// ForgetLooks removes the looks at persons who closed the account by then.
	ForgetLooks(ctx context.Context, closedBy time.Time) error
}

// Unfinished is what keeps an account from being closed.
type Unfinished struct{ Cases, Appointments, Posts int }

// Remains counts what stays.
type Remains struct{ Cases, Licences, Waybills, Ratings, Appointments, Looks int }

// Errors of closing.
var (
	ErrOpenCase        = fault.New(fault.Conflict, "dossier.open_case", "您还有没办完的办件，请先办完或在“我的办件”撤回，再注销账号")
	ErrOpenAppointment = fault.New(fault.Conflict, "dossier.open_appointment", "您还有没到时间的预约，请先在“我的预约”取消，再注销账号")
	ErrHoldsPost       = fault.New(fault.Conflict, "dossier.holds_post", "您的账号还有工作岗位，请先由管理员办理离岗，再注销账号")
)

// How long the law keeps things, counted from the closing.
const (
	archiveYears = 10 // 机关文件材料归档范围和文书档案保管期限规定（国家档案局令第8号）：定期10年
	recordYears  = 3  // 个人信息保护法 Art. 56: records of processing, at least three years
)

const (
	archiveLaw = "《个人信息保护法》第四十七条、《政务服务电子文件归档和电子档案管理办法》：政务服务办件须归档保存，期间只封存、不使用"
	recordLaw  = "《个人信息保护法》第五十六条：个人信息处理情况记录至少保存三年"
)

// Kept is one part of what stays, sealed.
type Kept struct {
	What   string // Chinese, for the person
	Count  int
	Reason string
	Until  time.Time
}

// Closing is what became of a person's data.
type Closing struct {
	At     time.Time
	Erased []string // Chinese, for the person
	Kept   []Kept
}

// Close ends a person's accounts: every session ends, WeChat and phone are
// forgotten, nobody acts for the person any more. What the law keeps stays
// sealed and is named. Whoever proves the same identity later finds it again.
// Errors: ErrOpenCase, ErrOpenAppointment, ErrHoldsPost.
func (k *Keeper) Close(ctx context.Context, who citizen.Account) (c Closing, err error) {
	if who.Person == "" {
		return c, citizen.ErrNeedRealName
	}
	c = Closing{At: k.Now(), Erased: []string{"微信账号绑定、手机号、登录记录", "代办授权", "消息"}}
	err = k.Store.InTx(ctx, func(tx Tx) error {
		open, err := tx.Unfinished(ctx, who.Person, c.At)
		if err != nil {
			return err
		}
		if err := open.check(); err != nil {
			return err
		}
		left, err := tx.Remains(ctx, who.Person)
		if err != nil {
			return err
		}
		c.Kept = left.kept(c.At)
		return k.leave(ctx, tx, who.Person, c.At)
	})
	return c, err
}

func (u Unfinished) check() error {
	switch {
	case u.Cases > 0:
		return ErrOpenCase
	case u.Appointments > 0:
		return ErrOpenAppointment
	case u.Posts > 0:
		return ErrHoldsPost
	default:
		return nil
	}
}

func (k *Keeper) leave(ctx context.Context, tx Tx, who citizen.ID, at time.Time) error {
	if err := k.endAgencies(ctx, tx, who, at); err != nil {
		return err
	}
	accounts, err := tx.AccountsOf(ctx, who)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		if k.Changed != nil {
			k.Changed(a.ID)
		}
		if err := tx.ForgetAccount(ctx, a.ID); err != nil {
			return err
		}
	}
	if err := tx.ForgetPerson(ctx, who); err != nil {
		return err
	}
	p, err := tx.Person(ctx, who)
	if err != nil {
		return err
	}
	p.ClosedAt, p.Home = at, ""
	return tx.UpdatePerson(ctx, p)
}

func (k *Keeper) endAgencies(ctx context.Context, tx Tx, who citizen.ID, at time.Time) error {
	for _, side := range []citizen.Side{citizen.AsPrincipal, citizen.AsAgent} {
		list, err := tx.Agencies(ctx, who, side)
		if err != nil {
			return err
		}
		for _, a := range list {
			if a.State == citizen.Ended || a.PrincipalKind == citizen.Legal && side == citizen.AsPrincipal {
				continue // an organisation goes on without who stood for it
			}
			if err := tx.EndAgency(ctx, a.ID, who, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// kept names what stays, why and until when.
func (r Remains) kept(at time.Time) []Kept {
	archive, record := at.AddDate(archiveYears, 0, 0), at.AddDate(recordYears, 0, 0)
	list := []Kept{{"姓名和身份证号（用于识别下列档案）", 1, archiveLaw, archive}}
	for _, k := range []Kept{
		{"办件及其材料", r.Cases, archiveLaw, archive},
		{"证照", r.Licences, archiveLaw, archive},
		{"寄递记录", r.Waybills, archiveLaw, archive},
		{"预约和到场记录", r.Appointments, archiveLaw, archive},
		{"评价", r.Ratings, archiveLaw, archive},
		{"工作人员查看您信息的记录", r.Looks, recordLaw, record},
	} {
		if k.Count > 0 {
			list = append(list, k)
		}
	}
	return list
}
