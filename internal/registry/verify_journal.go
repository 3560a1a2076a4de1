package registry

import (
	"bytes"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// journalCheck builds the journal's tree anew from the entries as they are read,
// and compares it with the one that is stored.
type journalCheck struct {
	*verification
	stored journalTail
	edge   edge
	salt   salts
	seq    uint64 // entries so far
	lost   bool   // too many are missing: the tree cannot be followed any more
	tiles  uint64
	yield  func(table.Finding, error) bool
	ended  bool
}

// journal proves the journal's entries by its tree, and their histories.
func (v *verification) journal() findings {
	return func(yield func(table.Finding, error) bool) {
		c := &journalCheck{verification: v, yield: yield}
		if err := c.run(); err != nil && !c.ended {
			yield(table.Finding{}, err)
		}
	}
}

func (c *journalCheck) run() (err error) {
	if c.stored, err = readTail(c.r); err != nil {
		return err
	}
	for pair, err := range c.r.Scan(journalKey(0), kv.Key(journalTable).End()) {
		if err == nil {
			err = c.entry(pair)
		}
		if err != nil || c.ended {
			return err
		}
	}
	if err := c.fill(c.stored.seq + 1); err != nil {
		return err
	}
	c.end()
	c.checkErased()
	return c.counts()
}

// tell reports what is wrong at an entry.
func (c *journalCheck) tell(seq uint64, what, detail string, args ...any) {
	c.ended = c.ended || !c.yield(finding(journalTable, seq, what, fmt.Sprintf(detail, args...)), nil)
}

func (c *journalCheck) entry(pair kv.Pair) error {
	at := journalSeq(pair.Key)
	switch {
	case at <= c.seq || !bytes.Equal(pair.Key, journalKey(at)):
		c.tell(at, "is there twice", "after entry %d there is another with the number %d", c.seq, at)
		return nil
	case at > c.stored.seq:
		c.tell(at, "is behind the end", "the journal ends with entry %d", c.stored.seq)
		return nil
	}
	if err := c.fill(at); err != nil {
		return err
	}
	salt, err := c.salt.read(c.r, at)
	if err != nil {
		c.tell(at, "has no salt", "%v", err)
	}
	leaf, parts, err := leafOf(at, pair.Val, salt)
	if err != nil && c.salt.seed != nil {
		c.tell(at, "cannot be read", "%v", err)
	}
	if parts.digest != nil {
		c.noteErased(at, &parts, salt)
	}
	if err := c.add(leaf); err != nil || leaf == (tlog.Hash{}) {
		return err
	}
	return c.index(at, pair.Val)
}

// mostFilled is how many missing entries are stood in for at one place. A number that
// was altered can be any, and the work must end.
const mostFilled = 1 << 20

// fill stands in for the entries before the one with the number that are missing.
func (c *journalCheck) fill(before uint64) error {
	if c.seq+1 < before {
		c.tell(c.seq+1, "is missing", "the entries from %d to %d are missing", c.seq+1, before-1)
	}
	if before > c.seq+mostFilled {
		c.seq, c.lost = before-1, true
	}
	for c.seq+1 < before && !c.ended {
		if err := c.add(tlog.Hash{}); err != nil {
			return err
		}
	}
	return nil
}

// add adds the next entry's hash to the tree and compares the tiles it completes.
func (c *journalCheck) add(leaf tlog.Hash) error {
	if c.seq++; c.lost {
		return nil
	}
	return c.edge.add(c.seq-1, leaf, func(key, tile []byte) error {
		c.tiles++
		stored, err := c.r.Get(key)
		if err != nil || bytes.Equal(stored, tile) {
			return err
		}
		k := kv.NewPartReader(key)
		k.Str()
		c.compare(int(k.Uint()), k.Uint()*tileWidth, tile, stored)
		return nil
	})
}

// compare tells which entries the hashes of a level, from the first on, are over
// that are not those stored.
func (c *journalCheck) compare(level int, first uint64, now, stored []byte) {
	width := uint64(1) << (tileHeight * level)
	for i := 0; i < len(now); i += tlog.HashSize {
		if i+tlog.HashSize <= len(stored) && bytes.Equal(now[i:][:tlog.HashSize], stored[i:][:tlog.HashSize]) {
			continue
		}
		from := (first+uint64(i/tlog.HashSize))*width + 1
		if width == 1 {
			c.tell(from, "is not what was written", "entry %d, or its hash, was altered", from)
		} else {
			c.tell(from, "is not what was written", "among the entries from %d to %d one, or their hash, was altered", from, from+width-1)
		}
	}
}

// end compares the right end of the tree.
func (c *journalCheck) end() {
	if c.lost {
		return
	}
	for level := range c.edge {
		first := c.seq >> (tileHeight * level) / tileWidth * tileWidth
		c.compare(level, first, appendHashes(nil, c.edge[level]), appendHashes(nil, c.stored.edge[level]))
	}
}

// counts compares how much there is of what belongs to the entries.
func (c *journalCheck) counts() error {
	for _, of := range []struct {
		prefix kv.Tuple
		want   uint64
		what   string
	}{
		{kv.Key(journalSubject), c.named, "the histories name %d entries, the journal has %d of records"},
		{kv.Key("journal.tree"), c.tiles, "the tree has %d tiles, its entries make %d"},
		{kv.Key("journal.salt"), (c.seq + saltBlock - 1) / saltBlock, "there are %d sets of salts, the entries need %d"},
		{edgeKey(), min(c.seq, 1), "there are %d ends of the journal, and should be %d"},
	} {
		var have uint64
		for _, err := range c.r.Scan(of.prefix, of.prefix.End()) {
			if err != nil {
				return err
			}
			have++
		}
		if have != of.want {
			c.tell(c.seq, "is not all there is", of.what, have, of.want)
		}
	}
	return nil
}

// index notes the entry as its record's newest, and checks that the record's
// history names it.
func (c *journalCheck) index(seq uint64, data []byte) error {
	e, err := decodeEntry(seq, data)
	if err != nil {
		c.tell(seq, "cannot be read", "%v", err)
		return nil
	}
	if e.Change == erasedName {
		c.checkErasing(&e)
	}
	if e.Table == 0 {
		return nil
	}
	c.named++
	c.newest[recordID{e.Table, e.ID}] = seq
	named, err := c.r.Get(subjectKey(e.Table, e.ID).Uint(seq))
	if err == nil && named == nil {
		c.tell(seq, "is missing from the history", "entry %d is not in the history of its record", seq)
	}
	return err
}
