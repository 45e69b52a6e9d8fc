package place_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/place"
)

func TestHoursOfAWeek(t *testing.T) {
	h, err := place.ParseHours("Mon-Fri 08:30-12:00,14:00-17:30;Sat 09:00-12:00")
	require.NoError(t, err)
	for day := time.Monday; day <= time.Friday; day++ {
		require.Equal(t, []place.Session{{510, 720}, {840, 1050}}, h.On(day))
	}
	require.Equal(t, []place.Session{{540, 720}}, h.On(time.Saturday))
	require.Empty(t, h.On(time.Sunday))
}

func TestHoursAreWrittenInOneWay(t *testing.T) {
	for text, want := range map[string]string{
		"Mon-Fri 08:30-12:00,14:00-17:30;Sat 09:00-12:00": "",
		"Sun 09:00-12:00":                                   "",
		"Mon,Wed,Fri 08:00-12:00":                           "",
		"Mon-Wed,Fri 08:00-12:00":                           "",
		"Tue-Thu 13:00-24:00":                               "",
		"Daily 00:00-24:00":                                 "Mon-Sun 00:00-24:00",
		"Fri-Mon 08:00-12:00":                               "Mon,Fri-Sun 08:00-12:00",
		"Wed-Wed 08:00-12:00":                               "Wed 08:00-12:00",
		"Mon 8:30-9:05":                                     "Mon 08:30-09:05",
		"Mon 14:00-17:00,08:00-12:00":                       "Mon 08:00-12:00,14:00-17:00",
		"Mon 08:00-12:00,12:00-17:00":                       "",
		"Mon 08:00-12:00;Mon 14:00-17:00":                   "Mon 08:00-12:00,14:00-17:00",
		"Sat 09:00-12:00;Mon 08:00-12:00":                   "Mon 08:00-12:00;Sat 09:00-12:00",
		"Mon 08:00-12:00;Tue 08:00-12:00":                   "Mon-Tue 08:00-12:00",
		" Mon 08:00-12:00 , 13:00-14:00 ; Tue 09:00-10:00 ": "Mon 08:00-12:00,13:00-14:00;Tue 09:00-10:00",
		"Mon-Fri 08:00-12:00;Wed 14:00-16:00":               "Mon-Tue,Thu-Fri 08:00-12:00;Wed 08:00-12:00,14:00-16:00",
	} {
		if want == "" {
			want = text
		}
		h, err := place.ParseHours(text)
		require.NoError(t, err, text)
		require.Equal(t, want, h.String())
	}
}

func TestBadHoursAreRefused(t *testing.T) {
	for _, text := range []string{
		"", " ", ";", "Mon", "08:30-12:00", "Mon 08:30", "Mon 08:30-", "Mon -12:00", "Mon 08:30-12:00;", "Mon 08:30-12:00,",
		"Mon 12:00-08:30", "Mon 08:30-08:30", "Mon 24:00-24:00", "Mon 08:30-24:01", "Mon 08:60-12:00", "Mon 25:00-26:00",
		"Mon 08:30-12:00,11:59-13:00", "Mon-Fri 08:30-12:00;Fri 11:00-13:00", "Mon,Mon 08:30-12:00", "Mon-Wed,Tue 08:30-12:00",
		"mon 08:30-12:00", "Monday 08:30-12:00", "周一 08:30-12:00", "Mon 0830-1200", "Mon 8-12", "Mon 08:3-12:00", "Mon 008:30-12:00",
		"Mon ０８:30-12:00", "Mon +8:30-12:00", "Mon 08:30-12:00 14:00-17:00", "Mon-Tue-Wed 08:00-12:00", "Mon- 08:00-12:00", "Daily,Mon 08:00-12:00",
		"Mon 08：30-12：00", "Mon 22:00-06:00", "Mon 08:30–12:00", "Mon NaN-Inf",
	} {
		_, err := place.ParseHours(text)
		require.Error(t, err, text)
	}
}

func TestNoHoursAreNeverOpen(t *testing.T) {
	var h place.Hours
	for day := time.Sunday; day <= time.Saturday; day++ {
		require.Empty(t, h.On(day))
	}
	require.Empty(t, h.String())
}

func TestAnyHoursReadBackAsTheyWere(t *testing.T) {
	names := []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
	rapid.Check(t, func(t *rapid.T) {
		text := ""
		for _, name := range names {
			at := 0
			for range rapid.IntRange(0, 3).Draw(t, name) {
				from := rapid.IntRange(at, 1439).Draw(t, "from")
				to := rapid.IntRange(from+1, 1440).Draw(t, "to")
				if at = to; at > 1438 {
					at = 1440
				}
				text += ";" + name + " " + place.Session{Open: from, Close: to}.String()
				if at == 1440 {
					break
				}
			}
		}
		if text == "" {
			return
		}
		h, err := place.ParseHours(text[1:])
		require.NoError(t, err)
		checkRoundTrip(t, h)
	})
}

// checkRoundTrip also checks what On promises.
func checkRoundTrip(t require.TestingT, h place.Hours) {
	again, err := place.ParseHours(h.String())
	require.NoError(t, err)
	require.Equal(t, h.String(), again.String())
	for day := time.Sunday; day <= time.Saturday; day++ {
		require.Equal(t, h.On(day), again.On(day))
		end := 0
		for _, s := range h.On(day) {
			require.True(t, end <= s.Open && s.Open < s.Close && s.Close <= 1440, "%v", h.On(day))
			end = s.Close
		}
	}
}

func FuzzParseHours(f *testing.F) {
	f.Add("Mon-Fri 08:30-12:00,14:00-17:30;Sat 09:00-12:00")
	f.Add("Daily 00:00-24:00")
	f.Add("Sat-Mon 8:00-9:00;Mon,Wed 10:00-11:00")
	f.Fuzz(func(t *testing.T, text string) {
		if h, err := place.ParseHours(text); err == nil {
			checkRoundTrip(t, h)
		}
	})
}
