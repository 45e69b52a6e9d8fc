package road

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math"
	"time"

	"github.com/yimen-gov/yimen/pkg/circle"
	"github.com/yimen-gov/yimen/pkg/fault"
	"github.com/yimen-gov/yimen/pkg/place"
)

// ErrIndex: a file is not a road index that this program can use.
var ErrIndex = fault.New(fault.Unavailable, "circle.road_index", "路网索引文件无法使用，请重新运行 server circle build；在此之前按直线距离估算")

var (
	errShort   = errors.New("the file ends early or its parts do not fit")
	errForeign = errors.New("not a road index")
	errVersion = errors.New("a road index of another version or byte order")
	errSum     = errors.New("the checksum does not match")
)

// Index is a file of blocks. It does not change once read or made.
type Index struct {
	Built  time.Time
	Source string // what the roads were read from, such as a file's name and checksum
	Blocks []*Block
}

// The header of a file: magic, version, byte order, checksum of the rest of the
// header, length of the header, length of the file, time of building, and then
// the number of blocks with an entry each, the attribution and the source.
const (
	magic     = "YMROADIX"
	version   = 1
	order     = 0x01020304
	fixedHead = 48
	blockHead = 56 // bytes: box, place, length, checksum
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// WriteTo writes the file.
func (x *Index) WriteTo(w io.Writer) (int64, error) {
	count := &counter{w: w}
	head, err := x.header()
	if err != nil {
		return 0, err
	}
	if _, err := count.Write(head); err != nil {
		return count.n, err
	}
	for _, b := range x.Blocks {
		if err := writeSections(count, b.sections()); err != nil {
			return count.n, err
		}
	}
	return count.n, nil
}

func (x *Index) header() ([]byte, error) {
	notes := []byte(Attribution + "\n" + x.Source)
	size := aligned(fixedHead + blockHead*len(x.Blocks) + len(notes))
	var entries []byte
	at := uint64(size)
	for _, b := range x.Blocks {
		length, sum, err := b.measure()
		if err != nil {
			return nil, err
		}
		entries = b.entry(entries, at, length, sum)
		at += length
	}
	head := append([]byte(magic), make([]byte, fixedHead-len(magic))...)
	put := binary.NativeEndian.PutUint32
	put(head[8:], version)
	put(head[12:], order)
	put(head[20:], uint32(size))
	binary.NativeEndian.PutUint64(head[24:], at)
	binary.NativeEndian.PutUint64(head[32:], uint64(x.Built.Unix()))
	put(head[40:], uint32(len(x.Blocks)))
	put(head[44:], uint32(len(notes)))
	head = append(append(head, entries...), notes...)
	head = append(head, make([]byte, size-len(head))...)
	put(head[16:], crc32.Checksum(head[20:], castagnoli))
	return head, nil
}

func (b *Block) entry(head []byte, at, length uint64, sum uint32) []byte {
	for _, v := range []float64{b.Box.Min.Lng, b.Box.Min.Lat, b.Box.Max.Lng, b.Box.Max.Lat} {
		head = binary.NativeEndian.AppendUint64(head, math.Float64bits(v))
	}
	for _, v := range []uint64{at, length, uint64(sum)} {
		head = binary.NativeEndian.AppendUint64(head, v)
	}
	return head
}

// measure gives the length of a block in the file and its checksum.
func (b *Block) measure() (length uint64, sum uint32, err error) {
	hash := crc32.New(castagnoli)
	count := &counter{w: hash}
	err = writeSections(count, b.sections())
	return uint64(count.n), hash.Sum32(), err
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// Read lays an index over the bytes of a file, which must stay as they are and
// begin at a multiple of 8. It does not look into the blocks: Verify does.
// Errors: ErrIndex.
func Read(data []byte) (*Index, error) {
	x, _, err := read(data)
	return x, err
}

func read(data []byte) (*Index, []stored, error) {
	blocks, x, err := readHeader(data)
	if err != nil {
		return nil, nil, ErrIndex.Because(err)
	}
	for _, s := range blocks {
		b, err := readBlock(data[s.at:s.at+s.length], s.box)
		if err != nil {
			return nil, nil, ErrIndex.Because(err)
		}
		x.Blocks = append(x.Blocks, b)
	}
	return x, blocks, nil
}

// Verify reads a whole file and compares its checksums. It reads through r, not
// through the mapping, so that what is verified does not become resident.
// Errors: ErrIndex.
func Verify(data []byte, r io.ReaderAt) error {
	blocks, _, err := readHeader(data)
	if err != nil {
		return ErrIndex.Because(err)
	}
	buffer := make([]byte, 1<<20)
	for _, s := range blocks {
		hash := crc32.New(castagnoli)
		if _, err := io.CopyBuffer(hash, io.NewSectionReader(r, int64(s.at), int64(s.length)), buffer); err != nil {
			return ErrIndex.Because(err)
		}
		if hash.Sum32() != s.sum {
			return ErrIndex.Because(errSum)
		}
	}
	return nil
}

// stored says where a block lies in a file.
type stored struct {
	box        circle.Box
	at, length uint64
	sum        uint32
}

func readHeader(data []byte) ([]stored, *Index, error) {
	if len(data) < fixedHead || string(data[:8]) != magic {
		return nil, nil, errForeign
	}
	get := binary.NativeEndian.Uint32
	if get(data[8:]) != version || get(data[12:]) != order {
		return nil, nil, errVersion
	}
	size := uint64(get(data[20:]))
	if size > uint64(len(data)) || binary.NativeEndian.Uint64(data[24:]) != uint64(len(data)) {
		return nil, nil, errShort
	}
	head := data[:size]
	if crc32.Checksum(head[20:], castagnoli) != get(head[16:]) {
		return nil, nil, errSum
	}
	return readEntries(head, uint64(len(data)))
}

func readEntries(head []byte, size uint64) ([]stored, *Index, error) {
	n, notes := uint64(binary.NativeEndian.Uint32(head[40:])), uint64(binary.NativeEndian.Uint32(head[44:]))
	if fixedHead+blockHead*n+notes > uint64(len(head)) {
		return nil, nil, errShort
	}
	text := head[fixedHead+blockHead*n:][:notes]
	_, source, _ := bytes.Cut(text, []byte("\n"))
	x := &Index{Built: time.Unix(int64(binary.NativeEndian.Uint64(head[32:])), 0), Source: string(source)}
	var blocks []stored
	for i := range n {
		s := readEntry(head[fixedHead+blockHead*i:])
		if s.at%8 != 0 || s.at > size || s.length > size-s.at {
			return nil, nil, errShort
		}
		blocks = append(blocks, s)
	}
	return blocks, x, nil
}

func readEntry(e []byte) stored {
	get := func(i int) uint64 { return binary.NativeEndian.Uint64(e[8*i:]) }
	degree := func(i int) float64 { return math.Float64frombits(get(i)) }
	return stored{
		box: circle.Box{
			Min: place.Position{Lng: degree(0), Lat: degree(1)},
			Max: place.Position{Lng: degree(2), Lat: degree(3)},
		},
		at: get(4), length: get(5), sum: uint32(get(6)),
	}
}
