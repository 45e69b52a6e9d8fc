package citizen

import "strings"

// Device is what a sign-in was made with, in a few words that its owner knows
// again. It is a hint for people and proves nothing.
type Device string

// devices are tried in this order: a phone's User-Agent also names the desktop
// system that it descends from.
var devices = []struct {
	sign string
	is   Device
}{
	{"openharmony", "鸿蒙手机"},
	{"harmonyos", "鸿蒙手机"},
	{"ipad", "iPad"},
	{"iphone", "iPhone"},
	{"android", "安卓手机"},
	{"windows", "Windows 电脑"},
	{"macintosh", "苹果电脑"},
	{"linux", "Linux 电脑"},
}

// DeviceOf reads the class of device from a User-Agent; the header itself is
// not kept, since it tells people apart.
func DeviceOf(userAgent string) Device {
	agent := strings.ToLower(userAgent)
	for _, d := range devices {
		if strings.Contains(agent, d.sign) {
			return d.is
		}
	}
	return "其他设备"
}
