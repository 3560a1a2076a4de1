package sheet

import "encoding/binary"

// sharedTexts is a workbook's table of texts: in blocks, each text behind its
// length, so that a million of them cost little more than their letters.
type sharedTexts struct {
	blocks [][]byte
	starts []uint32 // block number and offset in it
}

const (
	blockBits = 20
	blockSize = 1 << blockBits
)

// get is text i, which must be in range. It is not to be changed.
func (s *sharedTexts) get(i int) []byte {
	at := s.starts[i]
	b := s.blocks[at>>blockBits][at&(blockSize-1):]
	if n := int(b[0]); n < 0x80 {
		return b[1 : 1+n : 1+n]
	}
	n, head := binary.Uvarint(b)
	return b[head : head+int(n) : head+int(n)]
}

func (s *sharedTexts) add(text []byte) {
	last := len(s.blocks) - 1
	need := len(text) + binary.MaxVarintLen32
	if last < 0 || len(s.blocks[last]) >= blockSize || cap(s.blocks[last])-len(s.blocks[last]) < need {
		s.blocks = append(s.blocks, make([]byte, 0, max(blockSize, need)))
		last++
	}
	b := s.blocks[last]
	s.starts = append(s.starts, uint32(last)<<blockBits|uint32(len(b)))
	b = binary.AppendUvarint(b, uint64(len(text)))
	s.blocks[last] = append(b, text...)
}

// texts reads the table of shared texts.
func (a *archive) texts(part string) (*sharedTexts, error) {
	s := &sharedTexts{}
	if part == "" || a.parts[partName(part)] == nil {
		return s, nil // a cell that points to a text is refused
	}
	err := a.read(part, a.limits.Strings, func(x *scanner) error { return s.read(x, a.limits) })
	return s, err
}

func (s *sharedTexts) read(x *scanner, l Limits) error {
	var text []byte
	for {
		if len(s.starts) > l.SharedTexts || len(s.blocks) >= 1<<(32-blockBits) {
			return tooLargef("there are more than %d different texts", l.SharedTexts)
		}
		if s.quickShared(x, &text) {
			continue
		}
		tok, err := x.next()
		if err != nil || tok == tokenDone {
			return err
		}
		if tok != tokenStart || string(x.name) != "si" || x.level() != 2 {
			continue
		}
		if text, err = readRichText(x, text[:0], l.Text); err != nil {
			return err
		}
		s.add(text)
	}
}

// readRichText appends the text inside the element that was just opened, which
// may come in runs; how it is pronounced, in East Asian workbooks, is left out.
func readRichText(x *scanner, dst []byte, limit int) ([]byte, error) {
	if x.isEmpty {
		return dst, nil
	}
	from, outside := len(dst), x.depth()-1
	skip := 0 // the depth of the element being left out
	inText := false
	for {
		tok, err := x.next()
		if err != nil {
			return dst, err
		}
		switch {
		case tok == tokenText:
			if inText {
				dst = x.appendText(dst)
				if len(dst)-from > limit {
					return dst, tooLargef("a text is longer than %d bytes", limit)
				}
			}
		case tok == tokenEnd:
			inText = false
			if x.depth() == outside {
				return append(dst[:from], unescape(dst[from:])...), nil
			}
			if x.depth() < skip {
				skip = 0
			}
		case x.isEmpty || skip > 0:
		case string(x.name) == "rPh":
			skip = x.depth()
		case string(x.name) == "t":
			inText = true
		}
	}
}
