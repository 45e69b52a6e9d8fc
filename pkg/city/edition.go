// Package city (城市数据) joins a city's catalogue and places into one edition.
// It decides whether a folder of sheets makes a city that can be served: each
// sheet is right, and they agree with each other.
package city

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/yimen-gov/yimen/pkg/carrier"
	"github.com/yimen-gov/yimen/pkg/catalog"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
	"github.com/yimen-gov/yimen/pkg/sheet"
)

// Edition is one state of a city's data. It does not change.
type Edition struct {
	Version   int    // given by whoever keeps editions; 0 = not kept yet
	Digest    string // hex SHA-256 over the files: same digest, same data
	Catalogue *catalog.Catalogue
	Places    *place.Register
	Couriers  *carrier.Register

	delegation delegation
}

// ErrBadFiles says that the folder makes no city. Its cause is sheet.Faults,
// and its fields are the first hundred of them.
var ErrBadFiles = fault.New(fault.Invalid, "city.bad_files", "城市数据有错误，请按清单逐条改正后再导入")

// maxFields bounds the answer to somebody who sent a thoroughly broken folder.
const maxFields = 100

// Files names the files that make a city, sorted. Others are ignored.
func Files() []string {
	files := append(place.Files(), catalog.Files()...)
	files = append(files, delegationsFile, windowsFile, carrier.File)
	slices.Sort(files)
	return files
}

// Read reads the city in fsys. Error: ErrBadFiles, with everything that is
// wrong in any file.
func Read(fsys fs.FS) (*Edition, error) {
	book := sheet.Open(fsys)
	places := place.Collect(book)
	e := &Edition{Catalogue: catalog.Collect(book, places), Places: places, Couriers: carrier.Collect(book, places)}
	e.delegation = readDelegation(book, e.Catalogue, places)
	if err := book.Err(); err != nil {
		return nil, badFiles(err)
	}
	digest, err := digest(fsys)
	if err != nil {
		return nil, err
	}
	e.Digest = digest
	return e, nil
}

func badFiles(err error) error {
	faults, _ := errors.AsType[sheet.Faults](err)
	fields := make([]fault.Field, 0, maxFields)
	for _, f := range faults[:min(len(faults), maxFields)] {
		fields = append(fields, fault.Field{Path: f.Where(), Text: f.Reason})
	}
	return ErrBadFiles.Because(faults).With(fields...)
}

// digest is over each file's name, length and content, in order.
func digest(fsys fs.FS) (string, error) {
	sum := sha256.New()
	for _, name := range Files() {
		data, err := fs.ReadFile(fsys, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue // only what may be left out gets here
		}
		if err != nil {
			return "", fmt.Errorf("digest of %s: %w", name, err)
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(data))
		sum.Write(data)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
