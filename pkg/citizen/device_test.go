package citizen

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestADeviceIsTheClassOfItsUserAgent(t *testing.T) {
	for agent, want := range map[string]Device{
		"": "其他设备",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) MicroMessenger/8.0.47 NetType/WIFI MiniProgramEnv/iOS": "iPhone",
		"Mozilla/5.0 (Linux; Android 14; PJA110) XWEB/1160083 MicroMessenger/8.0.49 MiniProgramEnv/android":            "安卓手机",
		"Mozilla/5.0 (Phone; OpenHarmony 5.0) ArkWeb/4.1 MicroMessenger":                                               "鸿蒙手机",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) MiniProgramEnv/Windows":                                             "Windows 电脑",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)":                                                              "苹果电脑",
		"curl/8.5.0":       "其他设备",
		"\xff\x00<script>": "其他设备",
	} {
		require.Equal(t, want, DeviceOf(agent), agent)
	}
}
