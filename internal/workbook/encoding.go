package workbook

import (
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// textEncoding is how a text file writes its characters.
type textEncoding uint8

const (
	encUTF8 textEncoding = iota + 1
	encUTF16LE
	encUTF16BE
	encWindows1252 // Western Europe
	encWindows1256 // Arabic and Urdu
)

var encodingNames = [...]string{"", "UTF-8", "UTF-16", "UTF-16", "Windows-1252 (Western)", "Windows-1256 (Arabic and Urdu)"}

// encodingByMarks recognises a byte order mark, or what UTF-16 leaves in every
// other byte of text: zeros and, in Urdu, sixes; zero when there is neither.
func encodingByMarks(head []byte) textEncoding {
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		return encUTF8
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
		return encUTF16LE
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return encUTF16BE
	}
	var zeros, upper [2]int
	for i, c := range head {
		switch c {
		case 0:
			zeros[i%2]++
			upper[i%2]++
		case 6: // of the Arabic letters
			upper[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case half > 1 && zeros[0] == 0 && zeros[1] > 0 && upper[1] > half*3/4:
		return encUTF16LE
	case half > 1 && zeros[1] == 0 && zeros[0] > 0 && upper[0] > half*3/4:
		return encUTF16BE
	}
	return 0
}

// detectEncoding reads the whole file: one wrong byte at its end tells as much
// as one at its beginning.
func detectEncoding(f File) (textEncoding, error) {
	buf := make([]byte, 256<<10)
	r := io.NewSectionReader(f.Data, 0, f.Size)
	kept, legal := 0, true
	var high highBytes
	for first := true; ; first = false {
		n, err := io.ReadFull(r, buf[kept:])
		chunk := buf[:kept+n]
		if first {
			if e := encodingByMarks(chunk[:min(len(chunk), 4096)]); e != 0 {
				return e, nil
			}
		}
		high.count(chunk[kept:])
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			return 0, err
		}
		rest := incompleteRune(chunk)
		if last {
			rest = 0
		}
		legal = legal && utf8.Valid(chunk[:len(chunk)-rest])
		switch {
		case last && legal:
			return encUTF8, nil
		case last:
			return high.encoding(), nil
		}
		kept = copy(buf, chunk[len(chunk)-rest:])
	}
}

// incompleteRune is how many bytes at the end of b begin a character that does
// not end there.
func incompleteRune(b []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		if utf8.RuneStart(b[len(b)-n]) {
			if utf8.FullRune(b[len(b)-n:]) {
				return 0
			}
			return n
		}
	}
	return 0
}

// highBytes tells Arabic script from accented Latin: in the one, whole words
// consist of bytes over 127; in the other they stand alone.
type highBytes struct {
	all, paired int
	before      bool
}

func (h *highBytes) count(b []byte) {
	for _, c := range b {
		high := c >= 0x80
		if high {
			h.all++
			if h.before {
				h.paired++
			}
		}
		h.before = high
	}
}

func (h *highBytes) encoding() textEncoding {
	if h.paired*2 > h.all {
		return encWindows1256
	}
	return encWindows1252
}

// decode turns the file into UTF-8 without a byte order mark.
func (e textEncoding) decode(r io.Reader) io.Reader {
	var from encoding.Encoding
	switch e {
	case encUTF16LE:
		from = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case encUTF16BE:
		from = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	case encWindows1252:
		from = charmap.Windows1252
	case encWindows1256:
		from = charmap.Windows1256
	default:
		from = unicode.UTF8BOM
	}
	return from.NewDecoder().Reader(r)
}
