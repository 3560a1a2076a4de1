package readproc

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// Program is how the processes are started that read.
type Program struct {
	// Path and Args are a command of this very program, Args[0] being its name as
	// in [os.Args], that does nothing but [Serve]. It gets no environment.
	Path string
	Args []string

	Limits Limits
	Log    *slog.Logger // told what was seen of a process that failed; nil: nobody
}

// Open opens a file in a process of its own, as [sheet.Open] does in this one,
// and with the errors that it has; an [*Error] is for a process that failed. The
// process ends when the book is closed or ctx is done, at once.
func (p *Program) Open(ctx context.Context, f *os.File, size int64, l sheet.Limits) (*Book, error) {
	o := opening{Size: size, Sheets: l, Process: p.Limits.withDefaults()}
	proc, err := p.start(ctx, f, &o)
	if err != nil {
		return nil, fmt.Errorf("cannot start a process that reads the file: %w", err)
	}
	b := &Book{process: proc}
	if err := b.open(o); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

// ToMark starts processes that are given three times as long, as one needs that
// also marks a copy.
func (p *Program) ToMark() *Program {
	q := *p
	q.Limits = p.Limits.forMarking()
	return &q
}

// open waits until the process has opened the file.
func (b *Book) open(o opening) error {
	if err := b.process.tell(o); err != nil {
		return err
	}
	kind, frame, err := b.process.answer(nil)
	if err != nil {
		return err
	}
	if kind == frameRefused {
		return b.refused(frame)
	}
	if err := decode(frame, &b.about); err != nil {
		return b.process.failed(err)
	}
	if err := b.about.check(); kind != frameBook || err != nil {
		return b.process.failed(err)
	}
	return nil
}
