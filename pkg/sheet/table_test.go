package sheet_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/sheet"
)

type colour string

// read reads "code,n,x,ok,colour,list" cells in every way there is, and gives
// the faults, one a line.
func read(t *testing.T, content string) string {
	book := sheet.Open(fstest.MapFS{"a.csv": {Data: []byte(content)}})
	table := book.Table("a.csv", "code", "n", "x", "ok", "colour", "list")
	for _, row := range table.Rows {
		row.Code("code")
		row.Int("n", 0, 9)
		row.Float("x", -1, 1)
		row.Bool("ok")
		sheet.Enum(row, "colour", colour("red"), colour("blue"))
		row.List("list")
		row.Unique("code")
	}
	err := book.Err()
	if err == nil {
		return ""
	}
	_, ok := errors.AsType[sheet.Faults](err)
	require.True(t, ok)
	return err.Error()
}

const header = "code,n,x,ok,colour,list\n"

func TestEachFaultHasItsLineAndColumn(t *testing.T) {
	for name, c := range map[string]struct{ content, want string }{
		"all is well":         {header + "a,1,0.5,true,red,p|q\n", ""},
		"any order":           {"list,colour,ok,x,n,code\np|q,red,true,0.5,1,a\n", ""},
		"byte order mark":     {"\ufeff" + header + "a,1,0.5,true,red,\n", ""},
		"windows line ends":   {"code,n,x,ok,colour,list\r\na,1,0.5,true,red,\r\n", ""},
		"no last line end":    {header + "a,1,0.5,true,red,", ""},
		"space around cells":  {header + " a , 1,0.5 ,true,　red, p | q \n", ""},
		"blank lines":         {header + "\n\na,1,0.5,true,red,\n,,,,,\n\n", ""},
		"capital booleans":    {header + "a,1,0.5,TRUE,red,\nb,1,0.5,FALSE,red,\n", ""},
		"nothing at all":      {"", "a.csv:1: 文件是空的，第一行应为表头：code,n,x,ok,colour,list"},
		"missing columns":     {"code,n,x,ok\na,1,0,true\n", "a.csv:1: colour: 缺少这一列\na.csv:1: list: 缺少这一列"},
		"column twice":        {"code,n,n,x,ok,colour,list\na,1,1,0,true,red,\n", "a.csv:1: n: 这一列出现了两次"},
		"unknown column":      {"code,n,x,ok,colour,list,size\na,1,0,true,red,,9\n", "a.csv:1: size: 不认识这一列"},
		"unnamed column":      {"code,n,x,ok,colour,list,\na,1,0,true,red,,\n", "a.csv:1: 表头第 7 列没有名字"},
		"too few cells":       {header + "a,1,0.5,true,red\n", "a.csv:2: 这一行有 5 格，表头有 6 列"},
		"too many cells":      {header + "a,1,0.5,true,red,,\n", "a.csv:2: 这一行有 7 格，表头有 6 列"},
		"empty":               {header + ",,,,,p\n", "a.csv:2: code: 不能为空\na.csv:2: colour: 不能为空\na.csv:2: n: 不能为空\na.csv:2: ok: 不能为空\na.csv:2: x: 不能为空"},
		"bad code":            {header + "甲,1,0.5,true,red,\n", "a.csv:2: code: 编码只能用字母、数字、- 和 _，不超过 64 位：甲"},
		"not an integer":      {header + "a,1.0,0.5,true,red,\n", "a.csv:2: n: 应为整数：1.0"},
		"full-width integer":  {header + "a,１,0.5,true,red,\n", "a.csv:2: n: 应为整数：１"},
		"integer too large":   {header + "a,99999999999999999999,0.5,true,red,\n", "a.csv:2: n: 应为整数：99999999999999999999"},
		"integer out of step": {header + "a,10,0.5,true,red,\n", "a.csv:2: n: 应在 0 到 9 之间：10"},
		"not a number":        {header + "a,1,NaN,true,red,\n", "a.csv:2: x: 应为数字：NaN"},
		"infinite":            {header + "a,1,+Inf,true,red,\n", "a.csv:2: x: 应为数字：+Inf"},
		"hexadecimal":         {header + "a,1,0x1p-2,true,red,\n", "a.csv:2: x: 应为数字：0x1p-2"},
		"number out of range": {header + "a,1,1.5,true,red,\n", "a.csv:2: x: 应在 -1 到 1 之间：1.5"},
		"not a boolean":       {header + "a,1,0.5,yes,red,\n", "a.csv:2: ok: 应为 true 或 false：yes"},
		"not in the list":     {header + "a,1,0.5,true,green,\n", "a.csv:2: colour: 应为 red、blue 之一：green"},
		"hole in a list":      {header + "a,1,0.5,true,red,p||q\n", "a.csv:2: list: 列表里有空的一项：p||q"},
		"list repeats":        {header + "a,1,0.5,true,red,p|q|p\n", "a.csv:2: list: 列表里重复：p"},
		"key twice":           {header + "a,1,0.5,true,red,\nb,1,0.5,true,red,\na,1,0.5,true,red,\n", "a.csv:4: code: 与第 2 行重复：a"},
		"after quoted lines":  {header + "a,1,0.5,true,red,\"p\nq\nr\"\nb,1,0.5,true,red,\nc,x,0.5,true,red,\n", "a.csv:6: n: 应为整数：x"},
		"in quoted lines":     {header + "a,x,0.5,true,red,\"p\nq\"\n", "a.csv:2: n: 应为整数：x"},
		"after blank lines":   {header + "\n\na,x,0.5,true,red,\n", "a.csv:4: n: 应为整数：x"},
		"bare quote":          {header + "a,1,0.5,tr\"ue,red,\nb,x,0.5,true,red,\n", "a.csv:2: 双引号不成对或位置不对\na.csv:3: n: 应为整数：x"},
		"open quote":          {header + "a,1,0.5,true,\"red,\nb,x,0.5,true,red,\n", "a.csv:2: 双引号不成对或位置不对\na.csv:3: n: 应为整数：x"},
		"open quote at last":  {header + "b,x,0.5,true,red,\na,1,0.5,true,red,\"p", "a.csv:2: n: 应为整数：x\na.csv:3: 双引号不成对或位置不对"},
		"two open quotes":     {header + "a,\"1,0.5,true,red,\nb,1,0.5,true,red,\nc,\"1,0.5,true,red,\nd,1,0.5,true,red,\n", "a.csv:2: 双引号不成对或位置不对\na.csv:4: 双引号不成对或位置不对"},
		"bad header":          {"\"code\n", "a.csv:1: 双引号不成对或位置不对"},
		"not UTF-8":           {header + "a,1,0.5,true,r\xffd,\n", "a.csv:2: colour: 不是 UTF-8 编码"},
		"header not UTF-8":    {"\xb1\xe0\xc2\xeb,n\na,1\n", "a.csv:1: 文件不是 UTF-8 编码，请另存为 UTF-8 的 CSV"},
		"hidden character":    {header + "a,1,0.5,true,red\u200b,\n", "a.csv:2: colour: 含有不可见字符或乱码"},
		"zero byte":           {header + "a,1,0.5,true,red\x00,\n", "a.csv:2: colour: 含有不可见字符或乱码"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.want, read(t, c.content))
		})
	}
}

func TestFaultsOfManyFilesAreSorted(t *testing.T) {
	book := sheet.Open(fstest.MapFS{})
	book.Fault("b.csv", 2, "x", "甲")
	book.Fault("a.csv", 10, "", "乙")
	book.Fault("a.csv", 9, "z", "丙")
	book.Fault("a.csv", 9, "y", "%d%%", 5)
	book.Fault("c.csv", 0, "", "丁")
	book.Fault("c.csv", 0, "", "丁")
	require.EqualError(t, book.Err(), "a.csv:9: y: 5%\na.csv:9: z: 丙\na.csv:10: 乙\nb.csv:2: x: 甲\nc.csv: 丁")
}

func TestAMissingFileIsOneFault(t *testing.T) {
	book := sheet.Open(fstest.MapFS{"d.csv/e.csv": {}})
	require.False(t, book.Table("a.csv", "code").Found)
	require.False(t, book.Table("d.csv", "code").Found)
	require.EqualError(t, book.Err(), "a.csv: 缺少这个文件\nd.csv: 无法读取这个文件")
	require.False(t, book.Has("a.csv"))
}

func TestAHugeFileIsRefused(t *testing.T) {
	book := sheet.Open(fstest.MapFS{"a.csv": {Data: make([]byte, sheet.MaxBytes+1)}})
	require.False(t, book.Table("a.csv", "code").Found)
	require.EqualError(t, book.Err(), "a.csv: 文件太大，不得超过 32 MiB")
}

func TestReferencesAreToldOnceAndNotForAMissingSheet(t *testing.T) {
	book := sheet.Open(fstest.MapFS{"a.csv": {Data: []byte("to\nknown\nstrange\n")}})
	for _, row := range book.Table("a.csv", "to").Rows {
		sheet.Ref(row, "to", map[colour]int{})
		n, ok := sheet.Ref(row, "to", map[colour]int{"known": 7})
		require.Equal(t, ok, n == 7)
	}
	require.EqualError(t, book.Err(), "a.csv:3: to: 没有这个编码：strange")
}

func TestABrokenRowKeepsItsKey(t *testing.T) {
	book := sheet.Open(fstest.MapFS{"a.csv": {Data: []byte("code,n\nshort\nquo\"ted,1\n")}})
	table := book.Table("a.csv", "code", "n")
	require.Len(t, table.Rows, 2)
	require.Equal(t, "short", table.Rows[0].Text("code"))
	require.Equal(t, "quo\"ted", table.Rows[1].Text("code"))
	for _, row := range table.Rows {
		require.Zero(t, row.Int("n", 0, 9))
		require.False(t, row.Sound())
	}
	require.Len(t, strings.Split(book.Err().Error(), "\n"), 2, "nothing more is told about a broken row")
}

func TestEndlessBadQuotesEnd(t *testing.T) {
	content := "code\n" + strings.Repeat("\"a\" b\n", 100_000)
	book := sheet.Open(fstest.MapFS{"a.csv": {Data: []byte(content)}})
	book.Table("a.csv", "code")
	require.ErrorContains(t, book.Err(), "之后不再检查")
	require.Less(t, strings.Count(book.Err().Error(), "\n"), 300)
}

func FuzzTable(f *testing.F) {
	f.Add("code,n\na,1\n")
	f.Add("\ufeffcode,n\r\n\"a\nb\",\"1\"\n\"\n")
	f.Add("code,n\n\"a,1\nb,2\n\"\"\"")
	f.Fuzz(func(t *testing.T, content string) {
		book := sheet.Open(fstest.MapFS{"a.csv": {Data: []byte(content)}})
		table := book.Table("a.csv", "code", "n")
		last := 1
		for _, row := range table.Rows {
			require.Greater(t, row.Line, last, "rows come in order")
			last = row.Line
			row.Code("code")
			row.Int("n", 0, 9)
		}
		require.LessOrEqual(t, last, strings.Count(content, "\n")+1, "no row is beyond the file")
		if faults, ok := errors.AsType[sheet.Faults](book.Err()); ok {
			require.NotEmpty(t, faults.Error())
		}
	})
}
