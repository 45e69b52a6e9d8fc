package citizen

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// WeChat is what the door needs of the platform. Codes are one-use.
type WeChat interface {
	OpenID(ctx context.Context, code string) (string, error)
	PhoneNumber(ctx context.Context, code string) (string, error)
	StartFace(ctx context.Context, openID string, name Name, number IDNumber, serial string) (verifyID string, err error)
	FaceMatched(ctx context.Context, openID string, name Name, number IDNumber, serial, verifyID string) (bool, error)
}

// Population answers whether a name and an identity number belong together.
type Population interface {
	Match(ctx context.Context, name Name, number IDNumber) (bool, error)
}

// Registry answers who stands for whom in law: the register of market entities
// and organisations, and that of households.
type Registry interface {
	// Represents says whether an organisation of this name and code has this
	// natural person as its legal representative.
	Represents(ctx context.Context, org, representative Person) (bool, error)
	// Guards says whether this person is a guardian of the child.
	Guards(ctx context.Context, guardian, child Person) (bool, error)
}

// Files keep the papers that arrangements rest on, sealed.
type Files interface {
	Put(ctx context.Context, id string, content []byte) error
	Get(ctx context.Context, id string) ([]byte, error)
}

// Door lets people in: login, phone, real name, face.
type Door struct {
	Store      Store
	WeChat     WeChat
	Population Population
	Registry   Registry
	Files      Files
	// Changed, if set, hears of every account whose person, proofs or sessions
	// change, before the change is durable.
	Changed func(AccountID)
	Now     func() time.Time
	NewID   func() string
	Random  io.Reader
}

// accountsMost bounds how many WeChat accounts one person may have.
const accountsMost = 5

// Errors of the door.
var (
	ErrNoMatch      = fault.New(fault.Invalid, "citizen.no_match", "姓名与身份证号不一致，请核对后再试；如近期改过姓名，请到户籍窗口办理")
	ErrOtherPerson  = fault.New(fault.Conflict, "citizen.other_person", "本微信账号已实名为其他人，请先解除绑定，或换用本人的微信")
	ErrFaceMismatch = fault.New(fault.Invalid, "citizen.face_mismatch", "人脸核验没有通过，请在光线充足处由本人重试")
	ErrManyAccounts = fault.New(fault.Conflict, "citizen.too_many_accounts", "本人已绑定5个微信账号，请先在“我的—账号”解除不用的账号")
	ErrFaceExpired  = fault.New(fault.Conflict, "citizen.face_expired", "人脸核验已超时，请重新发起")
)

// Login turns a WeChat login code into a session and its token. The token is
// shown once; only its hash is kept.
func (d *Door) Login(ctx context.Context, code string, device Device) (token string, s Session, err error) {
	openID, err := d.WeChat.OpenID(ctx, code)
	if err != nil {
		return "", Session{}, err
	}
	token, s, err = d.newSession(device, SessionLife)
	if err != nil {
		return "", Session{}, err
	}
	err = d.Store.InTx(ctx, func(tx Tx) error {
		if s.Account, err = d.account(ctx, tx, openID); err != nil {
			return err
		}
		return tx.InsertSession(ctx, s)
	})
	return token, s, err
}

// newSession makes a session that still lacks its account.
func (d *Door) newSession(device Device, life time.Duration) (token string, s Session, err error) {
	if token, err = d.newToken(); err != nil {
		return "", s, err
	}
	now := d.Now()
	return token, Session{
		ID: d.NewID(), TokenHash: HashToken(token), Device: device,
		MadeAt: now, SeenAt: now, EndsAt: now.Add(life),
	}, nil
}

// account finds the account of a WeChat identity or makes it.
func (d *Door) account(ctx context.Context, tx Tx, openID string) (AccountID, error) {
	a, err := tx.AccountOf(ctx, openID)
	if errors.Is(err, ErrNoAccount) {
		a = Account{ID: AccountID(d.NewID()), OpenID: openID, MadeAt: d.Now()}
		err = tx.InsertAccount(ctx, a)
	}
	return a.ID, err
}

// BindPhone takes the phone number that WeChat vouches for.
func (d *Door) BindPhone(ctx context.Context, who AccountID, code string) (Account, error) {
	number, err := d.WeChat.PhoneNumber(ctx, code)
	if err != nil {
		return Account{}, err
	}
	phone, err := ParsePhone(number)
	if err != nil {
		return Account{}, err
	}
	return d.change(ctx, who, func(_ Tx, a *Account) error {
		a.Phone = phone
		return nil
	})
}

// change loads an account, applies do and stores it, in one transaction.
func (d *Door) change(ctx context.Context, who AccountID, do func(Tx, *Account) error) (a Account, err error) {
	d.forget(who)
	err = d.Store.InTx(ctx, func(tx Tx) error {
		if a, err = tx.Account(ctx, who); err != nil {
			return err
		}
		if err := do(tx, &a); err != nil {
			return err
		}
		return tx.UpdateAccount(ctx, a)
	})
	return a, err
}

func (d *Door) newToken() (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(d.Random, b); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// HashToken is how a token is stored and looked up.
func HashToken(token string) [32]byte { return sha256.Sum256([]byte(token)) }
