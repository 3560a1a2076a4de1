package sheet

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// scanner walks the tokens of an XML document in one buffer, and takes nothing
// that is not well formed: every tag is closed by its own, every character and
// entity is one that XML knows, nothing follows the document. It refuses what
// spreadsheets never have and attackers like: a DOCTYPE, endless tokens, depth.
type scanner struct {
	src      io.Reader
	buf      []byte
	pos, end int   // what was read and not used yet is buf[pos:end]
	offset   int64 // of buf[0] in the document
	eof      bool
	rootSeen bool
	maxToken int
	maxDepth int
	careful  bool   // nothing is read at a glance: for tests that compare
	begin    int64  // where in the document the last token begins
	spill    func() // told before what was used leaves buf; may be nil

	open   []byte // the names of the open elements, one after the other
	starts []int  // where in open each begins

	// The last token, valid until the next.
	full    []byte // the name of a start tag
	name    []byte // of a tag, without its prefix
	isEmpty bool   // <name/>: no end follows
	attrs   []attr
	text    []byte // as in the file
	literal bool   // text has nothing to be decoded
}

type attr struct {
	name     []byte // without its prefix
	prefixed bool
	literal  bool // value has nothing to be decoded
	value    []byte
}

type token uint8

const (
	tokenStart token = iota + 1
	tokenEnd
	tokenText // inside the document
	tokenDone // the document is over and everything was read
)

const maxAttrs = 128 // of one tag

// newScanner reads a document of about the given size.
func newScanner(src io.Reader, size uint64, l Limits) *scanner {
	return &scanner{src: src, buf: make([]byte, min(bufferFor(size), l.Text)), maxToken: l.Text, maxDepth: l.Depth}
}

// bufferFor is the size of a buffer through which that many bytes pass.
func bufferFor(size uint64) int { return int(min(max(size, 512), 64<<10)) }

// at is how far the document was used.
func (x *scanner) at() int64 { return x.offset + int64(x.pos) }

// depth is how many elements are open.
func (x *scanner) depth() int { return len(x.starts) }

// level is the depth of the tag that was just read, itself included.
func (x *scanner) level() int {
	if x.isEmpty {
		return len(x.starts) + 1
	}
	return len(x.starts)
}

// skip reads to the end of the element that was just opened.
func (x *scanner) skip() error {
	if x.isEmpty {
		return nil
	}
	for outside := x.depth() - 1; ; {
		tok, err := x.next()
		if err != nil {
			return err
		}
		if tok == tokenEnd && x.depth() == outside {
			return nil
		}
	}
}

// more reads on. It is false when there is no more.
func (x *scanner) more() (bool, error) {
	if x.eof {
		return false, nil
	}
	if x.pos > 0 {
		if x.spill != nil {
			x.spill()
		}
		x.offset += int64(x.pos)
		x.end = copy(x.buf, x.buf[x.pos:x.end])
		x.pos = 0
	}
	if x.end == len(x.buf) {
		if len(x.buf) >= x.maxToken {
			return false, tooLargef("one piece of it is longer than %d bytes", x.maxToken)
		}
		x.buf = append(x.buf, make([]byte, min(len(x.buf), x.maxToken-len(x.buf)))...)
	}
	for range 100 {
		n, err := x.src.Read(x.buf[x.end:])
		x.end += n
		if err == io.EOF {
			x.eof = true
			return n > 0, nil
		}
		if err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, io.ErrNoProgress
}

// next reads the next token; comments and instructions are passed over.
func (x *scanner) next() (token, error) {
	for {
		if x.pos == x.end {
			if ok, err := x.more(); err != nil {
				return 0, err
			} else if !ok {
				return tokenDone, x.finished()
			}
		}
		x.begin = x.at()
		if x.buf[x.pos] != '<' {
			if err := x.scanText(); err != nil {
				return 0, err
			}
			if len(x.starts) > 0 {
				return tokenText, nil
			}
			continue // blanks outside the document
		}
		if tok, err := x.markup(); tok != 0 || err != nil {
			return tok, err
		}
	}
}

func (x *scanner) finished() error {
	switch {
	case len(x.starts) > 0:
		return damagedf("it ends inside <%s>", x.innermost())
	case !x.rootSeen:
		return damagedf("it is empty")
	}
	return nil
}

func (x *scanner) innermost() []byte { return x.open[x.starts[len(x.starts)-1]:] }

var errCut = damagedf("it ends inside a tag")

// need makes at least n unused bytes available, or fails.
func (x *scanner) need(n int) error {
	for x.end-x.pos < n {
		if ok, err := x.more(); err != nil {
			return err
		} else if !ok {
			return errCut
		}
	}
	return nil
}

// upTo finds sep at or behind offset from; it gives the offset behind it.
func (x *scanner) upTo(sep string, from int) (int, error) {
	for {
		if i := bytes.Index(x.buf[x.pos+from:x.end], []byte(sep)); i >= 0 {
			return from + i + len(sep), nil
		}
		from = max(from, x.end-x.pos-len(sep)+1)
		if err := x.need(x.end - x.pos + 1); err != nil {
			return 0, err
		}
	}
}

func (x *scanner) take(n int) []byte {
	b := x.buf[x.pos : x.pos+n]
	x.pos += n
	return b
}

// markup reads what begins with <. A comment or an instruction is no token.
func (x *scanner) markup() (token, error) {
	if err := x.need(2); err != nil {
		return 0, err
	}
	switch x.buf[x.pos+1] {
	case '/':
		return tokenEnd, x.endTag()
	case '?':
		return 0, x.instruction()
	case '!':
		return x.exclamation()
	}
	for {
		n, err := x.startTag(x.buf[x.pos:x.end])
		if n > 0 || err != nil {
			x.pos += n
			return tokenStart, err
		}
		if err := x.need(x.end - x.pos + 1); err != nil {
			return 0, err
		}
	}
}

func (x *scanner) exclamation() (token, error) {
	if err := x.need(len("<!-->")); err != nil {
		return 0, err
	}
	if bytes.HasPrefix(x.buf[x.pos:], []byte("<!--")) {
		return 0, x.comment()
	}
	if err := x.need(len("<![CDATA[")); err == nil && bytes.HasPrefix(x.buf[x.pos:], []byte("<![CDATA[")) {
		return tokenText, x.cdata()
	}
	return 0, damagedf("it has a DOCTYPE or the like, which workbooks never have")
}

func (x *scanner) comment() error {
	n, err := x.upTo("--", len("<!--"))
	if err != nil {
		return err
	}
	if err := x.need(n + 1); err != nil {
		return err
	}
	if x.buf[x.pos+n] != '>' {
		return damagedf("a comment holds --")
	}
	if !isXMLText(x.take(n + 1)) {
		return damagedf("a comment holds a character that XML does not allow")
	}
	return nil
}

func (x *scanner) cdata() error {
	n, err := x.upTo("]]>", len("<![CDATA["))
	if err != nil {
		return err
	}
	x.text = x.take(n)[len("<![CDATA[") : n-len("]]>")]
	x.literal = true
	if len(x.starts) == 0 {
		return damagedf("text stands outside the document")
	}
	if !isXMLText(x.text) {
		return damagedf("it holds a character that XML does not allow")
	}
	return nil
}

// instruction reads <?name ...?>. The one called xml says how the document is
// written: a document that was turned into UTF-8 may say that it was UTF-16.
func (x *scanner) instruction() error {
	n, err := x.upTo("?>", 2)
	if err != nil {
		return err
	}
	body := x.take(n)[2 : n-2]
	name := nameOf(body)
	if len(name) == 0 || !isXMLText(body) {
		return damagedf("<?%.20s is not an instruction", body)
	}
	if string(name) != "xml" {
		return nil
	}
	if x.rootSeen {
		return damagedf("it is declared to be XML in the middle")
	}
	tag := append(append([]byte("<"), body...), '>')
	if n, err := x.parseTag(tag); err != nil || n == 0 {
		return damagedf("<?%.20s is not an instruction", body)
	}
	if v := x.attr("version"); len(v) < 3 || string(v[:2]) != "1." {
		return damagedf("it is written in an unknown version of XML, %q", v)
	}
	return checkEncoding(x.attr("encoding"))
}

func checkEncoding(name []byte) error {
	if name == nil {
		return nil
	}
	for _, known := range []string{"UTF-8", "UTF8", "UTF-16", "UTF-16LE", "UTF-16BE", "US-ASCII"} {
		if bytes.EqualFold(name, []byte(known)) {
			return nil
		}
	}
	return damagedf("it is written in the encoding %.20q, which workbooks never have", name)
}

func (x *scanner) endTag() error {
	if len(x.starts) > 0 {
		name, rest := x.innermost(), x.buf[x.pos+2:x.end]
		if len(rest) > len(name) && rest[len(name)] == '>' && string(rest[:len(name)]) == string(name) {
			x.pos += len(name) + 3
			x.pop()
			return nil
		}
	}
	n, err := x.upTo(">", 2)
	if err != nil {
		return err
	}
	name := bytes.TrimRight(x.take(n)[2:n-1], " \t\r\n")
	if len(x.starts) == 0 {
		return damagedf("</%.40s> stands without its beginning", name)
	}
	if !bytes.Equal(x.innermost(), name) {
		return damagedf("<%.40s> is closed by </%.40s>", x.innermost(), name)
	}
	x.pop()
	return nil
}

// pop closes the innermost element. Its name stays readable until the next tag.
func (x *scanner) pop() {
	last := len(x.starts) - 1
	x.name = x.open[x.starts[last]:]
	x.open, x.starts = x.open[:x.starts[last]], x.starts[:last]
	x.name = local(x.name)
}

// startTag reads a start tag at the beginning of b; n is zero when b ends first.
func (x *scanner) startTag(b []byte) (n int, err error) {
	n, err = x.parseTag(b)
	if n == 0 || err != nil {
		return n, err
	}
	if len(x.starts) == 0 && x.rootSeen {
		return n, damagedf("it goes on behind its end")
	}
	x.rootSeen = true
	if x.isEmpty {
		return n, nil
	}
	if len(x.starts) >= x.maxDepth {
		return n, tooLargef("its elements are nested more than %d deep", x.maxDepth)
	}
	x.starts = append(x.starts, len(x.open))
	x.open = append(x.open, x.full...)
	return n, nil
}

// scanText reads up to the next tag.
func (x *scanner) scanText() error {
	var seen class
	n := 0
	for {
		b := x.buf[x.pos:x.end]
		for n < len(b) {
			k := classes[b[n]]
			if k == classTag {
				break
			}
			seen |= k
			n++
		}
		if n < len(b) {
			break
		}
		if ok, err := x.more(); err != nil {
			return err
		} else if !ok {
			break
		}
	}
	x.text = x.take(n)
	x.literal = seen&classDecode == 0
	if len(x.starts) == 0 {
		if len(bytes.TrimLeft(x.text, " \t\r\n")) > 0 {
			return damagedf("text stands outside the document")
		}
		return nil
	}
	return checkText(x.text, seen)
}

// checkText accepts what may stand between tags, given the classes of its bytes.
func checkText(b []byte, seen class) error {
	if seen&classControl != 0 || seen&classHigh != 0 && !isHighText(b) {
		return damagedf("it holds a character that XML does not allow")
	}
	if seen&classDecode == 0 {
		return nil
	}
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '&':
			_, n := entity(b[i:])
			if n == 0 {
				return damagedf("%.12q is not a character that XML knows", b[i:])
			}
			i += n - 1
		case ']':
			if bytes.HasPrefix(b[i:], []byte("]]>")) {
				return damagedf("]]> stands in a text")
			}
		}
	}
	return nil
}

// isHighText says whether b is legal UTF-8 without the two characters beyond
// ASCII that XML forbids.
func isHighText(b []byte) bool {
	return utf8.Valid(b) && !bytes.Contains(b, []byte("\uFFFE")) && !bytes.Contains(b, []byte("\uFFFF"))
}

func isXMLText(b []byte) bool {
	var seen class
	for _, c := range b {
		if c != '<' {
			seen |= classes[c]
		}
	}
	return seen&classControl == 0 && (seen&classHigh == 0 || isHighText(b))
}
