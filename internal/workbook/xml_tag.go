package workbook

import "bytes"

func (x *xmlReader) endTag() (xmlToken, error) {
	if name := x.expectedEnd(); name != nil {
		return xmlToken{kind: xmlEnd, name: local(name)}, nil
	}
	n, err := x.upTo(">", 2)
	if err != nil {
		return xmlToken{}, err
	}
	name := bytes.TrimRight(x.take(n)[2:n-1], " \t\r\n")
	if len(x.starts) == 0 {
		return xmlToken{}, xmlErrorf("</%s> without its beginning", name)
	}
	last := x.starts[len(x.starts)-1]
	if !bytes.Equal(x.names[last:], name) {
		return xmlToken{}, xmlErrorf("<%s> is closed by </%s>", x.names[last:], name)
	}
	x.names, x.starts = x.names[:last], x.starts[:len(x.starts)-1]
	return xmlToken{kind: xmlEnd, name: local(name)}, nil
}

// expectedEnd takes the end tag of the element that was opened last, if that and
// nothing else comes next, which is nearly always so.
func (x *xmlReader) expectedEnd() []byte {
	if len(x.starts) == 0 {
		return nil
	}
	last := x.starts[len(x.starts)-1]
	name, rest := x.names[last:], x.buf[x.pos+2:x.end]
	if len(rest) <= len(name) || rest[len(name)] != '>' || !bytes.HasPrefix(rest, name) {
		return nil
	}
	x.pos += len(name) + 3
	x.names, x.starts = x.names[:last], x.starts[:len(x.starts)-1]
	return name
}

// startTag reads a tag up to its >, leaving out those inside quotes.
func (x *xmlReader) startTag() (xmlToken, error) {
	n, err := x.tagLength()
	if err != nil {
		return xmlToken{}, err
	}
	tag := x.take(n)
	tag = tag[1 : n-1]
	empty := len(tag) > 0 && tag[len(tag)-1] == '/'
	if empty {
		tag = tag[:len(tag)-1]
	}
	name := tag[:nameLength(tag)]
	if !validName(name) {
		return xmlToken{}, xmlErrorf("<%.20s is not a tag", tag)
	}
	if x.rootSeen && len(x.starts) == 0 {
		return xmlToken{}, xmlErrorf("it goes on behind its end")
	}
	x.rootSeen = true
	if err := x.readAttrs(tag[len(name):]); err != nil {
		return xmlToken{}, err
	}
	if len(x.starts) >= maxXMLDepth {
		return xmlToken{}, xmlErrorf("its elements are nested more than %d deep", maxXMLDepth)
	}
	if !empty {
		x.starts = append(x.starts, len(x.names))
		x.names = append(x.names, name...)
	}
	return xmlToken{kind: xmlStart, name: local(name), empty: empty, attrs: x.attrs}, nil
}

func (x *xmlReader) tagLength() (int, error) {
	quote := byte(0)
	for n := 1; ; n++ {
		if x.pos+n == x.end {
			if err := x.need(n + 1); err != nil {
				return 0, err
			}
			if x.end-x.pos == n {
				return 0, xmlErrorf("it ends inside a tag")
			}
		}
		switch c := x.buf[x.pos+n]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '>':
			return n + 1, nil
		case c == '"' || c == '\'':
			quote = c
		}
	}
}

func (x *xmlReader) readAttrs(b []byte) error {
	x.attrs = x.attrs[:0]
	for {
		if b = skipBlanks(b); len(b) == 0 {
			return nil
		}
		n := nameLength(b)
		name := b[:n]
		b = skipBlanks(b[n:])
		if !validName(name) || len(b) == 0 || b[0] != '=' {
			return xmlErrorf("an attribute has no value")
		}
		b = skipBlanks(b[1:])
		if len(b) < 2 || b[0] != '"' && b[0] != '\'' {
			return xmlErrorf("the attribute %s is not in quotes", name)
		}
		end := bytes.IndexByte(b[1:], b[0])
		if end < 0 {
			return xmlErrorf("the attribute %s is not in quotes", name)
		}
		value := b[1 : 1+end]
		if bytes.IndexByte(value, '<') >= 0 {
			return xmlErrorf("the attribute %s holds <", name)
		}
		if err := checkXMLText(value); err != nil {
			return err
		}
		x.attrs = append(x.attrs, xmlAttr{local(name), value})
		b = b[end+2:]
	}
}

func skipBlanks(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\n' || b[0] == '\r' || b[0] == '\t') {
		b = b[1:]
	}
	return b
}

// local is a name without its prefix.
func local(name []byte) []byte {
	return name[bytes.IndexByte(name, ':')+1:]
}

func nameLength(b []byte) int {
	for i, c := range b {
		if !isNameByte(c) {
			return i
		}
	}
	return len(b)
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == ':' || c == '-' || c == '.'
}

func validName(name []byte) bool {
	if len(name) == 0 || name[0] == '-' || name[0] == '.' || name[0] >= '0' && name[0] <= '9' {
		return false
	}
	colon := bytes.IndexByte(name, ':')
	return colon < 0 || colon > 0 && colon < len(name)-1 && bytes.IndexByte(name[colon+1:], ':') < 0
}
