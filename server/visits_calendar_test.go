package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestAnAppointmentIsACalendarFile that a strict reader takes: RFC 5545.
func TestAnAppointmentIsACalendarFile(t *testing.T) {
	l := newLobby(t, monday)
	p, path := l.someone(when(tomorrow, "10:00"))
	r := p.get(path + "/calendar").ok()
	require.Equal(t, "text/calendar; charset=utf-8", r.header.Get("Content-Type"))
	first, err := readCalendar(string(r.raw))
	require.NoError(t, err, "%s", r.raw)
	require.Equal(t, []string{"20261201T020000Z", "20261201T021500Z", "CONFIRMED"}, []string{first["DTSTART"], first["DTEND"], first["STATUS"]})
	require.Contains(t, first["DESCRIPTION"], p.get(path).ok().text("code"))
	l.citizen(t).get(path+"/calendar").refused(404, "appointment.not_found")

	l.set(monday.Add(time.Hour))
	p.post(path+"/move", map[string]string{"starts_at": when(tomorrow, "11:00")}).ok()
	second, err := readCalendar(string(p.get(path + "/calendar").ok().raw))
	require.NoError(t, err)
	require.Equal(t, first["UID"], second["UID"])
	require.Equal(t, "20261201T030000Z", second["DTSTART"])
	require.NotEqual(t, first["SEQUENCE"], second["SEQUENCE"])
	p.post(path+"/cancel", nil).ok()
	third, err := readCalendar(string(p.get(path + "/calendar").ok().raw))
	require.NoError(t, err)
	require.Equal(t, "CANCELLED", third["STATUS"])
}

// TestWhoComesShowsAMiniProgramCode, kept so that WeChat is asked once.
func TestWhoComesShowsAMiniProgramCode(t *testing.T) {
	l := newLobby(t, monday)
	p := l.citizen(t)
	hold := l.ask(p, when(tomorrow, "10:00"), nil).ok().text("id")
	p.get("/api/v1/appointments/"+hold+"/code").refused(409, "appointment.no_shown_code")
	p.post("/api/v1/appointments", map[string]string{"hold": hold}).ok()
	one := p.get("/api/v1/appointments/" + hold + "/code").ok()
	require.Equal(t, "image/jpeg", one.header.Get("Content-Type"))
	require.NotEmpty(t, one.raw)
	require.Equal(t, one.raw, p.get("/api/v1/appointments/"+hold+"/code").ok().raw)
}

var (
	contentLine = regexp.MustCompile(`^([A-Z-]+)((?:;[A-Z-]+=[^;:]+)*):(.*)$`)
	utcTime     = regexp.MustCompile(`^\d{8}T\d{6}Z$`)
)

// readCalendar reads one event, and nothing that RFC 5545 does not allow.
func readCalendar(text string) (event map[string]string, err error) {
	if !strings.HasSuffix(text, "\r\n") || strings.Count(text, "\n") != strings.Count(text, "\r\n") {
		return nil, fmt.Errorf("lines end with CRLF")
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > 75 {
			return nil, fmt.Errorf("longer than 75 octets: %q", line)
		}
	}
	event, calendar := map[string]string{}, map[string]string{}
	var open []string
	for line := range strings.SplitSeq(strings.TrimSuffix(strings.NewReplacer("\r\n ", "", "\r\n\t", "").Replace(text), "\r\n"), "\r\n") {
		m := contentLine.FindStringSubmatch(line)
		if m == nil {
			return nil, fmt.Errorf("no content line: %q", line)
		}
		switch name, value := m[1], m[3]; {
		case name == "BEGIN":
			open = append(open, value)
		case name == "END":
			if len(open) == 0 || open[len(open)-1] != value {
				return nil, fmt.Errorf("END:%s closes nothing", value)
			}
			open = open[:len(open)-1]
		case len(open) == 1:
			calendar[name] = value
		case len(open) == 2:
			if _, twice := event[name]; twice {
				return nil, fmt.Errorf("%s twice", name)
			}
			event[name] = value
		}
	}
	for _, name := range []string{"DTSTAMP", "DTSTART", "DTEND"} {
		if !utcTime.MatchString(event[name]) {
			return nil, fmt.Errorf("%s is no time: %q", name, event[name])
		}
	}
	if len(open) > 0 || event["UID"] == "" || calendar["VERSION"] != "2.0" || calendar["PRODID"] == "" {
		return nil, fmt.Errorf("not whole: %v", calendar)
	}
	return event, nil
}
