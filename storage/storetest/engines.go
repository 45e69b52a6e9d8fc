package storetest

import (
	"fmt"
	"os"
	"os/exec"
	"testing"
)

// RunOnBoth runs a package's tests on SQLite, and then once more on PostgreSQL
// in a process of their own; unless the engine is named.
func RunOnBoth(m *testing.M) int {
	defer StopPostgres()
	if os.Getenv(EngineVar) != "" {
		return m.Run()
	}
	if code := m.Run(); code != 0 {
		return code
	}
	if _, err := postgresBin(); err != nil && os.Getenv("YIMEN_REQUIRE_REAL") == "" {
		fmt.Println("SKIP on PostgreSQL:", err)
		return 0
	}
	again := exec.Command(os.Args[0], os.Args[1:]...)
	again.Env = append(os.Environ(), EngineVar+"=postgres")
	again.Stdout, again.Stderr = os.Stdout, os.Stderr
	fmt.Println("the same on PostgreSQL:")
	if err := again.Run(); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}
