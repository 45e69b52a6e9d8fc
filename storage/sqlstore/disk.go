package sqlstore

import (
	"fmt"
	"os"
	"sync/atomic"
)

// disk makes commits durable and only then tells those who wait for them: it
// syncs the write-ahead log while the writer already runs the next group.
//
// A commit that is not synced yet can be seen by readers. A crash of the
// process loses none; after a loss of power the log ends at some whole commit,
// and nobody was told of a later one.
type disk struct {
	wal       *os.File
	committed chan []*write
	done      chan struct{}
	failure   atomic.Pointer[error]
}

// openDisk opens the log of a database that has connections: it exists as long
// as they do.
func openDisk(wal string) (*disk, error) {
	f, err := os.OpenFile(wal, os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("open the write-ahead log: %w", err)
	}
	d := &disk{wal: f, committed: make(chan []*write, 1), done: make(chan struct{})}
	go d.loop()
	return d, nil
}

func (d *disk) loop() {
	defer close(d.done)
	for batch := range d.committed {
		err := d.broken()
		if err == nil {
			err = d.wal.Sync()
		}
		if err != nil {
			d.failure.Store(&err)
		}
		for _, r := range batch {
			if err != nil && r.err == nil {
				r.err = ErrBusy.Because(err)
			}
			close(r.told)
		}
	}
}

// broken is why nothing can be made durable any more, nil while it can. What
// the system could not write it may have forgotten, so that a later success
// would prove nothing: only a restart, which reads the log anew, helps.
func (d *disk) broken() error {
	if err := d.failure.Load(); err != nil {
		return *err
	}
	return nil
}
