// Package notify (通知) decides what a person is told, when and in which words.
// A notice is stored with the change that caused it and sent afterwards, so
// that it is never lost and never tells of what did not happen.
package notify

import (
	"time"

	"github.com/yimen-gov/yimen/pkg/citizen"
)

// Kind names a notice; it is also the key of its WeChat template.
type Kind string

// Notice tells one person one thing. Subject is the id of what it is about.
// The same Kind and Subject at the same moment is one notice.
type Notice struct {
	ID      string
	To      citizen.ID
	Kind    Kind
	Subject string
	Text    string // Chinese, whole sentences, without names or numbers of others
	At      time.Time
}

// The notices of a case.
const (
	CaseAccepted  Kind = "case.accepted"
	CaseTolerated Kind = "case.tolerated"
	CaseTaken     Kind = "case.taken"
	CaseNotified  Kind = "case.notified"
	CaseRefused   Kind = "case.refused"
	CaseGranted   Kind = "case.granted"
	CaseEnded     Kind = "case.ended"
	Supplemented  Kind = "case.supplemented"
	MaterialUnfit Kind = "case.material_unfit"

	PictureDoubted Kind = "case.picture_doubted" // to the clerk who has the case
)
