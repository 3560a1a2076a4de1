package readproc

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// exitOverMemory is what a process ends with that watches its memory itself.
const exitOverMemory = 9

// Serve is all that a process of a [Program] does: it answers on out what in asks
// for, until in ends. It first takes from this process most of what it might do.
func Serve(in io.Reader, out io.Writer) error {
	asked := json.NewDecoder(in)
	var o opening
	if err := asked.Decode(&o); err != nil {
		return fmt.Errorf("this is how takhti reads a file for itself: %w", err)
	}
	if err := confine(o.Process.withDefaults()); err != nil {
		return err
	}
	f, err := handed(&o)
	if err != nil {
		return err
	}
	defer f.Close()
	return serve(asked, out, o, f)
}

// serve answers what is asked of the file.
func serve(asked *json.Decoder, out io.Writer, o opening, file io.ReaderAt) error {
	s := server{asks: make(chan request), out: frameWriter{w: out}}
	s.out.begin()
	var err error
	if s.book, err = sheet.Open(file, o.Size, o.Sheets); err != nil {
		return s.refuse(frameRows, err)
	}
	about := bookAnswer{Version: version, Sheets: s.book.Sheets(), Date1904: s.book.Date1904(), Dialect: s.book.Dialect()}
	if err := s.answer(frameBook, about); err != nil {
		return err
	}
	done := make(chan struct{})
	defer close(done)
	go s.listen(asked, done)
	return s.run()
}

// server answers requests. One that comes while another is answered ends that.
type server struct {
	book  *sheet.Book
	out   frameWriter
	asks  chan request
	ahead *request // came while another was answered
}

// listen takes requests in until there are no more, or until done.
func (s *server) listen(asked *json.Decoder, done <-chan struct{}) {
	defer close(s.asks)
	for {
		var r request
		if asked.Decode(&r) != nil {
			return // whoever asked is gone
		}
		select {
		case s.asks <- r:
		case <-done:
			return
		}
	}
}

// run answers until nobody asks.
func (s *server) run() error {
	for {
		r, more := s.take()
		if !more {
			return nil
		}
		answer := s.rows
		switch {
		case r.Extent:
			answer = s.extent
		case r.Mark != nil:
			answer = s.mark
		}
		if err := answer(r); err != nil {
			return err
		}
	}
}

func (s *server) take() (r request, more bool) {
	if s.ahead != nil {
		r, s.ahead = *s.ahead, nil
		return r, true
	}
	r, more = <-s.asks
	return r, more
}

// superseded says whether something else was asked for, or nobody asks any more.
func (s *server) superseded() bool {
	select {
	case r, more := <-s.asks:
		if more {
			s.ahead = &r
		}
		return true
	default:
		return false
	}
}

// rows answers with the rows of a sheet.
func (s *server) rows(r request) error {
	sent := 0
	for row, err := range s.book.Rows(r.Sheet) {
		if err != nil {
			return s.refuse(frameRows, err)
		}
		if row.Number <= r.After {
			continue
		}
		s.out.buf = appendRow(s.out.buf, row)
		sent++
		if s.out.size() < usualFrame {
			continue
		}
		if err := s.out.send(frameRows); err != nil {
			return err
		}
		if s.superseded() {
			return s.out.send(frameSuperseded)
		}
	}
	return s.whole(frameRows, wholeAnswer{Sent: sent})
}

// extent answers with how far a sheet goes.
func (s *server) extent(r request) error {
	e, err := s.book.Extent(r.Sheet)
	if err != nil {
		return s.refuse(frameMerges, err)
	}
	for _, m := range e.Merges {
		s.out.buf = appendMerge(s.out.buf, m)
		if s.out.size() < usualFrame {
			continue
		}
		if err := s.out.send(frameMerges); err != nil {
			return err
		}
	}
	w := wholeAnswer{Sent: len(e.Merges), Extent: e}
	w.Extent.Merges = nil
	return s.whole(frameMerges, w)
}

// whole ends a pass that saw all of a sheet; of the kind given there may be some
// that were not sent yet.
func (s *server) whole(rest frameKind, w wholeAnswer) error {
	if err := s.flush(rest); err != nil {
		return err
	}
	return s.answer(frameWhole, w)
}

// refuse ends a pass with the reader's error.
func (s *server) refuse(rest frameKind, err error) error {
	a, err := refusedBy(err)
	if err != nil {
		return err
	}
	if err := s.flush(rest); err != nil {
		return err
	}
	return s.answer(frameRefused, a)
}

func (s *server) flush(kind frameKind) error {
	if s.out.size() == 0 {
		return nil
	}
	return s.out.send(kind)
}

func (s *server) answer(kind frameKind, a any) error {
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	s.out.buf = append(s.out.buf, text...)
	return s.out.send(kind)
}
