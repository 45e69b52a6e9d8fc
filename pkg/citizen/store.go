package citizen

import (
	"context"
	"time"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// FaceCheck is one face verification under way.
type FaceCheck struct {
	ID       string
	Account  AccountID
	VerifyID string // WeChat's, for wx.requestFacialVerify
	State    string // open, passed, failed
	EndsAt   time.Time
}

// Store remembers persons, accounts, sessions and agents.
type Store interface {
	InTx(ctx context.Context, fn func(Tx) error) error
	Reader
	// FaceCheck returns a face check of the account. Error: ErrNoFaceCheck.
	FaceCheck(ctx context.Context, who AccountID, id string) (FaceCheck, error)
	// Looks lists who looked at a person's data, newest first, before an id.
	Looks(ctx context.Context, who ID, before string, most int) ([]Look, error)
}

// Reader reads, inside or outside a transaction.
type Reader interface {
	// Account returns one account. Error: ErrNoAccount.
	Account(ctx context.Context, id AccountID) (Account, error)
	// AccountsOf lists a person's accounts, oldest first.
	AccountsOf(ctx context.Context, who ID) ([]Account, error)
	// Person returns one person. Error: ErrNoPerson.
	Person(ctx context.Context, id ID) (Person, error)
	// Sessions lists the living sessions of an account and of every other
	// account of its person, newest first.
	Sessions(ctx context.Context, who AccountID, person ID, now time.Time) ([]Session, error)
	// Agency returns one agency. Error: ErrNoAgency.
	Agency(ctx context.Context, id string) (Agency, error)
	// Agencies lists those in which a person is a side, newest first.
	Agencies(ctx context.Context, who ID, side Side) ([]Agency, error)
	// Represented lists the legal persons that a natural person stands for.
	Represented(ctx context.Context, who ID) ([]Person, error)
	// RepresentativeOf is who stands for a legal person, "" = nobody.
	RepresentativeOf(ctx context.Context, legal ID) (ID, error)
}

// Tx is what a change of persons, accounts, sessions and agents needs.
type Tx interface {
	Reader
	Bonds
	// AccountOf finds the account of a WeChat identity. Error: ErrNoAccount.
	AccountOf(ctx context.Context, openID string) (Account, error)
	// PersonOf finds the person of an identity number. Error: ErrNoPerson.
	PersonOf(ctx context.Context, number IDNumber) (Person, error)
	// LegalPersonOf finds the person of a credit code. Error: ErrNoPerson.
	LegalPersonOf(ctx context.Context, code CreditCode) (Person, error)
	InsertAccount(ctx context.Context, a Account) error
	// UpdateAccount stores phone, person and proof ages. An account that is
	// bound to another person is not moved. Error: ErrOtherPerson.
	UpdateAccount(ctx context.Context, a Account) error
	// UnbindAccount takes the person and the proofs from an account, and ends
	// its sessions, open face checks and post. Error: ErrNoAccount.
	UnbindAccount(ctx context.Context, id AccountID, person ID, at time.Time) error
	InsertPerson(ctx context.Context, p Person) error
	// UpdatePerson stores the name, the home, and whether the person has left.
	UpdatePerson(ctx context.Context, p Person) error
	InsertSession(ctx context.Context, s Session) error
	// DeleteSession ends a session of the account; ending it twice is no error.
	DeleteSession(ctx context.Context, who AccountID, tokenHash [32]byte) error
	// ReplacePageCode stores a code for the pages in place of the account's last.
	ReplacePageCode(ctx context.Context, c PageCode) error
	// UsePageCode takes a code that is good by now away and says whose it was.
	// Error: ErrWrongPageCode.
	UsePageCode(ctx context.Context, hash [32]byte, now time.Time) (AccountID, error)
	InsertFaceCheck(ctx context.Context, f FaceCheck) error
	// EndFaceCheck moves an open check to passed or failed. Error: ErrFaceDone.
	EndFaceCheck(ctx context.Context, id, state string) error
	// InsertLook keeps that somebody looked at a person's data.
	InsertLook(ctx context.Context, l Look) error
	// TellPerson tells a person on every account, in the app and by WeChat.
	TellPerson(ctx context.Context, to ID, kind, subject, text string, at time.Time) error
}

// Bonds are the changes of who may act for whom.
type Bonds interface {
	// SaveRepresentative stores who stands for a legal person now.
	SaveRepresentative(ctx context.Context, legal, natural ID, at time.Time) error
	// InsertAgency stores an agency with its items, and its proof where it has one.
	InsertAgency(ctx context.Context, a Agency) error
	// AcceptAgency makes an offered agency active. Error: ErrAgencyOver.
	AcceptAgency(ctx context.Context, id string, at time.Time) error
	// EndAgency ends an agency that has not ended. Error: ErrAgencyOver.
	EndAgency(ctx context.Context, id string, by ID, at time.Time) error
}

// Errors of the store.
var (
	ErrNoAccount   = fault.New(fault.NotFound, "citizen.no_account", "没有找到这个账号，请重新登录")
	ErrNoFaceCheck = fault.New(fault.NotFound, "citizen.no_face_check", "没有找到这次人脸核验，请重新发起")
	ErrFaceDone    = fault.New(fault.Conflict, "citizen.face_done", "这次人脸核验已经结束，请重新发起")
)
