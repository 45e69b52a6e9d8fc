package citizen_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAManagerClosesTheOfficeAndTheBookedAreOfferedOtherTimes(t *testing.T) {
	l := newLobby(t)
	id := l.post("ann", "/api/v1/holds", holding("2026-11-23T10:00:00+08:00")).text("id")
	require.Equal(t, 200, l.post("ann", "/api/v1/appointments", `{"hold":"`+id+`"}`).status)

	shut := `{"kind":"closure","from":"2026-11-23T00:00:00+08:00","to":"2026-11-25T00:00:00+08:00","reason":"台风停办"}`
	require.Equal(t, "staff.not_allowed", l.post("clerk", "/api/v1/village/timetable", shut).text("code"))
	made := l.post("manager", "/api/v1/village/timetable", shut)
	require.Equal(t, 200, made.status, made.body)
	hit := made.body["hit"].([]any)
	require.Len(t, hit, 1)
	require.Equal(t, id, hit[0].(map[string]any)["id"])

	days := l.get("", "/api/v1/offices/"+townOffice+"/slots?item=HJ-0001&days=3").body["items"].([]any)
	for i, open := range []bool{false, false, true} {
		require.Equal(t, open, days[i].(map[string]any)["open"])
	}
	require.Equal(t, "台风停办", days[0].(map[string]any)["why"])
	refused := l.post("bob", "/api/v1/holds", holding("2026-11-24T10:00:00+08:00"))
	require.Equal(t, [2]any{409, "appointment.closed"}, [2]any{refused.status, refused.text("code")})

	mine := l.get("ann", "/api/v1/appointments/"+id)
	require.Equal(t, true, mine.body["displaced"])
	require.NotEmpty(t, mine.text("move_until"))
	other := l.get("ann", "/api/v1/appointments/"+id+"/other-times").body["items"].([]any)
	require.NotEmpty(t, other)
	at := other[0].(map[string]any)["starts_at"].(string)
	require.Equal(t, "2026-11-25T08:30:00+08:00", at)
	moved := l.post("ann", "/api/v1/appointments/"+id+"/move", fmt.Sprintf(`{"starts_at":%q}`, at))
	require.Equal(t, 200, moved.status, moved.body)
	require.Nil(t, moved.body["displaced"])

	entry := made.body["entry"].(map[string]any)["id"].(string)
	back := l.post("manager", "/api/v1/village/timetable/"+entry+"/undo", "")
	require.Equal(t, 200, back.status, back.body)
	require.Empty(t, back.body["hit"], "who has moved stays there")
	require.Equal(t, 200, l.post("bob", "/api/v1/holds", holding("2026-11-24T10:00:00+08:00")).status)
	require.Len(t, l.get("clerk", "/api/v1/village/timetable").body["items"], 1)
}

func TestWhatIsNoTimetableIsRefused(t *testing.T) {
	l := newLobby(t)
	const good = `"from":"2026-11-24T00:00:00+08:00","to":"2026-11-25T00:00:00+08:00","reason":"维修"`
	for body, code := range map[string]string{
		`{"kind":"holiday",` + good + `}`:                                                                      "request.invalid",
		`{"kind":"closure","reason":"维修"}`:                                                                     "request.invalid",
		`{"kind":"closure","hours":"09:00-12:00",` + good + `}`:                                                "appointment.entry_kind",
		`{"kind":"exception","hours":"9 to 5",` + good + `}`:                                                   "appointment.entry_hours",
		`{"kind":"exception","hours":"09:00-08:00",` + good + `}`:                                              "appointment.entry_hours",
		`{"kind":"exception","hours":"09:00-11:00,10:00-12:00",` + good + `}`:                                  "appointment.entry_hours",
		`{"kind":"series","hours":"",` + good + `}`:                                                            "appointment.entry_hours",
		`{"kind":"closure","window":999,` + good + `}`:                                                         "appointment.entry_window",
		`{"kind":"closure","item":"XX-1",` + good + `}`:                                                        "catalog.no_item",
		`{"kind":"closure","window":1,"item":"HJ-0001",` + good + `}`:                                          "appointment.entry_kind",
		`{"kind":"closure","from":"2020-01-01T00:00:00+08:00","to":"2020-01-02T00:00:00+08:00","reason":"维修"}`: "appointment.entry_time",
	} {
		require.Equal(t, code, l.post("manager", "/api/v1/village/timetable", body).text("code"), body)
	}
	require.Empty(t, l.get("manager", "/api/v1/village/timetable").body["items"])
	gone := l.post("manager", "/api/v1/village/timetable/019ad000-0000-7000-8000-000000000000/undo", "")
	require.Equal(t, [2]any{404, "appointment.no_entry"}, [2]any{gone.status, gone.text("code")})
}
