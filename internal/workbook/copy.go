package workbook

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/readproc"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// Copy is a workbook that goes back to the sender of a file.
type Copy uint8

// The copies.
const (
	Annotated   Copy = iota + 1 // the whole file, with its problems marked
	OnlyLeftOut                 // the rows that are not imported, to be corrected and sent again
)

// WriteCopy writes a copy of the planned file to w. In both copies the cells with
// problems are coloured and commented, a column beside the data says what is wrong
// with each row, and a sheet in front counts the causes; the import passes that
// column and that sheet over when the copy comes back.
//
// Of a workbook, the annotated copy is the workbook itself; a text file becomes
// one. TempDir is where that is put together; the system's folder when empty. After
// an error, what was written is of no use.
func WriteCopy(ctx context.Context, w io.Writer, c Copy, f File, p *Plan, l Limits, tempDir string) error {
	l = l.withDefaults()
	if l.Apart != nil {
		l.Apart = l.Apart.ToMark()
	}
	book, done, err := sourceOf(ctx, f, l)
	if err != nil {
		return notCopied(err)
	}
	defer done()
	a := newAnnotation(f, p, book)
	if c == Annotated && book.Dialect() == (sheet.Dialect{}) {
		return notCopied(book.Mark(ctx, w, a.marks(book)))
	}
	tmp, err := os.CreateTemp(tempDir, unfinishedCopy)
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	defer tmp.Close()
	rows := a.everyRow
	if c == OnlyLeftOut {
		rows, a.moved = a.leftOutRows, map[Position]int{}
	}
	if err := a.rebuild(ctx, book, tmp, rows); err != nil {
		return notCopied(err)
	}
	done()
	return notCopied(a.markRebuilt(ctx, w, tmp, l))
}

// markRebuilt writes the workbook that was put together to w, with the marks.
func (a *annotation) markRebuilt(ctx context.Context, w io.Writer, rebuilt *os.File, l Limits) error {
	info, err := rebuilt.Stat()
	if err != nil {
		return err
	}
	l = Limits{File: info.Size(), Apart: l.Apart}
	book, done, err := sourceOf(ctx, File{Name: rebuilt.Name(), Data: rebuilt, Size: info.Size()}, l)
	if err != nil {
		return err
	}
	defer done()
	return book.Mark(ctx, w, a.marks(book))
}

// notCopied is why there is no copy, in the words of the register.
func notCopied(err error) error {
	var failed *readproc.Error
	if !errors.As(err, &failed) {
		return refused(err)
	}
	const instead = ": take the list of the problems instead"
	switch failed.Failure {
	case readproc.OverMemory:
		return fleet.Invalidf("copy.over_memory", "to make the copy takes more than %d MB of memory"+instead, failed.Limits.Memory>>20)
	case readproc.OverTime:
		return fleet.Invalidf("copy.over_time", "to make the copy takes too long"+instead)
	case readproc.OverSize:
		return fleet.Invalidf("copy.over_size", "the copy would have more than %d MB"+instead, failed.Limits.Copy>>20)
	}
	return fleet.Invalidf("copy.crashed", "the copy could not be made: what makes it stopped before its end. Ask for it once more; if that does not help, take the list of the problems, and tell the operator of the register")
}
