package sandbox

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFits(t *testing.T) {
	for _, c := range []struct {
		field, value string
		want         bool
	}{
		{"thing1", strings.Repeat("字", 20), true},
		{"thing1", strings.Repeat("字", 21), false},
		{"thing1", "", false},
		{"thing1", "a\nb", false},
		{"number1", "12.5", true},
		{"number1", "-1", false},
		{"letter1", "abc", true},
		{"letter1", "ab1", false},
		{"symbol1", "#@", true},
		{"symbol1", "######", false},
		{"character_string1", "A-1", true},
		{"character_string1", "号", false},
		{"time1", "15:01", true},
		{"time1", "2019年10月1日 15:01", true},
		{"time1", "15:01~16:00", true},
		{"time1", "25:01", false},
		{"date1", "2019年10月1日", true},
		{"date1", "2019-10-01~2019-10-02", true},
		{"date1", "2019年13月1日", false},
		{"date1", "明天", false},
		{"amount1", "￥12.50元", true},
		{"amount1", "12345678901", false},
		{"amount1", "元", false},
		{"phone_number1", "+86-0766-66888866", true},
		{"phone_number1", "13800138000号", false},
		{"car_number1", "粤A8Z888挂", true},
		{"car_number1", "粤A8Z888挂挂挂", false},
		{"name1", strings.Repeat("名", 10), true},
		{"name1", strings.Repeat("名", 11), false},
		{"name1", strings.Repeat("n", 20), true},
		{"phrase1", "配送中", true},
		{"phrase1", "配送中ing", false},
		{"phrase1", "一二三四五六", false},
		{"whatever1", "x", true},
	} {
		require.Equal(t, c.want, fits(c.field, c.value), "%s %q", c.field, c.value)
	}
}
