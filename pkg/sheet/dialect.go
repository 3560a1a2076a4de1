package sheet

import (
	"bytes"
	"errors"
	"io"
)

// Dialect is how a text file was read: nothing in such a file says, so it is
// guessed from what the file holds, and can be shown to whoever sent it.
type Dialect struct {
	Encoding  Encoding
	Separator byte // of fields: comma, semicolon, tab or bar
}

var separatorNames = map[byte]string{',': "comma", ';': "semicolon", '\t': "tab", '|': "bar"}

// String says it in words, such as "Windows-1256, semicolon"; nothing for the
// zero value.
func (d Dialect) String() string {
	if d == (Dialect{}) {
		return ""
	}
	return d.Encoding.String() + ", " + separatorNames[d.Separator]
}

// Dialect says how a text file was read. It is zero for a workbook.
func (b *Book) Dialect() Dialect {
	if b.text == nil {
		return Dialect{}
	}
	return b.text.dialect
}

// textFile is a .csv or .tsv file.
type textFile struct {
	r         io.ReaderAt
	size      int64
	limits    Limits
	dialect   Dialect
	announced bool // its first line only names the separator
}

func openText(r io.ReaderAt, size int64, l Limits) (*Book, error) {
	f := &textFile{r: r, size: size, limits: l}
	enc, err := detectEncoding(io.NewSectionReader(r, 0, size))
	if err != nil {
		return nil, locate(err, Error{})
	}
	f.dialect.Encoding = enc
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(f.decoded(), head)
	var d *defect
	whole := err == io.EOF || err == io.ErrUnexpectedEOF
	if err != nil && !whole && !errors.As(err, &d) { // Rows tells where a defect lies
		return nil, locate(err, Error{})
	}
	head = head[:n]
	if whole && len(bytes.TrimSpace(head)) == 0 {
		return nil, refusal(CodeEmpty, "the file holds nothing but blanks")
	}
	if sep, ok := announcedSeparator(head); ok {
		f.dialect.Separator, f.announced = sep, true
	} else {
		f.dialect.Separator = guessSeparator(head, !whole, l)
	}
	return &Book{limits: l, sheets: []Sheet{{State: Visible}}, text: f}, nil
}

func (f *textFile) decoded() io.Reader {
	return f.dialect.Encoding.decoder(io.NewSectionReader(f.r, 0, f.size))
}

// announcedSeparator reads a first line such as sep=; which Excel takes for an
// instruction and does not show.
func announcedSeparator(head []byte) (byte, bool) {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	line = bytes.Trim(line, "\"\r")
	if len(line) != len("sep=;") || !hasFold(string(line), "sep=") {
		return 0, false
	}
	_, known := separatorNames[line[4]]
	return line[4], known
}

// guessSeparator finds the one by which most of the first lines fall into the
// same number of fields.
func guessSeparator(head []byte, cut bool, l Limits) byte {
	best, bestScore := byte(','), 0
	for _, sep := range []byte(",;\t|") {
		if score := separatorScore(head, cut, sep, l); score > bestScore {
			best, bestScore = sep, score
		}
	}
	return best
}

func separatorScore(head []byte, cut bool, sep byte, l Limits) int {
	const enough = 50
	records := newRecords(bytes.NewReader(head), sep, l)
	lines := map[int]int{} // by their number of fields
	for range enough {
		err := records.next()
		if err != nil || cut && records.atEnd() {
			break
		}
		lines[records.fields]++
	}
	score := 0
	for fields, n := range lines {
		if fields > 1 {
			score = max(score, n*n*1000+fields)
		}
	}
	return score
}
