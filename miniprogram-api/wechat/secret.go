package wechat

import "fmt"

// secret holds a value that no print verb, JSON encoder or reflecting dumper
// can reach: it lives in a closure, and even the closure's address is masked.
// (A Formatter alone is not enough: fmt does not call it on unexported fields.)
type secret struct{ reveal func() string }

func hide(s string) secret { return secret{reveal: func() string { return s }} }

// Format prints the same three characters for every secret and every verb.
func (secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, "***") }

// MarshalText does the same for encoders.
func (secret) MarshalText() ([]byte, error) { return []byte("***"), nil }
