package sheet

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	integer = regexp.MustCompile(`^-?[0-9]{1,18}$`)
	decimal = regexp.MustCompile(`^-?[0-9]{1,15}(\.[0-9]{1,15})?$`)
	code    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)
)

// Code gives the cell, which must be a key: letters, digits, "-" and "_", at
// most 64 of them, because codes are written into addresses. A bad key is given all
// the same: what refers to it is not wrong.
func (r *Row) Code(column string) string {
	text := r.Need(column)
	if text != "" && !code.MatchString(text) {
		r.Fault(column, "编码只能用字母、数字、- 和 _，不超过 64 位：%s", text)
	}
	return text
}

// Int gives the cell as an integer from low to high.
func (r *Row) Int(column string, low, high int) int {
	text := r.Need(column)
	if text == "" {
		return 0
	}
	if !integer.MatchString(text) {
		r.Fault(column, "应为整数：%s", text)
		return 0
	}
	n, _ := strconv.Atoi(text)
	if n < low || n > high {
		r.Fault(column, "应在 %d 到 %d 之间：%s", low, high, text)
		return 0
	}
	return n
}

// IntOr is Int for a cell that may be empty, which gives none.
func (r *Row) IntOr(column string, none, low, high int) int {
	if r.Text(column) == "" {
		return none
	}
	return r.Int(column, low, high)
}

// Float gives the cell as a decimal number from low to high; NaN, infinity and
// exponents are no such number.
func (r *Row) Float(column string, low, high float64) float64 {
	text := r.Need(column)
	if text == "" {
		return 0
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !decimal.MatchString(text) || math.IsNaN(x) || math.IsInf(x, 0) {
		r.Fault(column, "应为数字：%s", text)
		return 0
	}
	if x < low || x > high {
		r.Fault(column, "应在 %v 到 %v 之间：%s", low, high, text)
		return 0
	}
	return x
}

// Bool gives the cell, true or false. Capitals are tolerated: spreadsheets
// write them.
func (r *Row) Bool(column string) bool {
	switch text := r.Need(column); text {
	case "true", "TRUE":
		return true
	case "", "false", "FALSE":
		return false
	default:
		r.Fault(column, "应为 true 或 false：%s", text)
		return false
	}
}

// List gives the parts of a cell like "a|b". An empty cell gives none; empty
// and repeated parts are faults.
func (r *Row) List(column string) []string {
	text := r.Text(column)
	if text == "" {
		return nil
	}
	parts := strings.Split(text, "|")
	for i, part := range parts {
		parts[i] = strings.TrimSpace(part)
		if parts[i] == "" {
			r.Fault(column, "列表里有空的一项：%s", text)
			return nil
		}
		if slices.Contains(parts[:i], parts[i]) {
			r.Fault(column, "列表里重复：%s", parts[i])
			return nil
		}
	}
	return parts
}

// Enum gives the cell, which must be one of allowed.
func Enum[T ~string](r *Row, column string, allowed ...T) T {
	text := T(r.Need(column))
	if text == "" || slices.Contains(allowed, text) {
		return text
	}
	names := make([]string, len(allowed))
	for i, a := range allowed {
		names[i] = string(a)
	}
	r.Fault(column, "应为 %s 之一：%s", strings.Join(names, "、"), string(text))
	return ""
}

// Ref gives what the cell's key stands for in index. An unknown key is a fault,
// but for an empty index: then the other file is missing, which is told there.
func Ref[K ~string, V any](r *Row, column string, index map[K]V) (v V, ok bool) {
	key := r.Need(column)
	if key == "" || len(index) == 0 {
		return v, false
	}
	v, ok = index[K(key)]
	if !ok {
		r.Fault(column, "没有这个编码：%s", key)
	}
	return v, ok
}
