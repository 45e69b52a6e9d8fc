package sandbox

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Times of a push, as the platform documents them.
const (
	pushWait  = 5 * time.Second
	pushTries = 3
)

// Push signs, encrypts and posts an event to PushURL, up to three times, and
// returns the last failure. Without a PushURL it does nothing.
func (s *Sandbox) Push(e Event) (err error) {
	if s.o.PushURL == "" {
		return nil
	}
	for range pushTries {
		query, body := s.Seal(e)
		if err = s.post(query, body); err == nil {
			return nil
		}
	}
	return err
}

// tell pushes an event while the sandbox goes on. Settle waits for it.
func (s *Sandbox) tell(e Event) {
	s.pushing.Add(1)
	go func() {
		defer s.pushing.Done()
		_ = s.Push(e)
	}()
}

// Settle waits until every push under way has arrived or been given up.
func (s *Sandbox) Settle() { s.pushing.Wait() }

func (s *Sandbox) post(query url.Values, body []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), pushWait)
	defer cancel()
	answer, err := s.talk(ctx, http.MethodPost, query, body)
	if err == nil && answer != "success" && answer != "" {
		err = fmt.Errorf("sandbox: push answered with %d bytes that are not success", len(answer))
	}
	return err
}

// VerifyPushURL asks PushURL for the echo that proves it ours, as the console
// does when the address is set.
func (s *Sandbox) VerifyPushURL(ctx context.Context) error {
	query, echo := s.sign(), strconv.FormatInt(s.o.Now().UnixNano(), 10)
	query.Set("echostr", echo)
	answer, err := s.talk(ctx, http.MethodGet, query, nil)
	if err == nil && answer != echo {
		err = fmt.Errorf("sandbox: echo differs")
	}
	return err
}

func (s *Sandbox) talk(ctx context.Context, method string, query url.Values, body []byte) (string, error) {
	sep := "?"
	if strings.Contains(s.o.PushURL, "?") {
		sep = "&"
	}
	r, err := http.NewRequestWithContext(ctx, method, s.o.PushURL+sep+query.Encode(), bytes.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", map[bool]string{true: "text/xml", false: "application/json"}[s.o.PushXML])
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, 1<<16))
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("sandbox: push answered %s", res.Status)
	}
	return string(b), err
}

// Seal makes the query and the body of a push without sending it.
func (s *Sandbox) Seal(e Event) (url.Values, []byte) {
	plain := e.filled(s.o.Now()).encode(s.o.PushXML)
	query := s.sign()
	query.Set("openid", e.FromUserName)
	if s.o.EncodingAESKey == "" {
		return query, plain
	}
	cipherText := s.encrypt(plain)
	query.Set("encrypt_type", "aes")
	query.Set("msg_signature", signature(s.o.Token, query.Get("timestamp"), query.Get("nonce"), cipherText))
	return query, envelope(cipherText, s.o.PushXML)
}

// sign makes the query of a push that covers nothing but itself.
func (s *Sandbox) sign() url.Values {
	stamp, nonce := strconv.FormatInt(s.o.Now().Unix(), 10), hexes(5)
	return url.Values{
		"timestamp": {stamp}, "nonce": {nonce},
		"signature": {signature(s.o.Token, stamp, nonce)},
	}
}

func signature(parts ...string) string {
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

// encrypt is AES-256-CBC over 16 random bytes, the length, the text and the
// AppID, padded to blocks of 32, with the key's first half as the vector.
func (s *Sandbox) encrypt(plain []byte) string {
	key, _ := base64.StdEncoding.DecodeString(s.o.EncodingAESKey + "=")
	b := make([]byte, 20, 64+len(plain))
	_, _ = rand.Read(b[:16])
	binary.BigEndian.PutUint32(b[16:], uint32(len(plain)))
	b = append(append(b, plain...), s.o.AppID...)
	pad := 32 - len(b)%32
	b = append(b, bytes.Repeat([]byte{byte(pad)}, pad)...)
	block, _ := aes.NewCipher(key)
	cipher.NewCBCEncrypter(block, key[:16]).CryptBlocks(b, b)
	return base64.StdEncoding.EncodeToString(b)
}

func envelope(cipherText string, asXML bool) []byte {
	if asXML {
		return []byte("<xml><ToUserName><![CDATA[" + originalID + "]]></ToUserName><Encrypt><![CDATA[" + cipherText + "]]></Encrypt></xml>")
	}
	b, _ := json.Marshal(map[string]string{"ToUserName": originalID, "Encrypt": cipherText})
	return b
}

func (e Event) encode(asXML bool) []byte {
	if asXML {
		b, _ := xml.Marshal(e.forXML())
		return b
	}
	b, _ := json.Marshal(e)
	return b
}
