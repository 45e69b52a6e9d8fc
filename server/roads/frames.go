package roads

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"io"
)

// The PBF reader takes a file that ends between the parts of a block for
// complete, and panics over some that are merely unusual. So a file is walked
// through first: its blocks must follow each other without a gap up to its very
// end, unpack, and hold what the reader can read.
//
// The layout: https://wiki.openstreetmap.org/wiki/PBF_Format

const (
	headerMost = 64 << 10 // bytes of a block's header
	blockMost  = 32 << 20 // bytes of a block, packed or not
)

var (
	errCut     = errors.New("the file ends in the middle of a block")
	errFrame   = errors.New("not a block of an OpenStreetMap PBF file")
	errPacking = errors.New("a block is packed in a way that is not understood; only zlib and unpacked blocks are")
	errPlain   = errors.New("the nodes are not dense; convert the file with osmium cat")
)

// checkFrames walks through a whole file.
func checkFrames(file io.Reader) error {
	for n := 0; ; n++ {
		kind, blob, err := readFrame(file)
		if err == io.EOF && n > 0 {
			return nil
		}
		if err == io.EOF {
			return errFrame // an empty file
		}
		if err != nil {
			return err
		}
		if (n == 0) != (kind == "OSMHeader") || n > 0 && kind != "OSMData" {
			return errFrame
		}
		if err := checkBlob(blob, n > 0); err != nil {
			return err
		}
	}
}

// readFrame reads a block's header and its blob. It returns io.EOF only at the
// end of a block.
func readFrame(file io.Reader) (kind string, blob []byte, err error) {
	var prefix [4]byte
	if n, err := io.ReadFull(file, prefix[:]); err != nil {
		if n > 0 {
			return "", nil, errCut
		}
		return "", nil, err
	}
	header, err := readExactly(file, uint64(binary.BigEndian.Uint32(prefix[:])), headerMost)
	if err != nil {
		return "", nil, err
	}
	var size uint64
	err = fields(header, func(number int, value uint64, data []byte) error {
		switch number {
		case 1:
			kind = string(data)
		case 3:
			size = value
		}
		return nil
	})
	if err != nil {
		return "", nil, err
	}
	blob, err = readExactly(file, size, blockMost)
	return kind, blob, err
}

func readExactly(file io.Reader, size, most uint64) ([]byte, error) {
	if size >= most {
		return nil, errFrame
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(file, data); err != nil {
		return nil, errCut
	}
	return data, nil
}

// checkBlob unpacks a blob and, if it has data, looks at its groups.
func checkBlob(blob []byte, isData bool) error {
	unpacked := []byte(nil)
	err := fields(blob, func(number int, _ uint64, data []byte) (err error) {
		switch number {
		case 1:
			unpacked = data
		case 2: // the size
		case 3:
			unpacked, err = inflate(data)
		default:
			err = errPacking
		}
		return err
	})
	if err != nil || !isData {
		return err
	}
	return fields(unpacked, func(number int, _ uint64, data []byte) error {
		if number == 2 {
			return checkGroup(data)
		}
		return nil
	})
}

func inflate(data []byte) ([]byte, error) {
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	unpacked, err := io.ReadAll(io.LimitReader(r, blockMost+1))
	if err == nil && len(unpacked) > blockMost {
		err = errFrame
	}
	return unpacked, err
}

func checkGroup(group []byte) error {
	return fields(group, func(number int, _ uint64, _ []byte) error {
		if number == 1 {
			return errPlain
		}
		return nil
	})
}

// fields calls visit for each field of a protobuf message: with value for a
// number, with data for bytes.
func fields(message []byte, visit func(number int, value uint64, data []byte) error) error {
	for len(message) > 0 {
		tag, n := binary.Uvarint(message)
		if n <= 0 {
			return errFrame
		}
		message = message[n:]
		value, data, n := field(message, tag&7)
		if n < 0 {
			return errFrame
		}
		message = message[n:]
		if err := visit(int(tag>>3), value, data); err != nil {
			return err
		}
	}
	return nil
}

// field reads what a wire type announces and says how many bytes it took; -1
// if they make no sense.
func field(message []byte, wire uint64) (value uint64, data []byte, taken int) {
	value, n := binary.Uvarint(message)
	switch {
	case wire == 0 && n > 0:
		return value, nil, n
	case wire == 1 && len(message) >= 8:
		return 0, message[:8], 8
	case wire == 2 && n > 0 && value <= uint64(len(message)-n):
		return 0, message[n : n+int(value)], n + int(value)
	case wire == 5 && len(message) >= 4:
		return 0, message[:4], 4
	}
	return 0, nil, -1
}
