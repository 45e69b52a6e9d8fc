package blob

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAStoreIsTriedBeforeAnybodyReliesOnIt(t *testing.T) {
	local, err := Dir(t.TempDir())
	require.NoError(t, err)
	remote, _ := onShelf(t, asItIs)
	for name, s := range map[string]Store{"a directory": local, "a bucket": remote} {
		for range 2 {
			_, err := Check(t.Context(), s, []byte("ours"), "incoming/")
			require.NoError(t, err, name)
		}
		_, err := Check(t.Context(), s, []byte("another installation"), "incoming/")
		require.ErrorIs(t, err, ErrForeign, name)
	}
}

func TestWhatIsWrongWithAStoreIsSaidPlainly(t *testing.T) {
	for code, want := range map[string]error{
		"NoSuchBucket": ErrNoBucket, "AccessDenied": ErrForeign, "AllAccessDisabled": ErrForeign, "RequestTimeTooSkewed": ErrClock,
		"InvalidAccessKeyId": ErrKeyPair, "SignatureDoesNotMatch": ErrKeyPair, "NotImplemented": ErrUnavailable,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/xml")
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, "<Error><Code>%s</Code><Message>no</Message></Error>", code)
		}))
		s, err := S3(Config{
			Endpoint: server.Listener.Addr().String(), Bucket: "files", AccessKey: "key", SecretKey: "secret", Plain: true, PathStyle: true, Now: time.Now,
		})
		require.NoError(t, err)
		_, err = Check(t.Context(), s, []byte("ours"), "incoming/")
		require.ErrorIs(t, err, want, code)
		server.Close()
	}
}
