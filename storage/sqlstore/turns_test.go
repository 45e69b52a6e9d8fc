package sqlstore

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/yimen-gov/yimen/pkg/once"
)

func TestOneKeyHasOneTurnAtATime(t *testing.T) {
	var list turns
	var inside, most atomic.Int32
	var group sync.WaitGroup
	for range 50 {
		group.Go(func() {
			end, err := list.take(t.Context(), once.Request{Owner: "a", Key: "k"})
			if err != nil {
				t.Error(err)
				return
			}
			defer end()
			most.Store(max(most.Load(), inside.Add(1)))
			inside.Add(-1)
		})
	}
	group.Wait()
	require.EqualValues(t, 1, most.Load())
	require.Empty(t, list.taken, "a turn that is over leaves nothing behind")
}

func TestOtherKeysAndOwnersDoNotWait(t *testing.T) {
	var list turns
	for _, req := range []once.Request{{Owner: "a", Key: "k"}, {Owner: "b", Key: "k"}, {Owner: "a", Key: "l"}, {Owner: "ak", Key: ""}} {
		end, err := list.take(t.Context(), req)
		require.NoError(t, err)
		defer end()
	}
}

func TestWhoIsTiredOfWaitingIsToldBusy(t *testing.T) {
	var list turns
	end, err := list.take(t.Context(), once.Request{Key: "k"})
	require.NoError(t, err)
	defer end()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = list.take(ctx, once.Request{Key: "k"})
	require.ErrorIs(t, err, ErrBusy)
}
