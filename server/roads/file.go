package roads

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/circle/road"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/storage/circlefile"
)

// Stops are a register's offices as the index knows them.
func Stops(places *place.Register) []circle.Stop {
	var stops []circle.Stop
	for _, o := range places.Offices() {
		stops = append(stops, circle.Stop{Code: string(o.Code), At: o.Position})
	}
	return stops
}

// BuildFile reads a PBF file and puts a city's index in a file. Whatever goes
// wrong, the index that was there stays. Errors: those of Build, and the file
// system's own.
func BuildFile(ctx context.Context, pbf, index string, offices []circle.Stop, now time.Time) (*Survey, error) {
	file, err := os.Open(pbf)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	block, survey, err := Build(ctx, file, offices)
	if err != nil {
		return survey, err
	}
	source, err := describe(file)
	if err != nil {
		return survey, err
	}
	return survey, circlefile.Replace(index, &road.Index{Built: now, Source: source, Blocks: []*road.Block{block}})
}

// describe names a file by its name and what is in it.
func describe(file *os.File) (string, error) {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, file); err != nil {
		return "", err
	}
	return filepath.Base(file.Name()) + " sha256:" + hex.EncodeToString(hash.Sum(nil)), nil
}

// RenewFile brings the offices of an index up to date, on the roads that it
// has. Only those that are new or have moved are searched from; the server
// does the same in memory when it starts, so that this only makes it start
// sooner. Errors: road.ErrIndex, and the file system's own.
func RenewFile(index string, offices []circle.Stop, now time.Time) error {
	old, err := circlefile.Open(index)
	if err != nil {
		return err
	}
	renewed := &road.Index{Built: now, Source: old.Source}
	for i, block := range old.Blocks {
		renewed.Blocks = append(renewed.Blocks, block.Renew(old.Share(i, offices)))
	}
	defer old.Keep()
	return circlefile.Replace(index, renewed)
}
