package sheet

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"errors"
	"hash"
	"hash/crc32"
	"io"
)

// unpacker unpacks a part, at most as many bytes as the directory announces.
// Its last byte comes with io.EOF only if size and checksum are those announced.
type unpacker struct {
	src  io.Reader
	left uint64
	want uint32
	sum  hash.Hash32
}

// errNotAsWritten is for packed data that changed after it was written.
var errNotAsWritten = damagedf("its packed data is not what was written")

func (u *unpacker) Read(p []byte) (int, error) {
	n, err := u.src.Read(p)
	if uint64(n) > u.left {
		return 0, errNotAsWritten
	}
	u.left -= uint64(n)
	u.sum.Write(p[:n])
	if err == io.EOF && (u.left > 0 || u.sum.Sum32() != u.want) {
		err = errNotAsWritten
	}
	return n, err
}

// open opens a part for reading, of at most limit bytes once unpacked. The
// caller closes it.
func (a *archive) open(name string, limit int64) (*part, error) {
	file := a.parts[partName(name)]
	if file == nil {
		return nil, ofPart(damagedf("its part %s is missing", name), name)
	}
	size, packed := file.UncompressedSize64, file.CompressedSize64
	if size > uint64(limit) {
		return nil, ofPart(tooLargef("its part %s would unpack to %d MB, and at most %d MB can be read", file.Name, size>>20, limit>>20), file.Name)
	}
	if size > 1<<20 && size/uint64(a.limits.Ratio) > packed {
		return nil, ofPart(tooLargef("its part %s packs %d MB into %d KB, as no honest program does", file.Name, size>>20, packed>>10), file.Name)
	}
	src, err := unpack(file)
	if err != nil {
		return nil, locate(err, Error{Part: file.Name})
	}
	p := &part{name: file.Name, size: size, src: src, close: func() {}}
	if size > chunkSize {
		ahead := readAhead(src)
		p.src, p.close = ahead, ahead.close
	}
	return p, nil
}

// ofPart is locate for a defect of a part as a whole, which names the part itself.
func ofPart(err error, part string) error {
	e := locate(err, Error{}).(*Error)
	e.Part = part
	return e
}

func unpack(file *zip.File) (io.Reader, error) {
	raw, err := file.OpenRaw()
	if errors.Is(err, zip.ErrFormat) || err == io.EOF {
		return nil, errNotAsWritten
	} else if err != nil {
		return nil, err
	}
	u := &unpacker{left: file.UncompressedSize64, want: file.CRC32, sum: crc32.NewIEEE()}
	switch file.Method {
	case zip.Store:
		u.src = raw
	case zip.Deflate:
		u.src = flate.NewReader(bufio.NewReaderSize(raw, bufferFor(file.CompressedSize64)))
	default:
		return nil, damagedf("it is packed in a way that workbooks never are")
	}
	return u, nil
}

// part is an open part.
type part struct {
	name  string
	size  uint64 // once unpacked
	src   io.Reader
	close func()
}

const (
	chunkSize   = 128 << 10
	chunksAhead = 4
)

// ahead unpacks in a goroutine of its own, beside the reading of what was
// unpacked before.
type ahead struct {
	full    chan chunk
	free    chan []byte
	stop    chan struct{}
	current chunk
	rest    []byte // of current
}

type chunk struct {
	data []byte
	err  error // behind data
}

func readAhead(src io.Reader) *ahead {
	a := &ahead{
		full: make(chan chunk, chunksAhead),
		free: make(chan []byte, chunksAhead),
		stop: make(chan struct{}),
	}
	for range chunksAhead {
		a.free <- make([]byte, chunkSize)
	}
	go a.fill(src)
	return a
}

func (a *ahead) fill(src io.Reader) {
	defer close(a.full)
	for {
		var buf []byte
		select {
		case buf = <-a.free:
		case <-a.stop:
			return
		}
		n := 0
		var err error
		for n < len(buf) && err == nil {
			var read int
			read, err = src.Read(buf[n:])
			n += read
		}
		a.full <- chunk{buf[:n], err} // there is room: it holds as many chunks as there are
		if err != nil {
			return
		}
	}
}

func (a *ahead) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.current.err != nil {
			return 0, a.current.err
		}
		if a.current.data != nil {
			a.free <- a.current.data[:chunkSize]
		}
		a.current = <-a.full
		a.rest = a.current.data
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// close ends the goroutine and waits for it.
func (a *ahead) close() {
	close(a.stop)
	for range a.full {
	}
}
