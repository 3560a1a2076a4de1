package registry

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// Journals of the first version were chains: each entry was stored behind a hash
// over the one before it and itself, and the key journal.tail held the number and
// the hash of the last one. They become trees when the register is opened, some
// entries in a transaction, so that it can go on where it was cut off. A last entry
// says with which hash the chain ended, and where it was broken, if it was.

// carryEach is how many entries are carried over in one transaction.
const carryEach = 5000

func chainTailKey() kv.Tuple { return kv.Key("journal.tail") }

// carriedKey holds, while entries are carried over, how far the chain was followed.
func carriedKey() kv.Tuple { return kv.Key("journal.carried") }

// chain is a journal of the first version as it is followed.
type chain struct {
	size   uint64            // entries
	end    [sha256.Size]byte // the hash of the last one
	hash   [sha256.Size]byte // of the one that was read last
	broken uint64            // the first whose hash is not right; zero: none
}

// carryOver turns a chain into a tree.
func carryOver(ctx context.Context, store kv.Store, now func() time.Time) error {
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		there := false
		err := store.View(ctx, func(r kv.Reader) error {
			tail, err := r.Get(chainTailKey())
			there = tail != nil
			return err
		})
		if err != nil || !there {
			return err
		}
		err = store.Update(ctx, func(w kv.Writer) error { return carrySome(w, now().UTC()) })
		if err != nil {
			return fmt.Errorf("carrying the journal over: %w", err)
		}
	}
}

func carrySome(w kv.Writer, now time.Time) error {
	c, err := readChain(w)
	if err != nil {
		return err
	}
	j, err := readTail(w)
	if err != nil {
		return err
	}
	for n := 0; n < carryEach && j.seq < c.size; n++ {
		e, err := c.next(w, j.seq+1)
		if err != nil {
			return err
		}
		if _, err := j.append(w, e); err != nil {
			return err
		}
	}
	if j.seq < c.size {
		return errors.Join(j.write(w), w.Put(carriedKey(), c.append(nil)))
	}
	if c.broken == 0 && c.hash != c.end {
		c.broken = c.size
	}
	note := fmt.Sprintf("a chain of %d entries that ended with %x", c.size, c.end)
	if c.broken > 0 {
		note += fmt.Sprintf(" and was broken at entry %d", c.broken)
	}
	if _, err := j.append(w, Entry{Time: now, Via: Operator().Via, Change: "carry_over", Details: Details{Note: note}}); err != nil {
		return err
	}
	return errors.Join(j.write(w), w.Delete(chainTailKey()), w.Delete(carriedKey()))
}

func readChain(r kv.Reader) (c chain, err error) {
	tail, err := r.Get(chainTailKey())
	if err != nil {
		return c, err
	}
	if len(tail) != 8+sha256.Size {
		return c, errEdge
	}
	c.size, c.end = binary.BigEndian.Uint64(tail), [sha256.Size]byte(tail[8:])
	done, err := r.Get(carriedKey())
	if err != nil || len(done) != sha256.Size+8 {
		return c, err
	}
	c.hash, c.broken = [sha256.Size]byte(done), binary.BigEndian.Uint64(done[sha256.Size:])
	return c, nil
}

func (c *chain) append(buf []byte) []byte {
	return binary.BigEndian.AppendUint64(append(buf, c.hash[:]...), c.broken)
}

// next reads the entry with the number. One that is missing or cannot be read is
// carried over as one that says so.
func (c *chain) next(r kv.Reader, seq uint64) (Entry, error) {
	data, err := r.Get(journalKey(seq))
	if err != nil {
		return Entry{}, err
	}
	e, ok := c.follow(seq, data)
	if !ok && c.broken == 0 {
		c.broken = seq
	}
	if e.Change == "" {
		e = Entry{Change: "unreadable", Details: Details{Before: append([]byte(nil), data...)}}
	}
	return e, nil
}

// follow decodes an entry of the chain, as far as it can be, and says whether its
// hash follows from the one before.
func (c *chain) follow(seq uint64, data []byte) (e Entry, ok bool) {
	if len(data) <= sha256.Size {
		return e, false
	}
	h := sha256.New()
	h.Write(c.hash[:])
	h.Write(binary.BigEndian.AppendUint64(nil, seq))
	h.Write(data[sha256.Size:])
	c.hash = [sha256.Size]byte(data)
	ok = [sha256.Size]byte(h.Sum(nil)) == c.hash

	r := recordReader{rest: data[sha256.Size:]}
	version := r.uint()
	e.Time = time.UnixMilli(r.int()).UTC()
	e.User, e.Table, e.ID = fleet.UserID(r.uint()), r.uint(), r.uint()
	e.Actor, e.Via, e.Request, e.Change = string(r.bytes(0)), string(r.bytes(0)), string(r.bytes(0)), string(r.bytes(0))
	e.Before, e.After = r.bytes(1), r.bytes(1)
	if version != 1 || r.bad || len(r.rest) > 0 || e.Table == 0 || e.Table > uint64(len(tables)) {
		return Entry{}, false
	}
	e.Place = placeOfBody(e.Table, e.After)
	if e.After == nil {
		e.Place = placeOfBody(e.Table, e.Before)
	}
	return e, ok
}

// placeOfBody is the place of an encoded record, as far as it can be had.
func placeOfBody(code uint64, data []byte) fleet.Path {
	tbl := tables[code-1]
	if data == nil || tbl.IsSealed() {
		return ""
	}
	rec, err := tbl.DecodeAny(data)
	if err != nil {
		return ""
	}
	return placeOf(rec)
}
