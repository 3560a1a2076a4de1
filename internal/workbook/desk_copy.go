package workbook

import (
	"context"
	"io"
	"os"
	"path"
	"path/filepath"

	"github.com/takhti-edu/takhti/internal/registry"
)

// ParseCopy reads a copy's name.
func ParseCopy(s string) (Copy, bool) {
	for c, name := range copyNames {
		if name == s {
			return c, true
		}
	}
	return 0, false
}

var copyNames = map[Copy]string{Annotated: "annotated.xlsx", OnlyLeftOut: "left-out.xlsx"}

// String is the copy's name, as it ends the address at which it is found.
func (c Copy) String() string { return copyNames[c] }

// Copied is a copy of a file, ready to be read. Nothing is left of it when it is closed.
type Copied struct {
	*os.File
	Name string // for whoever keeps it
	Size int64
}

// Close gives the disk back.
func (c *Copied) Close() error {
	err := c.File.Close()
	_ = os.Remove(c.File.Name()) // where that could not be done at once
	return err
}

// Copy makes a copy of an import's file, with the problems that it has as the
// register is now, whether it was carried out or not. See [WriteCopy]. It is whole
// before anything of it can be read, and takes its turn among the plans.
func (d *Desk) Copy(ctx context.Context, s registry.Session, id uint64, c Copy) (*Copied, error) {
	i, err := s.Import(ctx, id)
	if err != nil {
		return nil, err
	}
	free, err := d.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer free()
	plan, err := d.plan(ctx, s, i, nil)
	if err != nil {
		return nil, err
	}
	tmp, err := os.CreateTemp(d.dir, unfinishedCopy)
	if err != nil {
		return nil, err
	}
	_ = os.Remove(tmp.Name()) // so that nothing is left of it however the program ends
	made := &Copied{File: tmp, Name: "takhti-" + registry.ImportRef(i.ID) + "-" + c.String()}
	err = d.withFile(i, func(f File) error { return WriteCopy(ctx, tmp, c, f, plan, d.limits, d.dir) })
	if err == nil {
		made.Size, err = tmp.Seek(0, io.SeekCurrent)
	}
	if err == nil {
		_, err = tmp.Seek(0, io.SeekStart)
	}
	if err != nil {
		_ = made.Close()
		return nil, err
	}
	return made, nil
}

// unfinishedCopy names copies in the making.
const unfinishedCopy = "copy-*"

// sweepCopies removes those that were in the making when the program was killed.
func (d *Desk) sweepCopies() {
	left, _ := os.ReadDir(d.dir) // no folder, no copies
	for _, file := range left {
		if is, _ := path.Match(unfinishedCopy, file.Name()); is {
			_ = os.Remove(filepath.Join(d.dir, file.Name())) // or at the next start
		}
	}
}
