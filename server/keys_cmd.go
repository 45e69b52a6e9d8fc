package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/alecthomas/kong"

	"github.com/yimen-gov/yimen/pkg/seal"
	"github.com/yimen-gov/yimen/storage/blob"
	"github.com/yimen-gov/yimen/storage/sqlstore"
)

type keysCmd struct {
	Rotate rotateCmd `cmd:"" help:"Add a key and seal everything anew under it, while the service runs. Stopped, it goes on where it was."`
	Status statusCmd `cmd:"" help:"Tell how much is sealed under which key."`
	Retire retireCmd `cmd:"" help:"Take an old key out of the key file; refused while anything is sealed under it."`
}

// vaultRoom is what the commands about keys work on.
type vaultRoom struct {
	file  keyFile
	keys  *seal.Keyring
	db    *sqlstore.DB
	store blob.Store
}

func openVault(ctx context.Context, c *Config) (*vaultRoom, error) {
	v := &vaultRoom{file: c.keyFile()}
	var err error
	if v.keys, err = keyring(c); err != nil {
		return nil, err
	}
	if v.store, _, err = c.openFiles(time.Now, true, nil); err != nil {
		return nil, err
	}
	v.db, err = sqlstore.Open(ctx, c.store(v.keys, time.Now))
	return v, err
}

type rotateCmd struct {
	Suite seal.Suite `default:"sm4" enum:"sm4,aes" help:"Cipher of the new key: sm4 (SM4-GCM) or aes (AES-256-GCM)."`
}

// Run adds a key, unless a rotation is still under way, and sees it through:
// itself, or by watching the service do it.
func (r rotateCmd) Run(c *Config, s streams, _ *kong.Application) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	v, err := openVault(ctx, c)
	if err != nil {
		return err
	}
	defer v.db.Close()
	if err := v.begin(ctx, s, r.Suite); err != nil {
		return err
	}
	return v.finish(ctx, s)
}

func (v *vaultRoom) begin(ctx context.Context, s streams, suite seal.Suite) error {
	list, err := v.db.Resealing(ctx)
	if err != nil {
		return err
	}
	if open(list) {
		fmt.Fprintf(s.out, "key %d: going on with the rotation under way\n", v.keys.Current())
	} else {
		id, err := v.file.add(suite)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "key %d (%s) added to %s\n", id, suite, v.file)
	}
	keys, err := v.file.read()
	if err != nil {
		return err
	}
	if err := v.keys.Renew(keys); err != nil {
		return err
	}
	return v.db.BeginReseal(ctx)
}

func open(list []sqlstore.Progress) bool {
	return slices.ContainsFunc(list, func(p sqlstore.Progress) bool { return !p.Done })
}

// finish works or watches until all is done.
func (v *vaultRoom) finish(ctx context.Context, s streams) error {
	work := newResealer(v.db, v.store, v.keys)
	for {
		if err := work.run(ctx); err != nil {
			return err
		}
		list, err := v.db.Resealing(ctx)
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			fmt.Fprintln(s.out, "stopped; the running service, or server keys rotate, goes on")
			return nil
		}
		if !open(list) {
			changed, broken := sum(list)
			fmt.Fprintf(s.out, "done: %d sealed anew under key %d\n", changed, v.keys.Current())
			if broken > 0 {
				return fmt.Errorf("%d could not be opened and were left as they are: see server keys status", broken)
			}
			return nil
		}
		pause(ctx, 500*time.Millisecond)
	}
}

func sum(list []sqlstore.Progress) (changed, broken int) {
	for _, p := range list {
		changed, broken = changed+p.Changed, broken+p.Broken
	}
	return changed, broken
}

type statusCmd struct{}

// Run prints a line a key, and how far a rotation is.
func (statusCmd) Run(c *Config, s streams, _ *kong.Application) error {
	ctx := context.Background()
	v, err := openVault(ctx, c)
	if err != nil {
		return err
	}
	defer v.db.Close()
	keys, err := v.file.read()
	if err != nil {
		return err
	}
	values, files, err := v.under(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(s.out, 0, 8, 2, ' ', 0)
	fmt.Fprintf(w, "KEY\tSUITE\tSTATE\tVALUES\tFILES\n")
	for _, id := range ids(keys, values, files) {
		fmt.Fprintf(w, "%d\t%s\t%s\t%d\t%d\n", id, suiteOf(keys, id), stateOf(keys, id), values[id], files[id])
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return v.told(ctx, s)
}

// told prints what is left of a rotation.
func (v *vaultRoom) told(ctx context.Context, s streams) error {
	list, err := v.db.Resealing(ctx)
	if err != nil || len(list) == 0 {
		return err
	}
	var left []string
	for _, p := range list {
		if !p.Done {
			left = append(left, p.Place)
		}
	}
	changed, broken := sum(list)
	state := "rotation done"
	if len(left) > 0 {
		state = "rotation under way, left: " + strings.Join(left, ", ")
	}
	fmt.Fprintf(s.out, "%s; %d sealed anew, %d could not be opened\n", state, changed, broken)
	return nil
}

// under counts values and files by their key; key 0 is one that we do not hold.
func (v *vaultRoom) under(ctx context.Context) (values, files map[uint8]int, err error) {
	if values, err = v.db.SealedUnder(ctx); err != nil {
		return nil, nil, err
	}
	files = map[uint8]int{}
	kept := blob.Sealed{Store: v.store, Keys: v.keys}
	for after := ""; ; {
		list, err := v.db.FilesAfter(ctx, after, 500)
		if err != nil || len(list) == 0 {
			return values, files, err
		}
		for _, id := range list {
			key, err := kept.KeyOf(ctx, id)
			if err != nil && !errors.Is(err, blob.ErrNoFile) {
				return nil, nil, err
			}
			if err == nil {
				files[key]++
			}
		}
		after = list[len(list)-1]
	}
}

func ids(keys seal.Config, values, files map[uint8]int) []uint8 {
	all := map[uint8]bool{}
	for id := range keys.Keys {
		all[id] = true
	}
	for _, m := range []map[uint8]int{values, files} {
		for id := range m {
			all[id] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

func suiteOf(keys seal.Config, id uint8) string {
	if k, held := keys.Keys[id]; held {
		return string(k.Suite)
	}
	return "?"
}

func stateOf(keys seal.Config, id uint8) string {
	switch _, held := keys.Keys[id]; {
	case !held:
		return "missing"
	case id == keys.Current:
		return "current"
	default:
		return "old"
	}
}

type retireCmd struct {
	ID uint8 `arg:"" help:"Number of the key."`
}

// Run takes a key out of use for good.
func (r retireCmd) Run(c *Config, s streams, _ *kong.Application) error {
	ctx := context.Background()
	v, err := openVault(ctx, c)
	if err != nil {
		return err
	}
	defer v.db.Close()
	keys, err := v.file.read()
	if err != nil {
		return err
	}
	if _, held := keys.Keys[r.ID]; !held {
		return fmt.Errorf("there is no key %d", r.ID)
	}
	if r.ID == keys.Current {
		return fmt.Errorf("key %d is the current one: server keys rotate adds another", r.ID)
	}
	values, files, err := v.under(ctx)
	if err != nil {
		return err
	}
	if n, m := values[r.ID], files[r.ID]; n+m > 0 {
		return fmt.Errorf("%d values and %d files are sealed under key %d: run server keys rotate first", n, m, r.ID)
	}
	if err := v.file.remove(r.ID); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "key %d retired; backups made before today still need it\n", r.ID)
	return nil
}
