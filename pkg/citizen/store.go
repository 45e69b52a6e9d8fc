package citizen

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// Session is one sign-in. Only the hash of its token is kept.
type Session struct {
	TokenHash [32]byte
	Account   AccountID
	MadeAt    time.Time
	EndsAt    time.Time // absolute
}

// FaceCheck is one face verification under way.
type FaceCheck struct {
	ID       string
	Account  AccountID
	VerifyID string // WeChat's, for wx.requestFacialVerify
	State    string // open, passed, failed
	EndsAt   time.Time
}

// Store remembers persons, accounts and sessions.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	// Account returns one account. Error: ErrNoAccount.
	Account(ctx context.Context, id AccountID) (Account, error)
	// Person returns one person. Error: ErrNoPerson.
	Person(ctx context.Context, id ID) (Person, error)
	// FaceCheck returns a face check of the account. Error: ErrNoFaceCheck.
	FaceCheck(ctx context.Context, who AccountID, id string) (FaceCheck, error)
}

// Tx is what a change of persons, accounts and sessions needs.
type Tx interface {
	Account(ctx context.Context, id AccountID) (Account, error)
	Person(ctx context.Context, id ID) (Person, error)
	// AccountOf finds the account of a WeChat identity. Error: ErrNoAccount.
	AccountOf(ctx context.Context, openID string) (Account, error)
	// PersonOf finds the person of an identity number. Error: ErrNoPerson.
	PersonOf(ctx context.Context, number IDNumber) (Person, error)
	InsertAccount(ctx context.Context, a Account) error
	// UpdateAccount stores phone, person and proof ages.
	UpdateAccount(ctx context.Context, a Account) error
	InsertPerson(ctx context.Context, p Person) error
	InsertSession(ctx context.Context, s Session) error
	// DeleteSession ends a session of the account; ending it twice is no error.
	DeleteSession(ctx context.Context, who AccountID, tokenHash [32]byte) error
	InsertFaceCheck(ctx context.Context, f FaceCheck) error
	// EndFaceCheck moves an open check to passed or failed. Error: ErrFaceDone.
	EndFaceCheck(ctx context.Context, id, state string) error
}

// Errors of the store.
var (
	ErrNoAccount   = fault.New(fault.NotFound, "citizen.no_account", "没有找到这个账号，请重新登录")
	ErrNoFaceCheck = fault.New(fault.NotFound, "citizen.no_face_check", "没有找到这次人脸核验，请重新发起")
	ErrFaceDone    = fault.New(fault.Conflict, "citizen.face_done", "这次人脸核验已经结束，请重新发起")
)
