package workbook

import (
	"context"
	"io"

	"github.com/takhti-edu/takhti/internal/registry"
)

// Copy writes a copy of an import's file to w, with the problems that it has as the
// register is now, whether it was carried out or not. See [WriteCopy].
func (d *Desk) Copy(ctx context.Context, s registry.Session, id uint64, c Copy, w io.Writer) error {
	plan, i, err := d.Plan(ctx, s, id, nil)
	if err != nil {
		return err
	}
	return d.withFile(i, func(f File) error { return WriteCopy(ctx, w, c, f, plan, d.limits, d.dir) })
}
