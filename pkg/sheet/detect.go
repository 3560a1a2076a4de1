package sheet

import (
	"io"
	"unicode/utf8"
)

// detectEncoding reads the whole file: one wrong byte at its end tells as much
// as one at its beginning.
func detectEncoding(r io.Reader) (Encoding, error) {
	buf := make([]byte, 256<<10)
	var seen highBytes
	kept := 0
	for first := true; ; first = false {
		n, err := io.ReadFull(r, buf[kept:])
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			return 0, err
		}
		chunk := buf[:kept+n]
		if first {
			if e, ok := encodingByMarks(chunk[:min(len(chunk), 4096)]); ok && e != UTF8 {
				return e, nil
			}
		}
		rest := 0
		if !last {
			rest = incompleteRune(chunk)
		}
		seen.count(chunk[:len(chunk)-rest])
		if last {
			return seen.encoding()
		}
		kept = copy(buf, chunk[len(chunk)-rest:])
	}
}

// highBytes is what the bytes over 127 of a file tell of its encoding.
type highBytes struct {
	offset     int64 // of what comes next
	characters int   // of more than one byte, legal in UTF-8
	broken     int   // bytes that are not legal in UTF-8
	firstBreak int64 // where the first of them lies

	// In Arabic script whole words consist of high bytes; in Latin script each
	// stands among letters of ASCII.
	besideHigh, besideLetter int
	notWestern               int // those that Windows-1252 has no character for
	before                   byte
}

func (h *highBytes) count(b []byte) {
	if h.broken == 0 && h.before < 0x80 && isASCII(b) {
		if len(b) > 0 {
			h.before = b[len(b)-1]
		}
		h.offset += int64(len(b))
		return
	}
	for i := 0; i < len(b); i++ {
		h.neighbours(b[i])
	}
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r != utf8.RuneError || n > 1 {
			h.characters++
		} else {
			if h.broken == 0 {
				h.firstBreak = h.offset + int64(i)
			}
			h.broken++
		}
		i += n
	}
	h.offset += int64(len(b))
}

func isASCII(b []byte) bool {
	for len(b) >= 8 {
		if (b[0]|b[1]|b[2]|b[3]|b[4]|b[5]|b[6]|b[7])&0x80 != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

func (h *highBytes) neighbours(c byte) {
	high := c >= 0x80
	switch {
	case high && h.before >= 0x80:
		h.besideHigh++
	case high && isLetter(h.before), h.before >= 0x80 && isLetter(c):
		h.besideLetter++
	}
	if high && windows1252[c-0x80] == utf8.RuneError {
		h.notWestern++
	}
	h.before = c
}

func isLetter(c byte) bool { c |= 0x20; return c >= 'a' && c <= 'z' }

// encoding decides. A file that is UTF-8 but for a few bytes is no file in a
// code page: every letter beyond ASCII would be read wrongly.
func (h *highBytes) encoding() (Encoding, error) {
	switch {
	case h.broken == 0:
		return UTF8, nil
	case h.characters > 4*h.broken:
		return 0, &Error{Code: CodeDamaged, Offset: h.firstBreak, Message: "the file is damaged: it is written in UTF-8, but for some bytes that are no characters. Save it anew, as .xlsx or as CSV UTF-8, and send that"}
	case h.notWestern > 0 || h.besideHigh > h.besideLetter:
		return Windows1256, nil
	}
	return Windows1252, nil
}
