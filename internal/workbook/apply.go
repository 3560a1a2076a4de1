package workbook

import (
	"context"
	"fmt"

	"github.com/takhti-edu/takhti/internal/registry"
)

// Apply makes the plan's changes. The import's record, when its number is given,
// is finished with the last of them.
//
// The changes of up to 50,000 rows happen together or not at all. Longer plans
// are made in parts; after an interruption, planning the file again finds the
// finished parts unchanged and goes on with the rest.
func Apply(ctx context.Context, s registry.Session, p *Plan, importID uint64) (registry.Receipt, error) {
	if err := p.Refused(); err != nil {
		return registry.Receipt{}, err
	}
	changes := p.Changes()
	if importID != 0 {
		for _, l := range p.remember {
			changes = append(changes, registry.RememberLayout{Layout: l})
		}
		changes = append(changes, registry.FinishImport{
			ID: importID, Digest: p.Digest, SkipBad: p.skipBad,
			Rows: uint32(p.Rows), New: uint32(p.New), Changed: uint32(p.Changed), Unchanged: uint32(p.Unchanged), LeftOut: uint32(p.LeftOut),
		})
	}
	var last registry.Receipt
	for part := 0; len(changes) > 0; part++ {
		n := min(registry.MaxChanges, len(changes))
		q := registry.Request{ID: registry.NewRequestID(), Digest: p.Digest}
		if importID != 0 { // a retry of the same import must not happen twice
			q.ID = fmt.Sprintf("import %d %x part %d", importID, p.Digest, part)
		}
		receipt, err := s.Apply(ctx, q, changes[:n]...)
		if err != nil {
			return last, err
		}
		if last.First == 0 {
			last.First = receipt.First
		}
		last.Last, last.Time, last.Request = receipt.Last, receipt.Time, receipt.Request
		last.Refs = append(last.Refs, receipt.Refs...)
		changes = changes[n:]
	}
	return last, nil
}
