package api

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// readableAddress is what isAddress must say, decoded the plain way.
func readableAddress(uri string) bool {
	text, err := url.QueryUnescape(uri)
	return err == nil && isText([]byte(text))
}

func TestAnAddressIsTextOnceItsEscapesAreUndone(t *testing.T) {
	for uri, want := range map[string]bool{
		"":                            true,
		"/api/v1/items?q=a+b&limit=5": true,
		"/api/v1/items?q=%E4%B8%8A":   true,
		"/上户口":                        true,
		"/%41%2f%2F":                  true,
		"/%":                          false,
		"/%4":                         false,
		"/%4g":                        false,
		"/%G4":                        false,
		"/%%41":                       false,
		"/%00":                        false,
		"/\x00":                       false,
		"/%ff":                        false,
		"/\xff":                       false,
		"/%E4%B8":                     false,
		"/\xe4%B8%8A":                 true, // half escaped, whole character
	} {
		require.Equal(t, want, isAddress([]byte(uri)), "%q", uri)
		require.Equal(t, want, readableAddress(uri), "%q", uri)
	}
}

func TestAnyAddressIsReadAsTheLibraryReadsIt(t *testing.T) {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{"%", "%4", "%41", "%00", "%e4%b8%8a", "%FF", "+", "\x00", "\xff", "上", "?", "&"}),
		rapid.String(), rapid.StringMatching(`%[0-9a-fA-F]{2}`))
	rapid.Check(t, func(t *rapid.T) {
		uri := ""
		for _, p := range rapid.SliceOfN(piece, 0, 40).Draw(t, "pieces") {
			uri += p
		}
		require.Equal(t, readableAddress(uri), isAddress([]byte(uri)), "%q", uri)
	})
}
