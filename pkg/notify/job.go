package notify

import "time"

// JobKind names a background job.
type JobKind string

// Job is work to be done after the transaction that asks for it, at least
// once. It carries only the id of its subject: no personal data. A job of the
// same kind and subject that still waits is the same job.
type Job struct {
	Kind    JobKind
	Subject string
	At      time.Time // not before; the zero time is now
}

// SendMessage delivers one stored notice through WeChat.
const SendMessage JobKind = "notify.send"
