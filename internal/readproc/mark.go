package readproc

import (
	"context"
	"errors"
	"io"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

var (
	errText    = errors.New("a text file cannot be marked")
	errTooLong = errors.New("the copy has no end")
)

// Mark is as [sheet.Book.Mark]. The error may be an [*Error], too. A book takes long
// to mark: let [Program.ToMark] open it.
func (b *Book) Mark(ctx context.Context, w io.Writer, m sheet.Marks) error {
	if b.about.Dialect != (sheet.Dialect{}) {
		return errText
	}
	p := &pass{book: b, ask: request{Mark: marksWithoutRows(m)}}
	if err := p.begin(); err != nil {
		return err
	}
	for more := range partsOf(m) {
		if err := b.process.tell(request{More: &more}); err != nil {
			return err
		}
	}
	for {
		kind, err := p.next(frameCopy)
		if err != nil {
			return err
		}
		if kind == frameWhole {
			_, err := p.whole()
			return err
		}
		if err := p.copied(ctx, w); err != nil {
			return err
		}
	}
}

// copied writes the piece of the copy that came.
func (p *pass) copied(ctx context.Context, w io.Writer) error {
	process := p.book.process
	n := len(p.frame)
	if n == 0 || n > usualFrame {
		return process.failed(garbled("a piece of %d bytes", n))
	}
	if p.got += n; int64(p.got) > process.limits.Copy {
		return process.failed(errTooLong)
	}
	err := ctx.Err()
	if err == nil {
		_, err = w.Write(p.frame)
	}
	if err != nil {
		return process.leave(err)
	}
	return nil
}

// mark answers with a marked copy of the workbook.
func (s *server) mark(r request) error {
	m := newMarks(r.Mark)
	for last := false; !last; {
		more, ok := <-s.asks
		if !ok || more.More == nil {
			return nil // nobody wants it any more
		}
		last = m.add(more.More)
	}
	out := &copyWriter{out: &s.out}
	if err := s.book.Mark(context.Background(), out, m.marks); err != nil {
		return s.refuse(frameCopy, err)
	}
	return s.whole(frameCopy, wholeAnswer{Sent: out.written})
}

// copyWriter sends what is written to it, a piece at a time.
type copyWriter struct {
	out     *frameWriter
	written int
}

func (c *copyWriter) Write(data []byte) (n int, err error) {
	for len(data) > n {
		piece := data[n:min(len(data), n+usualFrame-c.out.size())]
		c.out.buf = append(c.out.buf, piece...)
		n += len(piece)
		c.written += len(piece)
		if c.out.size() < usualFrame {
			continue
		}
		if err := c.out.send(frameCopy); err != nil {
			return n, err
		}
	}
	return n, nil
}
