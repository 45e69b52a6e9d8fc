package appointment

// WaitingID names somebody's place on a waiting list.
type WaitingID string
