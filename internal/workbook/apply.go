package workbook

import (
	"context"
	"fmt"

	"github.com/takhti-edu/takhti/internal/registry"
)

// Apply carries out the plan of an import; of one with the number zero, which is
// no import, nothing but the changes is recorded.
//
// The changes of up to 50,000 rows happen together or not at all. Longer plans are
// carried out in parts, each of which is whole.
func Apply(ctx context.Context, s registry.Session, p *Plan, importID uint64) (last registry.Receipt, err error) {
	if err := p.Refused(); err != nil {
		return last, err
	}
	from := 0
	for part := uint32(1); ; part++ {
		var receipt registry.Receipt
		change, next := p.part(from, part == 1)
		if importID == 0 {
			receipt, err = s.Apply(ctx, registry.Request{Confirmed: true}, change.Changes()...)
		} else {
			change.ID, change.Part = importID, part
			receipt, err = s.Apply(ctx, partRequest(importID, p.Digest, part), change)
		}
		if err != nil {
			return last, err
		}
		if last.First == 0 {
			last.First = receipt.First
		}
		last.Last, last.Time, last.Request = receipt.Last, receipt.Time, receipt.Request
		if change.Last {
			return last, nil
		}
		p.release(next)
		from = next
	}
}

// partRequest is the request of a part: a retry of the same must not happen twice.
// The plan asked about texts that may hold numbers of people.
func partRequest(id uint64, digest []byte, part uint32) registry.Request {
	return registry.Request{ID: fmt.Sprintf("import %d %x part %d", id, digest, part), Digest: digest, Confirmed: true}
}
