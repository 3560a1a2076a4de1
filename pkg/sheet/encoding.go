package sheet

import (
	"bytes"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// Encoding is how a text file writes its characters.
type Encoding uint8

const (
	UTF8 Encoding = iota + 1
	UTF16LE
	UTF16BE
	Windows1252 // Western Europe
	Windows1256 // Arabic and Urdu
)

var encodingNames = [...]string{"", "UTF-8", "UTF-16", "UTF-16", "Windows-1252", "Windows-1256"}

func (e Encoding) String() string { return encodingNames[e] }

var (
	markUTF8    = []byte("\xEF\xBB\xBF")
	markUTF16LE = []byte("\xFF\xFE")
	markUTF16BE = []byte("\xFE\xFF")
)

// encodingByMarks recognises a byte order mark, or what UTF-16 leaves in every
// other byte of text: zeros and, in Arabic script, sixes.
func encodingByMarks(head []byte) (e Encoding, ok bool) {
	switch {
	case bytes.HasPrefix(head, markUTF8):
		return UTF8, true
	case bytes.HasPrefix(head, markUTF16LE):
		return UTF16LE, true
	case bytes.HasPrefix(head, markUTF16BE):
		return UTF16BE, true
	}
	var zeros, usual [2]int // in bytes of even and of odd places
	for i, c := range head {
		switch c {
		case 0:
			zeros[i%2]++
			usual[i%2]++
		case 6:
			usual[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case half > 1 && zeros[0] == 0 && zeros[1] > 0 && usual[1] > half*3/4:
		return UTF16LE, true
	case half > 1 && zeros[1] == 0 && zeros[0] > 0 && usual[0] > half*3/4:
		return UTF16BE, true
	}
	return 0, false
}

// decoder is the reader that turns src into UTF-8, without a byte order mark.
func (e Encoding) decoder(src io.Reader) io.Reader {
	switch e {
	case UTF16LE, UTF16BE:
		return &transcoder{src: src, step: decodeUTF16(e), first: true}
	case Windows1252:
		return &transcoder{src: src, step: decodeByTable(&windows1252)}
	case Windows1256:
		return &transcoder{src: src, step: decodeByTable(&windows1256)}
	}
	return &transcoder{src: src, step: copyUTF8, first: true}
}

// decodeMarkup is the reader of an XML part in UTF-8, whether it was written in
// that or in UTF-16.
func decodeMarkup(src io.Reader) (io.Reader, error) {
	head := make([]byte, 4)
	n, err := io.ReadFull(src, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	head = head[:n]
	if err == nil {
		src = io.MultiReader(bytes.NewReader(head), src)
	} else {
		src = bytes.NewReader(head)
	}
	switch {
	case bytes.HasPrefix(head, markUTF16LE), bytes.HasPrefix(head, []byte("<\x00?\x00")):
		return UTF16LE.decoder(src), nil
	case bytes.HasPrefix(head, markUTF16BE), bytes.HasPrefix(head, []byte("\x00<\x00?")):
		return UTF16BE.decoder(src), nil
	case bytes.HasPrefix(head, markUTF8):
		return UTF8.decoder(src), nil
	}
	return src, nil
}

// transcoder reads src in pieces and gives what step makes of them.
type transcoder struct {
	src   io.Reader
	step  func(dst, src []byte, last bool) (out []byte, used int, err error)
	first bool // a byte order mark may still come

	in      [16 << 10]byte
	kept    int // bytes of in that wait for the rest of their character
	out     []byte
	pending []byte // of out
	err     error
}

func (t *transcoder) Read(p []byte) (int, error) {
	for len(t.pending) == 0 {
		if t.err != nil {
			return 0, t.err
		}
		t.fill()
	}
	n := copy(p, t.pending)
	t.pending = t.pending[n:]
	return n, nil
}

func (t *transcoder) fill() {
	n, err := io.ReadAtLeast(t.src, t.in[t.kept:], 1)
	if err != nil && err != io.EOF {
		t.err = err
		return
	}
	data := t.in[:t.kept+n]
	out, used, failed := t.step(t.out[:0], data, err == io.EOF)
	t.out, t.pending = out, out
	t.kept = copy(t.in[:], data[used:])
	if t.first && len(out) > 0 {
		t.first = false
		t.pending = bytes.TrimPrefix(out, markUTF8)
	}
	if t.err = failed; failed == nil && err == io.EOF {
		t.err = io.EOF
	}
}

// copyUTF8 gives whole characters only, so that a mark is seen whole.
func copyUTF8(dst, src []byte, last bool) ([]byte, int, error) {
	n := len(src)
	if !last {
		n -= incompleteRune(src)
	}
	return append(dst, src[:n]...), n, nil
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

var errNotUTF16 = damagedf("it holds half a character of UTF-16")

func decodeUTF16(e Encoding) func(dst, src []byte, last bool) ([]byte, int, error) {
	low, high := 0, 1
	if e == UTF16BE {
		low, high = 1, 0
	}
	unit := func(b []byte) rune { return rune(b[low]) | rune(b[high])<<8 }
	return func(dst, src []byte, last bool) ([]byte, int, error) {
		i := 0
		for ; i+2 <= len(src); i += 2 {
			r := unit(src[i:])
			if !utf16.IsSurrogate(r) {
				dst = utf8.AppendRune(dst, r)
				continue
			}
			if i+4 > len(src) {
				if last {
					return dst, i, errNotUTF16
				}
				break
			}
			if r = utf16.DecodeRune(r, unit(src[i+2:])); r == utf8.RuneError {
				return dst, i, errNotUTF16
			}
			dst = utf8.AppendRune(dst, r)
			i += 2
		}
		if last && i < len(src) {
			return dst, i, errNotUTF16
		}
		return dst, i, nil
	}
}

func decodeByTable(table *[128]uint16) func(dst, src []byte, last bool) ([]byte, int, error) {
	return func(dst, src []byte, _ bool) ([]byte, int, error) {
		for _, c := range src {
			if c < 0x80 {
				dst = append(dst, c)
			} else {
				dst = utf8.AppendRune(dst, rune(table[c-0x80]))
			}
		}
		return dst, len(src), nil
	}
}

// windows1252 is the upper half of the code page. Five of its places are empty;
// a file that uses them is not in Windows-1252.
var windows1252 = func() (t [128]uint16) {
	copy(t[:], []uint16{
		0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
		0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
	})
	for i := 32; i < len(t); i++ {
		t[i] = uint16(0x80 + i)
	}
	return t
}()

// windows1256 is the upper half of the code page for Arabic script, Urdu and
// Persian letters among it.
var windows1256 = [128]uint16{
	0x20AC, 0x067E, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0679, 0x2039, 0x0152, 0x0686, 0x0698, 0x0688,
	0x06AF, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x06A9, 0x2122, 0x0691, 0x203A, 0x0153, 0x200C, 0x200D, 0x06BA,
	0x00A0, 0x060C, 0x00A2, 0x00A3, 0x00A4, 0x00A5, 0x00A6, 0x00A7, 0x00A8, 0x00A9, 0x06BE, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x00AF,
	0x00B0, 0x00B1, 0x00B2, 0x00B3, 0x00B4, 0x00B5, 0x00B6, 0x00B7, 0x00B8, 0x00B9, 0x061B, 0x00BB, 0x00BC, 0x00BD, 0x00BE, 0x061F,
	0x06C1, 0x0621, 0x0622, 0x0623, 0x0624, 0x0625, 0x0626, 0x0627, 0x0628, 0x0629, 0x062A, 0x062B, 0x062C, 0x062D, 0x062E, 0x062F,
	0x0630, 0x0631, 0x0632, 0x0633, 0x0634, 0x0635, 0x0636, 0x00D7, 0x0637, 0x0638, 0x0639, 0x063A, 0x0640, 0x0641, 0x0642, 0x0643,
	0x00E0, 0x0644, 0x00E2, 0x0645, 0x0646, 0x0647, 0x0648, 0x00E7, 0x00E8, 0x00E9, 0x00EA, 0x00EB, 0x0649, 0x064A, 0x00EE, 0x00EF,
	0x064B, 0x064C, 0x064D, 0x064E, 0x00F4, 0x064F, 0x0650, 0x00F7, 0x0651, 0x00F9, 0x0652, 0x00FB, 0x00FC, 0x200E, 0x200F, 0x06D2,
}
