package workbook

import (
	"bytes"
	"fmt"
	"io"
)

// xmlReader walks the tokens of an XML part and accepts nothing that
// encoding/xml, as excelize uses it, would stumble over: excelize takes an error
// of its decoder for the end of the sheet, so the error must be found here.
//
// It also bounds what a part may do: depth, the length of one token, no DOCTYPE.
type xmlReader struct {
	src      io.Reader
	buf      []byte
	pos, end int // what was read and not yet used is buf[pos:end]
	eof      bool
	rootSeen bool
	names    []byte // the open elements' names, one after the other
	starts   []int  // where in names each begins
	attrs    []xmlAttr
}

type xmlKind uint8

const (
	xmlStart xmlKind = iota + 1
	xmlEnd
	xmlText // character data inside the root; entities are left as they are
)

// xmlToken is valid until the next one is read.
type xmlToken struct {
	kind  xmlKind
	name  []byte // without its prefix
	empty bool   // <name/>: no end token follows
	attrs []xmlAttr
	text  []byte
}

type xmlAttr struct{ name, value []byte }

const (
	maxXMLDepth = 64
	maxXMLToken = 1 << 20
)

func newXMLReader(src io.Reader) *xmlReader {
	return &xmlReader{src: src, buf: make([]byte, 64<<10)}
}

// xmlError says what is wrong with an XML part.
type xmlError string

func (e xmlError) Error() string { return string(e) }

func xmlErrorf(format string, args ...any) error { return xmlError(fmt.Sprintf(format, args...)) }

// next is the next token, or io.EOF once the root is closed and all was read.
func (x *xmlReader) next() (xmlToken, error) {
	for {
		if x.pos == x.end {
			if err := x.need(1); err != nil {
				return xmlToken{}, err
			}
			if x.pos == x.end {
				return xmlToken{}, x.finished()
			}
		}
		if x.buf[x.pos] != '<' {
			tok, err := x.text()
			if err != nil || len(x.starts) > 0 {
				return tok, err
			}
			continue // blanks outside the root
		}
		tok, err := x.markup()
		if err != nil || tok.kind != 0 {
			return tok, err
		}
	}
}

func (x *xmlReader) finished() error {
	switch {
	case len(x.starts) > 0:
		return xmlErrorf("it ends inside <%s>", x.names[x.starts[len(x.starts)-1]:])
	case !x.rootSeen:
		return xmlErrorf("it is empty")
	}
	return io.EOF
}

// need makes at least n bytes available unless the part ends before.
func (x *xmlReader) need(n int) error {
	for x.end-x.pos < n && !x.eof {
		if x.pos > 0 {
			x.end = copy(x.buf, x.buf[x.pos:x.end])
			x.pos = 0
		}
		if x.end == len(x.buf) {
			if len(x.buf) >= maxXMLToken {
				return xmlErrorf("one piece of it is longer than %d bytes", maxXMLToken)
			}
			x.buf = append(x.buf, make([]byte, len(x.buf))...)
		}
		read, err := x.src.Read(x.buf[x.end:])
		x.end += read
		if err == io.EOF {
			x.eof = true
		} else if err != nil {
			return err
		}
	}
	return nil
}

// upTo finds sep at or after offset from, reading on as needed; what it returns
// is the offset behind it.
func (x *xmlReader) upTo(sep string, from int) (int, error) {
	for {
		if i := bytes.Index(x.buf[x.pos+from:x.end], []byte(sep)); i >= 0 {
			return from + i + len(sep), nil
		}
		from = max(from, x.end-x.pos-len(sep)+1)
		have := x.end - x.pos
		if err := x.need(have + 1); err != nil {
			return 0, err
		}
		if x.end-x.pos == have {
			return 0, xmlErrorf("it ends inside a tag")
		}
	}
}

func (x *xmlReader) text() (xmlToken, error) {
	n := 0
	for {
		if i := bytes.IndexByte(x.buf[x.pos+n:x.end], '<'); i >= 0 {
			n += i
			break
		}
		n = x.end - x.pos
		if err := x.need(n + 1); err != nil {
			return xmlToken{}, err
		}
		if x.end-x.pos == n {
			break
		}
	}
	text := x.take(n)
	if len(x.starts) == 0 && len(bytes.TrimLeft(text, "\uFEFF \t\r\n")) > 0 {
		return xmlToken{}, xmlErrorf("text outside the document")
	}
	return xmlToken{kind: xmlText, text: text}, checkXMLText(text)
}

func (x *xmlReader) take(n int) []byte {
	b := x.buf[x.pos : x.pos+n]
	x.pos += n
	return b
}

// markup reads what begins with <; a token of no kind is a comment or the like.
func (x *xmlReader) markup() (xmlToken, error) {
	const longest = len("<![CDATA[")
	if x.end-x.pos < longest {
		if err := x.need(longest); err != nil {
			return xmlToken{}, err
		}
	}
	head := x.buf[x.pos:x.end]
	if len(head) < 2 {
		return xmlToken{}, xmlErrorf("it ends inside a tag")
	}
	switch head[1] {
	case '/':
		return x.endTag()
	case '?':
		return xmlToken{}, x.instruction()
	case '!':
		return x.exclamation(head)
	}
	return x.startTag()
}

func (x *xmlReader) exclamation(head []byte) (xmlToken, error) {
	switch {
	case bytes.HasPrefix(head, []byte("<!--")):
		return xmlToken{}, x.comment()
	case bytes.HasPrefix(head, []byte("<![CDATA[")):
		return x.cdata()
	}
	return xmlToken{}, xmlErrorf("it has a DOCTYPE, which workbooks never have")
}

// instruction reads <?name ...?>. The one called xml says how the part is
// written, and only the usual way is accepted.
func (x *xmlReader) instruction() error {
	n, err := x.upTo("?>", 2)
	if err != nil {
		return err
	}
	body := x.take(n)[2 : n-2]
	name := body[:nameLength(body)]
	if !validName(name) {
		return xmlErrorf("<?%.20s is not an instruction", body)
	}
	if string(name) != "xml" {
		return nil
	}
	if err := x.readAttrs(body[len(name):]); err != nil {
		return err
	}
	version, encoding := attr(x.attrs, "version"), attr(x.attrs, "encoding")
	if string(version) != "1.0" || encoding != nil && !bytes.EqualFold(encoding, []byte("UTF-8")) {
		return xmlErrorf("it is written as XML %s in %s, not as XML 1.0 in UTF-8", version, encoding)
	}
	return nil
}

func (x *xmlReader) comment() error {
	n, err := x.upTo("--", 4)
	if err != nil {
		return err
	}
	if err := x.need(n + 1); err != nil {
		return err
	}
	if x.end-x.pos <= n || x.buf[x.pos+n] != '>' {
		return xmlErrorf("a comment holds --")
	}
	x.pos += n + 1
	return nil
}

func (x *xmlReader) cdata() (xmlToken, error) {
	n, err := x.upTo("]]>", 9)
	if err != nil {
		return xmlToken{}, err
	}
	text := x.take(n)[9 : n-3]
	if len(x.starts) == 0 {
		return xmlToken{}, xmlErrorf("text outside the document")
	}
	return xmlToken{kind: xmlText, text: text}, checkXMLChars(text)
}
