package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/yimen-gov/yimen/server/meter"
)

const deployFolder = "../deploy"

// deployed are the files by which the service is run, by their paths.
func deployed(t *testing.T) map[string]string {
	t.Helper()
	list := map[string]string{}
	require.NoError(t, filepath.WalkDir(deployFolder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(path, "foshan") {
			return err
		}
		text, err := os.ReadFile(path)
		list[strings.TrimPrefix(path, deployFolder+"/")] = string(text)
		return err
	}))
	require.Greater(t, len(list), 10)
	return list
}

// documents parses every document of a YAML file; a key written twice is an
// error.
func documents(t *testing.T, name, text string) (list []map[string]any) {
	t.Helper()
	d := yaml.NewDecoder(strings.NewReader(text))
	for {
		var doc map[string]any
		err := d.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return list
		}
		require.NoError(t, err, name)
		list = append(list, doc)
	}
}

func TestWhatIsDeployedCanBeRead(t *testing.T) {
	files := deployed(t)
	resources := documents(t, "kustomization.yaml", files["kubernetes/kustomization.yaml"])[0]["resources"].([]any)
	for name, text := range files {
		switch filepath.Ext(name) {
		case ".yaml":
			list := documents(t, name, text)
			require.NotEmpty(t, list, name)
			if base, ok := strings.CutPrefix(name, "kubernetes/"); ok && base != "kustomization.yaml" {
				require.Contains(t, resources, base, "it is applied")
				for _, doc := range list {
					require.NotEmpty(t, doc["apiVersion"], name)
					require.NotEmpty(t, doc["kind"], name)
				}
			}
		case ".json":
			require.True(t, json.Valid([]byte(text)), name)
		}
	}
}

// known are all variables that the service reads.
func known() (list []string) {
	fields := reflect.TypeFor[Config]()
	for i := range fields.NumField() {
		list = append(list, fields.Field(i).Tag.Get("env"))
	}
	for _, v := range variables {
		list = append(list, v.name)
	}
	return list
}

// TestEveryVariableThatIsDeployedIsOneThatTheServiceReads: a misspelt one would
// be passed over in silence.
func TestEveryVariableThatIsDeployedIsOneThatTheServiceReads(t *testing.T) {
	names, seen := known(), 0
	for path, text := range deployed(t) {
		for _, name := range regexp.MustCompile(`\bYIMEN_[A-Z0-9_]+`).FindAllString(text, -1) {
			require.Contains(t, names, name, path)
			seen++
		}
	}
	require.Greater(t, seen, 40)
	text, err := os.ReadFile("../docs/operations.md")
	require.NoError(t, err)
	for _, name := range regexp.MustCompile(`\bYIMEN_[A-Z0-9_]+`).FindAllString(string(text), -1) {
		require.True(t, slices.Contains(names, name) || name == "YIMEN_REQUIRE_REAL", name)
	}
}

// TestProductionStartsWithWhatIsDeployed: all that production needs is set, or
// named as a secret.
func TestProductionStartsWithWhatIsDeployed(t *testing.T) {
	files := deployed(t)
	for _, place := range [][]string{{"compose.yaml", "yimen.env.example"}, {"kubernetes/settings.yaml"}} {
		text := ""
		for _, name := range place {
			text += files[name]
		}
		for _, need := range []string{"YIMEN_WECHAT_APPID", "YIMEN_WECHAT_SECRET", "YIMEN_WECHAT_TOKEN", "YIMEN_WECHAT_AES_KEY", "YIMEN_POPULATION_URL",
			"YIMEN_KEYS", "YIMEN_DB", "YIMEN_REDIS", "YIMEN_FILES", "YIMEN_S3_ACCESS_KEY", "YIMEN_S3_SECRET_KEY", "YIMEN_METRICS", "YIMEN_TRUSTED_PROXIES", "YIMEN_BACKUP_KEY"} {
			require.Contains(t, text, need, "%v", place)
		}
	}
}

// TestEveryMetricOnADashboardExists and every one that an alert waits for.
func TestEveryMetricOnADashboardExists(t *testing.T) {
	c := sharedTown(t)
	names := append(meter.Names(), c.in.meter.Counted()...)
	for _, path := range []string{"monitoring/dashboard.json", "monitoring/alerts.yaml"} {
		used := regexp.MustCompile(`\byimen_[a-z_]+`).FindAllString(deployed(t)[path], -1)
		require.Greater(t, len(used), 10)
		for _, name := range used {
			plain := regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")
			require.True(t, slices.Contains(names, name) || slices.Contains(names, plain), "%s: there is no metric %s", path, name)
		}
	}
}

// TestEveryAlertSaysWhatToDo under a heading of its own, and every heading is
// of an alert that there is.
func TestEveryAlertSaysWhatToDo(t *testing.T) {
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr string
				Annotations map[string]string
			}
		}
	}
	require.NoError(t, yaml.Unmarshal([]byte(deployed(t)["monitoring/alerts.yaml"]), &rules))
	text, err := os.ReadFile("../docs/operations.md")
	require.NoError(t, err)
	headings := regexp.MustCompile(`(?m)^### (Yimen\w+)$`).FindAllSubmatch(text, -1)
	var alerts []string
	for _, r := range rules.Groups[0].Rules {
		alerts = append(alerts, r.Alert)
		require.True(t, strings.HasSuffix(r.Annotations["runbook_url"], "docs/operations.md#"+strings.ToLower(r.Alert)), r.Alert)
		require.True(t, bytes.Contains(text, []byte("\n### "+r.Alert+"\n")), "docs/operations.md has no heading %s", r.Alert)
		require.NotEmpty(t, r.Expr)
	}
	require.Len(t, headings, len(alerts), "a heading without an alert")
}

// TestTheUnitsOfSystemdAreGood where systemd is at hand.
func TestTheUnitsOfSystemdAreGood(t *testing.T) {
	program, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("there is no systemd-analyze on this machine: the units are not verified")
	}
	units, err := filepath.Glob(deployFolder + "/systemd/*")
	require.NoError(t, err)
	out, err := exec.Command(program, append([]string{"verify"}, units...)...).CombinedOutput()
	for line := range strings.Lines(string(out)) {
		if !strings.Contains(line, "is not executable") && !strings.Contains(line, "Failed to") {
			require.Fail(t, line)
		}
	}
	_ = err // a machine without the binary in its place
}
