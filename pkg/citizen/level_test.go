package citizen

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestALevelIsWhatIsProvedByNow(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	phone, err := ParsePhone("13812345678")
	require.NoError(t, err)
	for _, c := range []struct {
		name string
		a    Account
		want Level
	}{
		{"a login", Account{}, LevelLogin},
		{"a phone", Account{Phone: phone}, LevelPhone},
		{"a name without a phone", Account{Person: "p"}, LevelRealName},
		{"a face just now", Account{Person: "p", FaceAt: now}, LevelFace},
		{"a face yesterday, a second before", Account{Person: "p", FaceAt: now.Add(-FaceValid + time.Second)}, LevelFace},
		{"a face that is too old", Account{Person: "p", FaceAt: now.Add(-FaceValid)}, LevelRealName},
		{"a face without a name", Account{Phone: phone, FaceAt: now}, LevelPhone},
	} {
		require.Equal(t, c.want, c.a.Level(now), c.name)
		for need := LevelLogin; need <= LevelFace; need++ {
			err := c.a.Require(need, now)
			require.Equal(t, c.want >= need, err == nil, "%s for %d: %v", c.name, need, err)
		}
	}
}

func TestTheNextMissingStepIsNamed(t *testing.T) {
	now := time.Now()
	require.ErrorIs(t, Account{}.Require(LevelPhone, now), ErrNeedPhone)
	require.ErrorIs(t, Account{}.Require(LevelRealName, now), ErrNeedRealName)
	require.ErrorIs(t, Account{}.Require(LevelFace, now), ErrNeedRealName, "first the name, then the face")
	require.ErrorIs(t, Account{Person: "p"}.Require(LevelFace, now), ErrNeedFace)
}

func TestSomebodyIsOfAgeOnTheBirthday(t *testing.T) {
	for number, want := range map[string]string{
		"440606202203158624": "2040-03-15T00:00:00+08:00",
		"44060420040229201":  "2022-03-01T00:00:00+08:00", // born on 29 February
	} {
		n, err := ParseIDNumber(number)
		for check := 0; err != nil && check <= 10; check++ {
			n, err = ParseIDNumber(number + "0123456789X"[check:check+1])
		}
		require.NoError(t, err)
		require.Equal(t, want, birthday(n, 18).Format(time.RFC3339))
	}
}
