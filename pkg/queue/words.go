package queue

import (
	"fmt"
	"time"

	"github.com/yimen-gov/yimen/pkg/workday"
)

// clockWords gives "13:30", the office's time.
func clockWords(t time.Time) string { return t.In(workday.Zone).Format("15:04") }

// windowWords gives "3号窗口".
func windowWords(number int) string { return fmt.Sprintf("%d号窗口", number) }
