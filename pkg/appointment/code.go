package appointment

import (
	"encoding/binary"
	"io"
	"strings"
)

// Code is what a person shows or says at the office (预约码): CodeLength
// characters that are not mistaken for each other.
type Code string

// CodeLength is the number of characters in a code.
const CodeLength = 8

// codeLetters leave out 0 and O, 1, I and L.
const codeLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

// newCode draws a code. 2^64 is so much more than 31^8 that the remainder
// favours none.
func newCode(random io.Reader) (Code, error) {
	var b [8]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", err
	}
	n := binary.LittleEndian.Uint64(b[:])
	var code [CodeLength]byte
	for i := range code {
		code[i] = codeLetters[n%uint64(len(codeLetters))]
		n /= uint64(len(codeLetters))
	}
	return Code(code[:]), nil
}

// ReadCode takes a code as people type it: small letters, gaps and dashes.
func ReadCode(text string) Code {
	return Code(strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(text)))
}
