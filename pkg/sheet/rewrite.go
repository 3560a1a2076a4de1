package sheet

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

// rewriter copies a document, byte for byte, while its scanner reads it, but for
// what its user puts in, replaces or leaves out. The copy is in UTF-8.
type rewriter struct {
	x       *scanner
	out     *bufio.Writer // remembers its first error
	done    int64         // how much of the document was copied or left out
	leaving bool          // what is read is left out
	prefix  string        // of the names of the document's own elements, with its colon
}

const xmlDeclaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

// rewrite copies a part to w while visit reads it. What stands before the part's
// root gives way to a declaration of our own.
func (a *archive) rewrite(name string, limit int64, w io.Writer, visit func(*rewriter) error) error {
	return a.read(name, limit, func(x *scanner) error {
		r := &rewriter{x: x, out: bufio.NewWriterSize(w, 64<<10)}
		if err := r.root(); err != nil {
			return err
		}
		x.spill = func() { r.upTo(x.at()) }
		if err := visit(r); err != nil {
			return err
		}
		r.upTo(x.at())
		return r.out.Flush()
	})
}

// root reads the root's tag.
func (r *rewriter) root() error {
	tok, err := r.x.next()
	if err != nil {
		return err
	}
	if tok != tokenStart {
		return damagedf("it is empty")
	}
	r.done = r.x.begin
	r.prefix = string(r.x.full[:len(r.x.full)-len(r.x.name)])
	r.put(xmlDeclaration)
	return nil
}

// next is the scanner's next start or end tag; texts are copied. It is tokenDone
// at the end of the document.
func (r *rewriter) next() (token, error) {
	for {
		if tok, err := r.x.next(); err != nil || tok != tokenText {
			return tok, err
		}
	}
}

func (r *rewriter) put(pieces ...string) {
	for _, s := range pieces {
		_, _ = r.out.WriteString(s) // told by Flush
	}
}

// upTo copies up to an offset of the document.
func (r *rewriter) upTo(offset int64) {
	if offset <= r.done {
		return
	}
	if !r.leaving {
		_, _ = r.out.Write(r.x.buf[r.done-r.x.offset : offset-r.x.offset])
	}
	r.done = offset
}

// before copies up to the last token.
func (r *rewriter) before() { r.upTo(r.x.begin) }

// tag is the last tag as the document has it.
func (r *rewriter) tag() []byte { return r.x.buf[r.x.begin-r.x.offset : r.x.pos] }

// replace puts a text in the place of the last token.
func (r *rewriter) replace(text []byte) {
	r.before()
	_, _ = r.out.Write(text)
	r.done = r.x.at()
}

// drop leaves out the element that was just opened.
func (r *rewriter) drop() error {
	r.before()
	r.leaving = true
	err := r.x.skip()
	r.done, r.leaving = r.x.at(), false
	return err
}

// take reads the element that was just opened to its end, leaves it out and gives
// it as the document has it.
func (r *rewriter) take() ([]byte, error) {
	var kept bytes.Buffer
	out := r.out
	r.before()
	r.out = bufio.NewWriter(&kept)
	err := r.x.skip()
	r.upTo(r.x.at())
	_ = r.out.Flush() // into memory
	r.out = out
	return kept.Bytes(), err
}

// fill replaces the empty element that was just read by one that holds content.
func (r *rewriter) fill(tag []byte, content ...string) {
	tag = bytes.TrimRight(bytes.TrimSuffix(tag, []byte("/>")), " \t\r\n")
	name := string(r.x.full)
	r.replace(append(bytes.Clone(tag), '>'))
	r.put(content...)
	r.put("</", name, ">")
}

// attrIn finds an attribute in a tag: where it begins, with the blank before it,
// and where its value does and ends. Its beginning is negative when there is none.
func attrIn(tag []byte, name string) (from, value, end int) {
	var quote byte
	for i, c := range tag {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case isBlank(c) && bytes.HasPrefix(tag[i+1:], []byte(name)):
			at := skipBlanks(tag, i+1+len(name))
			if at == len(tag) || tag[at] != '=' {
				continue
			}
			value := skipBlanks(tag, at+1) + 1
			if value > len(tag) {
				return -1, 0, 0
			}
			length := bytes.IndexByte(tag[value:], tag[value-1])
			if length < 0 {
				return -1, 0, 0
			}
			return i, value, value + length
		}
	}
	return -1, 0, 0
}

// withAttr is a tag in which an attribute, which needs no escaping, has the value;
// none when the value is empty.
func withAttr(tag []byte, name, value string) []byte {
	from, at, end := attrIn(tag, name)
	switch {
	case from >= 0 && value == "":
		return append(bytes.Clone(tag[:from]), tag[end+1:]...)
	case from >= 0:
		return append(append(bytes.Clone(tag[:at]), value...), tag[end:]...)
	case value == "":
		return tag
	}
	i := 1
	for i < len(tag) && nameBytes[tag[i]] {
		i++
	}
	return append(append(bytes.Clone(tag[:i]), ` `+name+`="`+value+`"`...), tag[i:]...)
}

// attrOf is an attribute's value as the tag has it.
func attrOf(tag []byte, name string) string {
	from, at, end := attrIn(tag, name)
	if from < 0 {
		return ""
	}
	return string(tag[at:end])
}

const maxCellText = 32767 // characters that Excel takes in a cell

// xmlText is a text as an element or an attribute holds it, no longer than a cell
// may be, without characters that XML does not know.
func xmlText(s string) string {
	var b strings.Builder
	n := 0
	for i, r := range s {
		if n++; n > maxCellText {
			break
		}
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case r == '_':
			if _, ok := escaped([]byte(s[i:])); ok {
				b.WriteString("_x005F") // of an underscore that is no escape
			}
			b.WriteByte('_')
		case r < ' ' && r != '\n' && r != '\t', r == utf8.RuneError, r == '\uFFFE', r == '\uFFFF':
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
