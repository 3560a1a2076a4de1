package workbook

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"iter"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// openText opens a .csv or .tsv file in whatever encoding and with whatever
// separator it was written.
func openText(f File) (*book, error) {
	enc, err := detectEncoding(f)
	if err != nil {
		return nil, err
	}
	text := func() io.Reader { return enc.decode(io.NewSectionReader(f.Data, 0, f.Size)) }
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(text(), head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	head = head[:n]
	if len(bytes.TrimSpace(head)) == 0 && int64(n) >= f.Size {
		return nil, fleet.Invalidf("file.empty", "the file holds nothing but blanks")
	}
	comma := sniffComma(head)
	s := sheet{name: f.base(), filled: -1}
	s.rows = func(ctx context.Context) iter.Seq2[row, error] {
		return readAhead(ctx, func(yield func(row) bool) error {
			return newCSVReader(text(), comma).read(yield)
		})
	}
	b := &book{sheets: []sheet{s}, close: func() error { return nil }}
	if enc >= encWindows1252 {
		b.notes = append(b.notes, "The file is not in UTF-8; it was read as "+encodingNames[enc]+". If letters look wrong, save it as .xlsx or as CSV UTF-8.")
	}
	return b, nil
}

// sniffComma finds the separator: the one by which most of the first lines fall
// into the same number of fields.
func sniffComma(head []byte) byte {
	best, bestScore := byte(','), 0
	for _, comma := range []byte(",;\t|") {
		if score := commaScore(head, comma); score > bestScore {
			best, bestScore = comma, score
		}
	}
	return best
}

func commaScore(head []byte, comma byte) int {
	widths := map[int]int{}
	lines := 0
	_ = newCSVReader(bytes.NewReader(head), comma).read(func(r row) bool {
		widths[len(r.cells)]++
		lines++
		return lines < 30
	})
	score := 0
	for width, n := range widths {
		if width > 1 {
			score = max(score, n*n*1000+width)
		}
	}
	return score
}

// csvReader reads records as Excel does: a line end may be CR, LF or both, a
// quoted field may hold separators and line ends, a quote inside it is doubled.
// Unlike encoding/csv it counts blank lines, so that rows have the numbers that
// Excel shows, and it takes a lone CR for the end of a line.
type csvReader struct {
	r     *bufio.Reader
	comma byte
	row   int
	text  []byte // the fields of the record, one after the other
	ends  []int
}

func newCSVReader(r io.Reader, comma byte) *csvReader {
	return &csvReader{r: bufio.NewReaderSize(r, 64<<10), comma: comma}
}

// maxRecord bounds one record, so that a quote that is never closed is noticed
// before the file's end.
const maxRecord = 1 << 20

var errLongRecord = errors.New("record too long")

func (c *csvReader) read(yield func(row) bool) error {
	for {
		err := c.record()
		if err != nil && err != io.EOF {
			return c.explain(err)
		}
		if r := c.fields(); !r.blank() && !yield(r) {
			return nil
		}
		if err == io.EOF {
			return nil
		}
	}
}

func (c *csvReader) explain(err error) error {
	if err == errLongRecord || err == io.ErrUnexpectedEOF {
		return fleet.Invalidf("file.damaged", `the text in quotes that begins in row %d never ends: close it with ", or save the file anew from Excel`, c.row)
	}
	return err
}

// record reads up to the end of a line that is not inside quotes.
func (c *csvReader) record() error {
	c.row++
	c.text, c.ends = c.text[:0], c.ends[:0]
	for {
		end, err := c.field()
		c.ends = append(c.ends, len(c.text))
		if end || err != nil {
			return err
		}
		if len(c.text) > maxRecord || len(c.ends) > maxExcelColumns {
			return errLongRecord
		}
	}
}

// field reads one field; end says that the line ends behind it.
func (c *csvReader) field() (end bool, err error) {
	b, err := c.r.ReadByte()
	if err == nil && b == '"' {
		if err = c.quoted(); err != nil {
			return true, err
		}
		b, err = c.r.ReadByte()
	}
	for ; err == nil; b, err = c.r.ReadByte() {
		switch b {
		case c.comma:
			return false, nil
		case '\n':
			return true, nil
		case '\r':
			if next, err := c.r.Peek(1); err == nil && next[0] == '\n' {
				_, _ = c.r.Discard(1)
			}
			return true, nil
		}
		c.text = append(c.text, b)
	}
	return true, err
}

// quoted reads behind an opening quote up to and with the closing one.
func (c *csvReader) quoted() error {
	for {
		b, err := c.r.ReadByte()
		if err == io.EOF {
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		if b == '"' {
			next, err := c.r.Peek(1)
			if err != nil || next[0] != '"' {
				return nil
			}
			_, _ = c.r.Discard(1)
		}
		c.text = append(c.text, b)
		if len(c.text) > maxRecord {
			return errLongRecord
		}
	}
}

// fields cuts the record into cells, with one allocation for their text.
func (c *csvReader) fields() row {
	text := string(c.text)
	cells := make([]string, len(c.ends))
	from := 0
	for i, end := range c.ends {
		cells[i] = text[from:end]
		from = end
	}
	return row{number: c.row, cells: strip(cells)}
}

// strip leaves out the empty cells at the end.
func strip(cells []string) []string {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}
