package paper

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/casework"
	"github.com/yimen-gov/yimen/pkg/workday"
)

func TestADateIsWrittenAsPapersOfAuthorityDo(t *testing.T) {
	for text, want := range map[string]string{
		"2026-11-23": "二〇二六年十一月二十三日", "2030-01-01": "二〇三〇年一月一日", "2026-10-10": "二〇二六年十月十日",
		"2026-12-31": "二〇二六年十二月三十一日", "2000-02-20": "二〇〇〇年二月二十日", "1999-09-19": "一九九九年九月十九日",
	} {
		d, err := workday.ParseDate(text)
		require.NoError(t, err)
		require.Equal(t, want, ChineseDate(d))
	}
}

func TestACodeIsTypedInGroups(t *testing.T) {
	require.Equal(t, "ABCD EFGH IJKL MNOP", Spaced("ABCDEFGHIJKLMNOP"))
	require.Equal(t, "AB", Spaced("AB"))
}

func TestAPaperComesWithItsMoment(t *testing.T) {
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, workday.Zone)
	for state, want := range map[casework.State][]Kind{
		casework.Draft:    nil,
		casework.Notified: {Notice},
		casework.Receipt:  {Receipt, Tolerance},
		casework.Accepted: {Receipt},
		casework.Granted:  {Receipt, Decision},
		casework.Closed:   {Receipt, Decision, Delivery},
	} {
		cs := casework.Case{State: state}
		switch state {
		case casework.Closed:
			cs.ClosedAt = at
			fallthrough
		case casework.Granted:
			cs.DecidedAt = at
			fallthrough
		case casework.Accepted:
			cs.AcceptedAt = at
			fallthrough
		case casework.Receipt, casework.Notified:
			cs.ReceivedAt = at
		}
		var have []Kind
		for _, kind := range Kinds {
			if _, err := eventOf(cs, kind); err == nil {
				have = append(have, kind)
			}
		}
		require.Equal(t, want, have, state)
	}
}
