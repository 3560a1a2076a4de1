package workbook

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"os"
	"time"

	"github.com/takhti-edu/takhti/internal/registry"
)

// DropFiles removes the files of which all imports came in before the moment, and returns
// how many those were. What came of each row stays, and the imports can still be undone.
// It is for who keeps the register.
func (d *Desk) DropFiles(ctx context.Context, s registry.Session, before time.Time) (dropped int, err error) {
	d.filing.Lock()
	defer d.filing.Unlock()
	all, err := s.Imports(ctx, math.MaxInt)
	if err != nil {
		return 0, err
	}
	needed := map[string]bool{}
	for _, i := range all {
		needed[i.SHA256] = needed[i.SHA256] || i.State.UnderWay() || !time.Unix(i.Time, 0).Before(before)
	}
	for sum, is := range needed {
		if is {
			continue
		}
		switch err := os.Remove(d.path(sum)); {
		case err == nil:
			dropped++
		case !errors.Is(err, fs.ErrNotExist):
			return dropped, err
		}
	}
	return dropped, nil
}
