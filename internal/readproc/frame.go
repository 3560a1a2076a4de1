package readproc

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
)

// An answer is a frame: one byte that says what it is, four for the length of
// what follows, least significant first.
type frameKind byte

const (
	frameBook       frameKind = iota + 1 // the file is open: a bookAnswer
	frameRows                            // rows of the sheet that was asked for
	frameMerges                          // merged blocks of it
	frameCopy                            // a piece of the marked copy
	frameWhole                           // the pass saw all of the sheet: a wholeAnswer
	frameRefused                         // the reader refuses the file: a refusedAnswer; ends the pass
	frameSuperseded                      // something else was asked for; ends the pass
)

// ends says whether nothing more of a pass follows.
func (k frameKind) ends() bool { return k >= frameWhole }

const (
	frameHead = 5
	// maxFrame is more than a row can take: 8 MiB of text in 16,384 cells.
	maxFrame = 16 << 20
	// usualFrame is at which size rows are sent, and the most that a piece of a copy
	// may have: half of what a pipe holds.
	usualFrame = 32 << 10
)

var errGarbled = errors.New("it answered what makes no sense")

func garbled(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errGarbled, fmt.Sprintf(format, args...))
}

// readHead reads what comes next, and how long it is.
func readHead(r io.Reader) (frameKind, int, error) {
	var head [frameHead]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, 0, cutOff(err)
	}
	kind, size := frameKind(head[0]), binary.LittleEndian.Uint32(head[1:])
	if kind < frameBook || kind > frameSuperseded || size > maxFrame {
		return 0, 0, garbled("a frame of kind %d with %d bytes", kind, size)
	}
	return kind, int(size), nil
}

// readFrame reads a whole frame into memory that buf may be part of.
func readFrame(r io.Reader, buf []byte) (frameKind, []byte, error) {
	kind, size, err := readHead(r)
	if err != nil {
		return 0, buf[:0], err
	}
	buf = slices.Grow(buf[:0], size)[:size]
	if _, err := io.ReadFull(r, buf); err != nil {
		return 0, buf[:0], cutOff(err)
	}
	return kind, buf, nil
}

// skipPass reads to the end of a pass of which nothing is wanted any more.
func skipPass(r io.Reader) error {
	for {
		kind, size, err := readHead(r)
		if err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, r, int64(size)); err != nil {
			return cutOff(err)
		}
		if kind.ends() {
			return nil
		}
	}
}

// cutOff is the end of the answers where it should not be.
func cutOff(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// frameWriter makes frames in memory that is used again, and writes each at once.
type frameWriter struct {
	w   io.Writer
	buf []byte
}

// begin forgets what was not sent, and leaves room for the head.
func (f *frameWriter) begin() { f.buf = append(f.buf[:0], make([]byte, frameHead)...) }

// size is how long the frame in the making is.
func (f *frameWriter) size() int { return max(len(f.buf)-frameHead, 0) }

// send writes the frame, and begins the next.
func (f *frameWriter) send(kind frameKind) error {
	if f.size() > maxFrame {
		return fmt.Errorf("a frame of %d bytes", f.size())
	}
	f.buf[0] = byte(kind)
	binary.LittleEndian.PutUint32(f.buf[1:], uint32(f.size()))
	_, err := f.w.Write(f.buf)
	f.begin()
	return err
}
