package registry

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// Head is what a checkpoint says of the journal: how many entries there are, and
// the hash over them. It tells nothing of what is in them.
type Head struct {
	Size uint64
	Root tlog.Hash
}

// Head is the journal as it is, with all acts so far.
func (s Session) Head(ctx context.Context) (h Head, err error) {
	if err := s.reg.writeActs(ctx); err != nil {
		return h, err
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		tree, err := readTree(r)
		if err == nil {
			h.Size = tree.tail.seq
			h.Root, err = tree.root()
		}
		return err
	})
	return h, err
}

// HeadAt is the journal as it was when it had so many entries; ok is false when it
// has not as many.
func (s Session) HeadAt(ctx context.Context, size uint64) (h Head, ok bool, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		tree, err := readTree(r)
		if err != nil || size > tree.tail.seq {
			return err
		}
		ok, h.Size = true, size
		h.Root, err = tree.rootAt(size)
		return err
	})
	return h, ok, err
}

// EntryProof proves that an entry is in a journal of which somebody has the head.
type EntryProof struct {
	Seq     uint64      `json:"seq"`
	Size    uint64      `json:"size"` // of the journal whose head it leads to
	Header  []byte      `json:"header"`
	Salt    []byte      `json:"salt,omitempty"`
	Details []byte      `json:"details,omitempty"`
	Digest  []byte      `json:"digest,omitempty"` // of details that were erased, in place of them
	Path    []tlog.Hash `json:"path"`
}

// ProveEntry proves one entry that the actor may read, by the head of the journal
// when it had size entries.
func (s Session) ProveEntry(ctx context.Context, seq, size uint64) (p EntryProof, err error) {
	absent := fleet.NotFoundf("journal.not_found", "the journal has no entry %d", seq)
	if !s.actor.MayAnywhere(fleet.ReadJournal) {
		return p, fleet.Forbiddenf("forbidden", "your role does not allow this here")
	}
	err = s.reg.view(ctx, func(r kv.Reader) error {
		tree, err := readTree(r)
		if err != nil {
			return err
		}
		if seq == 0 || seq > size || size > tree.tail.seq {
			return absent
		}
		data, err := r.Get(journalKey(seq))
		if err != nil {
			return err
		}
		e := Entry{Seq: seq}
		parts, ok := e.split(data)
		if !ok || !s.readsEntry(&e) {
			return absent
		}
		p = EntryProof{Seq: seq, Size: size, Header: parts.header, Digest: parts.digest}
		if parts.digest == nil {
			salt, err := tree.tail.salt.read(r, seq)
			if err != nil {
				return err
			}
			p.Salt, p.Details = salt[:], parts.details
		}
		p.Path, err = tlog.ProveRecord(int64(size), int64(seq-1), tree)
		p.Header, p.Details, p.Digest = clone(p.Header), clone(p.Details), clone(p.Digest)
		return err
	})
	return p, err
}

func clone(b []byte) []byte {
	if b == nil {
		return nil
	}
	return append([]byte{}, b...)
}

var errProof = errors.New("the proof is incomplete")

// Check returns the entry that the proof shows to be in the journal with that head.
func (p *EntryProof) Check(h Head) (Entry, error) {
	if p.Size != h.Size {
		return Entry{}, fmt.Errorf("the proof is of a journal of %d entries, the checkpoint of one of %d", p.Size, h.Size)
	}
	if p.Seq == 0 || p.Seq > p.Size || p.Digest == nil && len(p.Salt) != saltSize || p.Digest != nil && len(p.Digest) != sha256.Size {
		return Entry{}, errProof
	}
	e := Entry{Seq: p.Seq}
	r := recordReader{rest: p.Header}
	e.readHeader(&r)
	if r.bad || len(r.rest) > 0 {
		return Entry{}, errProof
	}
	parts, salt := storedEntry{header: p.Header, digest: p.Digest, details: p.Details}, [saltSize]byte{}
	copy(salt[:], p.Salt)
	if err := tlog.CheckRecord(p.Path, int64(p.Size), h.Root, int64(p.Seq-1), tlog.RecordHash(parts.leafData(salt))); err != nil {
		return Entry{}, err
	}
	if p.Digest != nil {
		e.Erased = p.Seq // by which entry is not proved
		return e, nil
	}
	r = recordReader{rest: p.Details}
	e.Details.read(&r)
	if r.bad || len(r.rest) > 0 {
		return Entry{}, errProof
	}
	return e, nil
}

// VerifyJournal proves the journal alone: its tree is built anew from its entries,
// and the histories of records name all of them. It calls found for every difference.
func (r *Register) VerifyJournal(ctx context.Context, found func(table.Finding)) error {
	return r.view(ctx, func(rd kv.Reader) error {
		v := verification{r: rd, newest: map[recordID]uint64{}, erased: erasures{}}
		return report(ctx, v.journal(), found)
	})
}
