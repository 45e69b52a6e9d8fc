package scan

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// aPDF has a number of pages, and what else is put into its information.
func aPDF(pages int, info string, objects ...string) []byte {
	var b strings.Builder
	b.WriteString("%PDF-1.7\n")
	for i := range pages {
		fmt.Fprintf(&b, "%d 0 obj\n<</Type /Page /Parent 2 0 R>>\nendobj\n", 100+i)
	}
	fmt.Fprintf(&b, "9 0 obj\n<<%s>>\nendobj\n", info)
	for i, o := range objects {
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", 20+i, o)
	}
	b.WriteString("2 0 obj\n<</Type/Pages/Count 1>>\nendobj\ntrailer <</Root 1 0 R /Info 9 0 R>>\n%%EOF\n")
	return []byte(b.String())
}

func stream(dict, body string) string {
	return fmt.Sprintf("<<%s /Length %d>>\nstream\n%s\nendstream", dict, len(body), body)
}

func deflated(t *testing.T, text string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

func TestAPDFLosesWhoMadeItAndKeepsEveryOffset(t *testing.T) {
	photo := string(with(aJPEG(t), app1, exif(binary.LittleEndian, "II", 6)))
	for name, in := range map[string][]byte{
		"author":  aPDF(1, "/Author (SECRET) /Title <FEFF0053> /CreationDate (D:20260101 SECRET)"),
		"escaped": aPDF(1, `/Author (a\) SECRET)`),
		"xmp":     aPDF(1, "", stream("/Type /Metadata /Subtype /XML", "<x:xmpmeta>SECRET</x:xmpmeta>")),
		"packed":  aPDF(1, "", stream("/Type/Metadata/Subtype/XML/Filter/FlateDecode", deflated(t, "SECRET SECRET"))),
		"photo":   aPDF(1, "", stream("/Subtype/Image/Filter/DCTDecode", photo)),
	} {
		f, err := Clean(in)
		require.NoError(t, err, name)
		require.Len(t, f.Content, len(in), name)
		require.NotContains(t, string(f.Content), "SECRET", name)
		require.NotContains(t, string(f.Content), "GPS", name)
		require.Contains(t, string(f.Content), "/Type /Page", name)
	}
}

func TestPDFsThatShouldNotComeInAreRefused(t *testing.T) {
	page := "<</Type/Page>>"
	bomb := deflated(t, strings.Repeat(" ", packedMost+1))
	for name, c := range map[string]struct {
		in   []byte
		want error
	}{
		"half of one":       {[]byte("%PDF-1.7\n1 0 obj"), ErrBroken},
		"no page":           {aPDF(0, ""), ErrBroken},
		"101 pages":         {aPDF(101, ""), ErrPages},
		"101 packed pages":  {aPDF(0, "", stream("/Type/ObjStm/Filter/FlateDecode", deflated(t, strings.Repeat(page, 101)))), ErrPages},
		"a bomb":            {aPDF(1, "", stream("/Type/ObjStm/Filter/FlateDecode", bomb)), ErrPages},
		"a password":        {append(aPDF(1, ""), "trailer <</Encrypt 3 0 R>>\n%%EOF"...), ErrLocked},
		"a script":          {aPDF(1, "", "<</S/JavaScript/JS(app.alert(1))>>"), ErrActive},
		"a disguised one":   {aPDF(1, "", "<</S/J#61vaScript/J#53(app.alert(1))>>"), ErrActive},
		"a packed one":      {aPDF(1, "", stream("/Type/ObjStm/Filter/FlateDecode", deflated(t, "<</S/JavaScript>>"))), ErrActive},
		"a program":         {aPDF(1, "", "<</S/Launch/F(cmd.exe)>>"), ErrActive},
		"an attachment":     {aPDF(1, "", stream("/Type/EmbeddedFile", "MZ")), ErrActive},
		"a thousand Infos":  {append(aPDF(1, ""), strings.Repeat("/Info 9 0 R ", 1000)+"%%EOF"...), ErrBroken},
		"an object unfit":   {aPDF(1, "", stream("/Type/ObjStm/Filter/FlateDecode", "not packed")), ErrBroken},
		"HTML and a PDF in": {append([]byte("<html>"), aPDF(1, "")...), ErrMedia},
	} {
		_, err := Clean(c.in)
		require.ErrorIs(t, err, c.want, name)
	}
	f, err := Clean(aPDF(100, "/Trapped /False"))
	require.NoError(t, err)
	require.Equal(t, "application/pdf", f.Media)
}
