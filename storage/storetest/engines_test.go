package storetest_test

import (
	"os"
	"testing"

	"github.com/yimen-gov/yimen/storage/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.RunOnBoth(m)) }
