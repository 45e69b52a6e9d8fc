package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// record is one row as it stands in the file, or the reason why it cannot be
// parted into cells. A record with a fault still has its first cell, as near as
// can be told, so that its key is known.
type record struct {
	line  int
	cells []string
	fault string
}

// blank is true for a row of empty cells, such as spreadsheets leave behind.
func (r record) blank() bool {
	return r.fault == "" && strings.Trim(strings.Join(r.cells, ""), " ") == ""
}

// maxSlips is how many badly quoted rows are told before giving up: each makes
// the reader start anew.
const maxSlips = 200

// split parts data into records. After a badly quoted row it goes on with the
// next line, so that an open quote does not swallow the rest of the file.
func split(data []byte) []record {
	var records []record
	line := 1
	for slips := 0; len(data) > 0; slips++ {
		got, bad := readUntilSlip(data, line)
		records = append(records, got...)
		if bad == 0 {
			return records
		}
		slip, rest := cutLines(data, bad-line)
		records = append(records, spoiltRecord(slip, bad))
		if slips == maxSlips {
			records[len(records)-1].fault = "引号错误太多，这一行之后不再检查"
			return records
		}
		data, line = rest, bad+1
	}
	return records
}

// readUntilSlip gives the well-formed records from the start of data, which is
// at the given line, and the line where the first badly quoted one begins, or 0.
func readUntilSlip(data []byte, line int) (records []record, bad int) {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	for {
		cells, err := r.Read()
		if slip, ok := errors.AsType[*csv.ParseError](err); ok {
			return records, line + slip.StartLine - 1
		}
		if err != nil { // io.EOF: bytes in memory give no other
			return records, 0
		}
		start, _ := r.FieldPos(0)
		records = append(records, record{line: line + start - 1, cells: cells})
	}
}

// cutLines gives the line after the first n, and what follows it.
func cutLines(data []byte, n int) (line, rest []byte) {
	for range n {
		_, data, _ = bytes.Cut(data, []byte("\n"))
	}
	line, rest, _ = bytes.Cut(data, []byte("\n"))
	return line, rest
}

func spoiltRecord(line []byte, at int) record {
	first, _, _ := strings.Cut(string(line), ",")
	return record{line: at, cells: []string{strings.Trim(first, "\" \r")}, fault: "双引号不成对或位置不对"}
}

// badText tells what no cell may hold.
func badText(cell string) string {
	if !utf8.ValidString(cell) {
		return "不是 UTF-8 编码"
	}
	for _, c := range cell {
		if c != '\n' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == unicode.ReplacementChar) {
			return "含有不可见字符或乱码"
		}
	}
	return ""
}
