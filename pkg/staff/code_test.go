package staff

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/yimen-gov/yimen/pkg/fault"
)

// secret is that of RFC 6238, appendix B, in base32.
const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

func TestTheCodesOfTheStandardAreTaken(t *testing.T) {
	for at, code := range map[int64]string{ // the last six digits of the eight in appendix B
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037",
	} {
		f := SecondFactor{Secret: secret}
		require.NoError(t, f.try(code, time.Unix(at, 0)))
		require.Equal(t, at/30, f.LastStep)
	}
}

func TestACodeIsGoodForItsStepAndItsNeighbours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Unix(rapid.Int64Range(1e9, 4e9).Draw(t, "now"), 0)
		off := rapid.Int64Range(-4, 4).Draw(t, "steps off")
		step := now.Unix()/30 + off
		code, err := totp.GenerateCode(secret, time.Unix(step*30, 0))
		require.NoError(t, err)
		f := SecondFactor{Secret: secret}
		err = f.try(code, now)
		if off >= -1 && off <= 1 {
			require.NoError(t, err)
			require.ErrorIs(t, f.try(code, now), ErrCodeUsed, "once")
		} else if err == nil {
			// one in some hundred thousand codes is that of another step as well
			require.LessOrEqual(t, f.LastStep-now.Unix()/30, int64(1))
		}
	})
}

func TestAnOlderCodeIsNotTakenAfterANewerOne(t *testing.T) {
	now := time.Unix(1_900_000_000, 0)
	newer, err := totp.GenerateCode(secret, now)
	require.NoError(t, err)
	older, err := totp.GenerateCode(secret, now.Add(-30*time.Second))
	require.NoError(t, err)
	f := SecondFactor{Secret: secret}
	require.NoError(t, f.try(newer, now))
	require.ErrorIs(t, f.try(older, now), ErrCodeUsed)
}

func TestWhatIsNoCodeIsWrong(t *testing.T) {
	now := time.Unix(1_900_000_000, 0)
	for _, code := range []string{"", "0", "12345", "1234567", "abcdef", "１２３４５６", "\x00\x00\x00\x00\x00\x00"} {
		f := SecondFactor{Secret: secret}
		require.ErrorIs(t, f.try(code, now), ErrWrongCode, code)
		require.Equal(t, 1, f.Wrong)
	}
}

func TestFiveWrongCodesLockLongerEachTime(t *testing.T) {
	now := time.Unix(1_900_000_000, 0)
	f := SecondFactor{Secret: secret}
	for range 5 {
		require.ErrorIs(t, f.try("xxxxxx", now), ErrWrongCode)
	}
	for _, lock := range []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute} {
		right, err := totp.GenerateCode(secret, now)
		require.NoError(t, err)
		err = f.try(right, now.Add(lock-time.Second))
		require.ErrorIs(t, err, ErrCodeLocked, "the right code does not open it either")
		require.Positive(t, fault.From(err).Wait)
		now = now.Add(lock)
		require.ErrorIs(t, f.try("xxxxxx", now), ErrWrongCode)
	}
	require.Equal(t, 24*time.Hour, lockFor(1000), "a day at most")

	now = now.Add(time.Hour)
	right, err := totp.GenerateCode(secret, now)
	require.NoError(t, err)
	require.NoError(t, f.try(right, now))
	require.Zero(t, f.Wrong)
	require.ErrorIs(t, f.try("xxxxxx", now), ErrWrongCode)
	require.False(t, f.LockedUntil.After(now), "counting begins anew")
}
