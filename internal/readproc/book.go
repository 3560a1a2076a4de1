package readproc

import (
	"iter"
	"slices"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// Book is a file that a process of its own reads. It must be closed, and is for
// one goroutine. In a loop over its rows it may be asked for something else: the
// loop then goes on where it was.
type Book struct {
	process *process
	about   bookAnswer
	current *pass // the one that the process is at; nil: none
}

// Sheets is as [sheet.Book.Sheets].
func (b *Book) Sheets() []sheet.Sheet { return slices.Clone(b.about.Sheets) }

// Date1904 is as [sheet.Book.Date1904].
func (b *Book) Date1904() bool { return b.about.Date1904 }

// Dialect is as [sheet.Book.Dialect].
func (b *Book) Dialect() sheet.Dialect { return b.about.Dialect }

// Close ends the process and waits until it is gone.
func (b *Book) Close() { b.process.end() }

// Rows is as [sheet.Book.Rows]. The error that ends the loop may be an [*Error],
// too, or that of the context.
func (b *Book) Rows(i int) iter.Seq2[sheet.Row, error] {
	return func(yield func(sheet.Row, error) bool) {
		p := &pass{book: b, ask: request{Sheet: i}}
		for {
			row, err := p.row()
			if err != nil {
				yield(sheet.Row{}, err)
				return
			}
			if row.Number == 0 || !yield(row, nil) {
				return
			}
		}
	}
}

// Extent is as [sheet.Book.Extent].
func (b *Book) Extent(i int) (sheet.Extent, error) {
	p := &pass{book: b, ask: request{Sheet: i, Extent: true}}
	var merges []sheet.Range
	for {
		kind, err := p.next(frameMerges)
		if err != nil {
			return sheet.Extent{}, err
		}
		if kind == frameWhole {
			break
		}
		if merges, err = decodeMerges(merges, p.frame); err != nil {
			return sheet.Extent{}, b.process.failed(err)
		}
		p.got = len(merges)
	}
	whole, err := p.whole()
	whole.Extent.Merges = merges
	return whole.Extent, err
}

// pass is one reading of a sheet.
type pass struct {
	book  *Book
	ask   request
	frame []byte
	rows  rowDecoder
	got   int // rows, merged blocks or bytes since the process was asked
}

// row is the next row; one without a number says that there are no more.
func (p *pass) row() (sheet.Row, error) {
	for len(p.rows.rest) == 0 {
		kind, err := p.next(frameRows)
		if err != nil {
			return sheet.Row{}, err
		}
		if kind == frameWhole {
			_, err := p.whole()
			return sheet.Row{}, err
		}
		p.rows.rest = p.frame
	}
	row, err := p.rows.next()
	if err != nil {
		return sheet.Row{}, p.book.process.failed(err)
	}
	p.got++
	return row, nil
}

// next reads the pass's next frame: one of the kind that it has many of, or its
// last one.
func (p *pass) next(many frameKind) (kind frameKind, err error) {
	if p.book.current != p {
		if err := p.begin(); err != nil {
			return 0, err
		}
	}
	if kind, p.frame, err = p.book.process.answer(p.frame); err != nil {
		return 0, err
	}
	switch kind {
	case many:
		return kind, nil
	case frameWhole:
		p.book.current = nil
		return kind, nil
	case frameRefused:
		p.book.current = nil
		return 0, p.book.refused(p.frame)
	}
	return 0, p.book.process.failed(garbled("a frame of kind %d in a pass of %d", kind, many))
}

// begin asks for the pass, or for what it has not got yet, and lets go of the one
// that the process is at.
func (p *pass) begin() error {
	b := p.book
	p.ask.After, p.got = p.rows.last, 0
	if err := b.process.tell(p.ask); err != nil {
		return err
	}
	if b.current != nil {
		if err := b.process.skipPass(); err != nil {
			return err
		}
	}
	b.current = p
	return nil
}

// whole reads the end of the pass, and holds against it what came.
func (p *pass) whole() (wholeAnswer, error) {
	var w wholeAnswer
	err := decode(p.frame, &w)
	if err == nil && w.Sent != p.got {
		err = garbled("%d rows, blocks or bytes came of %d", p.got, w.Sent)
	}
	if err != nil {
		return wholeAnswer{}, p.book.process.failed(err)
	}
	return w, nil
}

// refused is the reader's error.
func (b *Book) refused(frame []byte) error {
	var a refusedAnswer
	if err := decode(frame, &a); err != nil {
		return b.process.failed(err)
	}
	err := a.error()
	if _, ok := err.(*sheet.Error); !ok {
		return b.process.failed(err)
	}
	return err
}
