package sheet

// Nearly all cells are written in one of three ways, each of which is read here
// at a glance. Whatever differs in a byte, or does not lie in the buffer whole,
// is left to the careful reader, so that only that one knows the rules of XML.

// plainBytes are those of which cell names, style numbers and types are made.
var plainBytes = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
	}
	return t
}()

const (
	valueStart  = "<v>"
	valueEnd    = "</v></c>"
	inlineStart = "<is>"
	inlineEnd   = "</t></is></c>"
	textStart   = "<t>"
	spacedStart = `<t xml:space="preserve">`
	sharedStart = "<si>"
	sharedEnd   = "</t></si>"
)

// quickCell reads the cell at the reader's position. It is false when nothing
// was done, because the cell needs a careful look.
func (r *rowReader) quickCell() (done bool, err error) {
	b := r.x.buf[r.x.pos:r.x.end]
	if r.x.careful || !startsWith(b, 0, "<c ") {
		return false, nil
	}
	var t cellTag
	i := t.parse(b, len("<c "))
	if i == 0 {
		return false, nil
	}
	var text []byte
	var seen class
	c := openCell{from: len(r.arena), hasValue: true}
	switch {
	case t.isEmpty:
	case startsWith(b, i, valueStart):
		text, seen, i = quickText(b, i+len(valueStart), valueEnd)
	case startsWith(b, i, inlineStart) && string(t.kind) == "inlineStr":
		c.hasRich = true
		text, seen, i = quickText(b, quickTextStart(b, i+len(inlineStart)), inlineEnd)
	default:
		return false, nil
	}
	if i == 0 || seen != 0 && checkText(text, seen) != nil {
		return false, nil
	}
	if err := r.startCell(&c, t.ref, t.style, t.kind); err != nil {
		return true, err
	}
	r.x.pos += i
	if t.isEmpty {
		return true, nil
	}
	if seen&classDecode == 0 {
		r.arena = append(r.arena, text...)
	} else {
		r.arena = appendDecoded(r.arena, text)
	}
	if c.hasRich {
		r.arena = append(r.arena[:c.from], unescape(r.arena[c.from:])...)
	}
	return true, r.endCell(&c)
}

// cellTag is a cell's start tag with nothing but the usual attributes.
type cellTag struct {
	ref, style, kind []byte
	isEmpty          bool
}

// parse reads the attributes from position i of b; it gives the position behind
// the tag, zero if there is anything unusual.
func (t *cellTag) parse(b []byte, i int) int {
	for i+3 < len(b) {
		if b[i+1] != '=' || b[i+2] != '"' {
			return 0
		}
		from := i + 3
		end := from
		for end < len(b) && plainBytes[b[end]] {
			end++
		}
		if end+2 >= len(b) || b[end] != '"' || !t.set(b[i], b[from:end]) {
			return 0
		}
		switch b[end+1] {
		case ' ':
			i = end + 2
		case '>':
			return end + 2
		case '/':
			t.isEmpty = true
			if b[end+2] == '>' {
				return end + 3
			}
			return 0
		default:
			return 0
		}
	}
	return 0
}

func (t *cellTag) set(name byte, value []byte) bool {
	var to *[]byte
	switch name {
	case 'r':
		to = &t.ref
	case 's':
		to = &t.style
	case 't':
		to = &t.kind
	default:
		return false
	}
	if *to != nil {
		return false
	}
	*to = value
	return true
}

// quickTextStart is the position behind a <t> at position i, zero if there is none.
func quickTextStart(b []byte, i int) int {
	switch {
	case startsWith(b, i, textStart):
		return i + len(textStart)
	case startsWith(b, i, spacedStart):
		return i + len(spacedStart)
	}
	return 0
}

// quickText reads the text from position i up to the next tag, which must be
// end, and gives the position behind that; zero if anything is unusual.
func quickText(b []byte, i int, end string) (text []byte, seen class, next int) {
	if i == 0 {
		return nil, 0, 0
	}
	from := i
	for i < len(b) {
		k := classes[b[i]]
		if k == classTag {
			break
		}
		seen |= k
		i++
	}
	if !startsWith(b, i, end) {
		return nil, 0, 0
	}
	return b[from:i], seen, i + len(end)
}

// quickShared reads a text of the table of shared ones at the scanner's
// position. It is false when nothing was done.
func (s *sharedTexts) quickShared(x *scanner, scratch *[]byte) bool {
	b := x.buf[x.pos:x.end]
	if x.careful || x.depth() != 1 || !startsWith(b, 0, sharedStart) {
		return false
	}
	text, seen, next := quickText(b, quickTextStart(b, len(sharedStart)), sharedEnd)
	if next == 0 || seen != 0 && checkText(text, seen) != nil {
		return false
	}
	x.pos += next
	*scratch = (*scratch)[:0]
	if seen&classDecode == 0 {
		*scratch = append(*scratch, text...)
	} else {
		*scratch = appendDecoded(*scratch, text)
	}
	s.add(unescape(*scratch))
	return true
}

func startsWith(b []byte, i int, s string) bool {
	return len(b)-i >= len(s) && string(b[i:i+len(s)]) == s
}
