package workbook

import (
	"context"
	"fmt"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Apply carries out the plan of an import; of one with the number zero, which is
// no import and must be of one part, nothing but the changes is recorded.
//
// The changes of up to 50,000 rows happen together or not at all. Longer plans are
// carried out in parts, each of which is whole.
func Apply(ctx context.Context, s registry.Session, p *Plan, importID uint64) (last registry.Receipt, err error) {
	if err := p.Refused(); err != nil {
		return last, err
	}
	if importID == 0 {
		change, _ := p.part(0, true)
		if !change.Last {
			return last, fleet.Invalidf("import.parts", "%d rows are too many for one part", len(p.rows))
		}
		return s.Apply(ctx, registry.Request{Confirmed: true}, change.Changes()...)
	}
	err = p.inParts(0, 1, parts{
		send: func(c registry.ImportPart) wait {
			c.ID = importID
			return s.Begin(ctx, partRequest(importID, p.Digest, c.Part), c)
		},
		retry: func(_ registry.ImportPart, err error) (r registry.Receipt, _ error) { return r, err },
		done: func(r registry.Receipt) {
			if last.First == 0 {
				last.First = r.First
			}
			last.Last, last.Time, last.Request = r.Last, r.Time, r.Request
		},
		reach: func(int) {},
	})
	return last, err
}

// wait waits until a part is durable.
type wait func() (registry.Receipt, error)

// parts is how the parts of a plan are carried out.
type parts struct {
	send  func(registry.ImportPart) wait
	retry func(registry.ImportPart, error) (registry.Receipt, error) // of a part that failed
	done  func(registry.Receipt)                                     // of each in turn
	reach func(row int)                                              // called now and then with the row in hand
}

// sentPart is a part that was sent.
type sentPart struct {
	registry.ImportPart
	next int // the row with which the part behind it begins
	wait wait
}

// inParts carries out the parts from a row on. Each is sent before the one before it
// is durable, so that the register works on the one while the disk takes the other.
func (p *Plan) inParts(from int, first uint32, how parts) error {
	send := func(number uint32, from int) (sent sentPart) {
		sent.ImportPart, sent.next = p.part(from, number == first)
		sent.Part, sent.Progress = number, func(row int) { how.reach(from + row) }
		sent.wait = how.send(sent.ImportPart)
		return sent
	}
	for now := send(first, from); ; {
		var behind sentPart
		if !now.Last {
			behind = send(now.Part+1, now.next)
		}
		receipt, err := now.wait()
		if err != nil {
			if !now.Last {
				_, _ = behind.wait() // it cannot come about without this one
			}
			if receipt, err = how.retry(now.ImportPart, err); err != nil {
				return err
			}
			if !now.Last {
				behind = send(now.Part+1, now.next)
			}
		}
		how.done(receipt)
		if now.Last {
			return nil
		}
		how.reach(now.next)
		p.release(now.next)
		now = behind
	}
}

// partRequest is the request of a part: a retry of the same must not happen twice.
// The plan asked about texts that may hold numbers of people.
func partRequest(id uint64, digest []byte, part uint32) registry.Request {
	return registry.Request{ID: fmt.Sprintf("import %d %x part %d", id, digest, part), Digest: digest, Confirmed: true}
}
