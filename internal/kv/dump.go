package kv

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
)

// A dump is a line of text that names the format; blocks of pairs in the order
// of their keys; and an end. All numbers are little-endian.
//
//	block  length of the pairs 4 · CRC-32C of the block's number (8) and pairs 4 · pairs
//	pair   key length (varint) · key · value length (varint) · value
//	end    zero 4 · number of pairs 8 · SHA-256 of all before it 32
const (
	dumpFormat = "takhti dump 1\n"
	dumpBlock  = 2 << 20 // pairs of one block, which Load writes in one transaction

	maxPair      = MaxKey + MaxValue + 2*binary.MaxVarintLen32
	blockHead    = 8
	dumpEndBytes = 8 + sha256.Size // behind the zero
)

// ErrDump means that a dump cannot be loaded.
var ErrDump = errors.New("the dump cannot be loaded")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Summary is what a dump holds.
type Summary struct {
	Pairs  uint64
	Bytes  uint64 // of the dump
	SHA256 [sha256.Size]byte
}

// Dump writes all that is in the store to w, as of one moment. The view it
// needs lasts as long as w takes.
func Dump(ctx context.Context, s Store, w io.Writer) (Summary, error) {
	return dump(ctx, s, w, dumpBlock)
}

func dump(ctx context.Context, s Store, w io.Writer, blockSize int) (Summary, error) {
	d := &dumper{w: w, hash: sha256.New(), block: make([]byte, blockHead, blockHead+blockSize+maxPair)}
	err := s.View(ctx, func(r Reader) error {
		d.write([]byte(dumpFormat))
		for p, err := range r.Scan(nil, nil) {
			if err != nil {
				return err
			}
			d.pair(p)
			if len(d.block) < blockHead+blockSize {
				continue
			}
			if d.endBlock(); d.err != nil {
				return d.err
			}
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		d.end()
		return d.err
	})
	return d.sum, err
}

// dumper writes the parts of a dump. After the first error it writes nothing.
type dumper struct {
	w     io.Writer
	hash  hash.Hash
	block []byte // room for the head, then the pairs so far
	index uint64
	sum   Summary
	err   error
}

func (d *dumper) write(b []byte) {
	if d.err != nil {
		return
	}
	if _, d.err = d.w.Write(b); d.err == nil {
		_, _ = d.hash.Write(b)
		d.sum.Bytes += uint64(len(b))
	}
}

func (d *dumper) pair(p Pair) {
	d.block = binary.AppendUvarint(d.block, uint64(len(p.Key)))
	d.block = append(d.block, p.Key...)
	d.block = binary.AppendUvarint(d.block, uint64(len(p.Val)))
	d.block = append(d.block, p.Val...)
	d.sum.Pairs++
}

func (d *dumper) endBlock() {
	pairs := d.block[blockHead:]
	if len(pairs) == 0 {
		return
	}
	binary.LittleEndian.PutUint32(d.block, uint32(len(pairs)))
	binary.LittleEndian.PutUint32(d.block[4:], blockSum(d.index, pairs))
	d.write(d.block)
	d.index++
	d.block = d.block[:blockHead]
}

func (d *dumper) end() {
	d.endBlock()
	d.write(binary.LittleEndian.AppendUint64(make([]byte, 4), d.sum.Pairs))
	d.hash.Sum(d.sum.SHA256[:0])
	d.write(d.sum.SHA256[:])
}

// blockSum takes the block's number in, so that blocks cannot change places.
func blockSum(index uint64, pairs []byte) uint32 {
	number := binary.LittleEndian.AppendUint64(nil, index)
	return crc32.Update(crc32.Checksum(number, castagnoli), castagnoli, pairs)
}

// cut is the error of a dump that lacks its end.
func cut(index uint64, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it is cut off in or after block %d, so data is missing", ErrDump, index)
	}
	return fmt.Errorf("reading block %d of the dump: %w", index, err)
}
