package kv

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
)

// Load fills an empty store from a dump, block by block. After an error the
// store holds a part of the dump and is to be thrown away.
func Load(ctx context.Context, r io.Reader, s Store) error {
	if err := s.View(ctx, checkEmpty); err != nil {
		return err
	}
	_, err := eachBlock(r, func(pairs []Pair) error {
		return s.Update(ctx, func(w Writer) error {
			for _, p := range pairs {
				if err := w.Put(p.Key, p.Val); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return err
}

// CheckDump reads a dump to its end and says what it holds, or what is wrong
// with it, as Load would.
func CheckDump(r io.Reader) (Summary, error) {
	return eachBlock(r, func([]Pair) error { return nil })
}

// eachBlock calls fn with the pairs of each block, which are valid until it returns.
func eachBlock(r io.Reader, fn func([]Pair) error) (Summary, error) {
	l := loader{r: bufio.NewReader(r), hash: sha256.New()}
	if err := l.format(); err != nil {
		return Summary{}, err
	}
	for {
		pairs, err := l.next()
		if err != nil {
			return Summary{}, err
		}
		if pairs == nil {
			return Summary{Pairs: l.count, Bytes: l.bytes, SHA256: l.sum}, nil
		}
		if err := fn(pairs); err != nil {
			return Summary{}, err
		}
	}
}

func checkEmpty(r Reader) error {
	for _, err := range r.Scan(nil, nil) {
		if err != nil {
			return err
		}
		return fmt.Errorf("%w: there is data already where it would go; load into a new, empty store", ErrDump)
	}
	return nil
}

// loader reads the parts of a dump and trusts none of them.
type loader struct {
	r     *bufio.Reader
	hash  hash.Hash
	block []byte // pairs of the block at hand
	pairs []Pair // the same, cut up
	last  []byte // key
	index uint64
	count uint64
	bytes uint64
	sum   [sha256.Size]byte // of all before it, once it was read and is right
}

// read fills b. The bytes count towards the sum of the whole.
func (l *loader) read(b []byte) error {
	if _, err := io.ReadFull(l.r, b); err != nil {
		return cut(l.index, err)
	}
	_, _ = l.hash.Write(b)
	l.bytes += uint64(len(b))
	return nil
}

func (l *loader) format() error {
	line := make([]byte, len(dumpFormat))
	n, err := io.ReadFull(l.r, line)
	line = line[:n]
	_, _ = l.hash.Write(line)
	l.bytes = uint64(n)
	name := dumpFormat[:strings.LastIndexByte(dumpFormat, ' ')+1]
	switch {
	case string(line) == dumpFormat:
		return nil
	case strings.HasPrefix(dumpFormat, string(line)):
		return cut(0, err)
	case bytes.HasPrefix(line, []byte(name)):
		return fmt.Errorf("%w: this takhti does not know its format, %q", ErrDump, bytes.TrimSpace(line))
	}
	return fmt.Errorf("%w: it is no dump of takhti", ErrDump)
}

// next gives the pairs of the next block, or nil at the end of a whole dump.
func (l *loader) next() ([]Pair, error) {
	head := make([]byte, 4, blockHead)
	if err := l.read(head); err != nil {
		return nil, err
	}
	size := binary.LittleEndian.Uint32(head)
	if size == 0 {
		return nil, l.end()
	}
	if size > dumpBlock+maxPair {
		return nil, fmt.Errorf("%w: block %d is damaged: its length is impossible", ErrDump, l.index)
	}
	sum := head[4:blockHead]
	if err := l.read(sum); err != nil {
		return nil, err
	}
	if cap(l.block) < int(size) {
		l.block = make([]byte, size)
	}
	l.block = l.block[:size]
	if err := l.read(l.block); err != nil {
		return nil, err
	}
	if blockSum(l.index, l.block) != binary.LittleEndian.Uint32(sum) {
		return nil, fmt.Errorf("%w: block %d is damaged, or not in its place", ErrDump, l.index)
	}
	if err := l.split(); err != nil {
		return nil, fmt.Errorf("%w: block %d: %w", ErrDump, l.index, err)
	}
	l.index++
	l.count += uint64(len(l.pairs))
	return l.pairs, nil
}

// split cuts the block into pairs.
func (l *loader) split() error {
	l.pairs = l.pairs[:0]
	for rest := l.block; len(rest) > 0; {
		var p Pair
		var keyFits, valFits bool
		p.Key, rest, keyFits = chunk(rest)
		p.Val, rest, valFits = chunk(rest)
		if !keyFits || !valFits {
			return errors.New("a pair is longer than its block")
		}
		if l.count+uint64(len(l.pairs)) > 0 && bytes.Compare(p.Key, l.last) <= 0 {
			return fmt.Errorf("the key %x is out of order", p.Key)
		}
		l.pairs = append(l.pairs, p)
		l.last = p.Key
	}
	l.last = bytes.Clone(l.last) // the block is overwritten by the next
	return nil
}

// chunk cuts off bytes that their length precedes.
func chunk(b []byte) (head, rest []byte, ok bool) {
	size, n := binary.Uvarint(b)
	if n <= 0 || size > uint64(len(b)-n) {
		return nil, nil, false
	}
	return b[n : n+int(size)], b[n+int(size):], true
}

func (l *loader) end() error {
	var end [dumpEndBytes]byte
	if err := l.read(end[:8]); err != nil {
		return err
	}
	want := l.hash.Sum(nil)
	if err := l.read(end[8:]); err != nil {
		return err
	}
	if said := binary.LittleEndian.Uint64(end[:]); said != l.count {
		return fmt.Errorf("%w: it says that it holds %d pairs, and there are %d", ErrDump, said, l.count)
	}
	if !bytes.Equal(end[8:], want) {
		return fmt.Errorf("%w: the checksum over all of it is wrong", ErrDump)
	}
	if _, err := l.r.ReadByte(); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: something follows its end", ErrDump)
	}
	l.sum = [sha256.Size]byte(want)
	return nil
}
