// Package hub (数据共享平台接口) speaks to the city's data hub: it decides how a
// question to a base, or a case for a department's own system, is written and
// signed there, and what its answers mean in ours. Sandbox plays it on this
// machine.
//
// Every request is a POST of JSON with the headers X-Hub-Key (which key),
// X-Hub-Time (Unix milliseconds), X-Hub-Nonce (32 hex digits, never twice) and
// X-Hub-Signature: the hex HMAC-SHA256, under the key of the base or system,
// of "hub1", method, path, time, nonce and the hex SHA-256 of the body, a line
// each. An answer is signed alike, over "hub1-answer", its status, the nonce of
// the request and the hex SHA-256 of its body: who can write into the network
// between cannot vouch for anything.
package hub

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The headers of a signature.
const (
	headerKey       = "X-Hub-Key"
	headerTime      = "X-Hub-Time"
	headerNonce     = "X-Hub-Nonce"
	headerSignature = "X-Hub-Signature"
)

// clockSkew is how far the clocks of both sides may be apart; a nonce is
// remembered for twice as long.
const clockSkew = 5 * time.Minute

// Key (密钥) signs what goes to one base or system.
type Key struct {
	ID     string
	Secret []byte
}

func (k Key) mac(lines ...string) string {
	m := hmac.New(sha256.New, k.Secret)
	m.Write([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(m.Sum(nil))
}

func digest(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func (k Key) request(method, path, at, nonce string, body []byte) string {
	return k.mac("hub1", method, path, at, nonce, digest(body))
}

func (k Key) answer(status int, nonce string, body []byte) string {
	return k.mac("hub1-answer", strconv.Itoa(status), nonce, digest(body))
}

// sign puts a signature on a request.
func (k Key) sign(r *http.Request, body []byte, now time.Time, nonce string) {
	at := strconv.FormatInt(now.UnixMilli(), 10)
	r.Header.Set(headerKey, k.ID)
	r.Header.Set(headerTime, at)
	r.Header.Set(headerNonce, nonce)
	r.Header.Set(headerSignature, k.request(r.Method, r.URL.Path, at, nonce, body))
}

// What is wrong with a signature; only logs and the other side hear of it.
var (
	errSignature = errors.New("the signature is wrong")
	errTime      = errors.New("the time is too far off")
	errNonce     = errors.New("the nonce is missing, or was used before")
)

// check looks at the signature and the time of a request.
func (k Key) check(r *http.Request, body []byte, now time.Time) error {
	at, nonce := r.Header.Get(headerTime), r.Header.Get(headerNonce)
	want := k.request(r.Method, r.URL.Path, at, nonce, body)
	if !hmac.Equal([]byte(want), []byte(r.Header.Get(headerSignature))) {
		return errSignature
	}
	ms, err := strconv.ParseInt(at, 10, 64)
	if err != nil || now.Sub(time.UnixMilli(ms)).Abs() > clockSkew {
		return errTime
	}
	if len(nonce) != 32 {
		return errNonce
	}
	return nil
}
