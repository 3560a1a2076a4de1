package sheet

// class groups bytes by what reading them takes.
type class uint8

const (
	classDecode  class = 1 << iota // & and the like: the text is not literal
	classHigh                      // part of a character beyond ASCII
	classControl                   // never allowed
	classTag                       // <
)

var classes = func() (t [256]class) {
	for c := range t {
		switch {
		case c == '<':
			t[c] = classTag
		case c == '&' || c == '\r' || c == ']':
			t[c] = classDecode
		case c >= 0x80:
			t[c] = classHigh
		case c < ' ' && c != '\t' && c != '\n':
			t[c] = classControl
		}
	}
	return t
}()

// nameBytes are those that element and attribute names are made of. XML allows
// more; no spreadsheet uses them.
var nameBytes = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == ':' || c == '-' || c == '.'
	}
	return t
}()

// nameOf is the name at the beginning of b, as long as it is one.
func nameOf(b []byte) []byte {
	n := 0
	for n < len(b) && nameBytes[b[n]] {
		n++
	}
	if !isName(b[:n]) {
		return nil
	}
	return b[:n]
}

func isName(b []byte) bool {
	if len(b) == 0 || b[0] == '-' || b[0] == '.' || b[0] >= '0' && b[0] <= '9' {
		return false
	}
	colon := colonIn(b)
	return colon < 0 || colon > 0 && colon < len(b)-1 && colonIn(b[colon+1:]) < 0
}

// colonIn is bytes.IndexByte for names, most of which are very short.
func colonIn(name []byte) int {
	for i, c := range name {
		if c == ':' {
			return i
		}
	}
	return -1
}

// local is a name without its prefix.
func local(name []byte) []byte { return name[colonIn(name)+1:] }

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func skipBlanks(b []byte, i int) int {
	for i < len(b) && isBlank(b[i]) {
		i++
	}
	return i
}

// parseTag reads a start tag into name, attrs and isEmpty. It gives the tag's
// length, zero when b ends inside it.
func (x *scanner) parseTag(b []byte) (int, error) {
	i := 1
	for i < len(b) && nameBytes[b[i]] {
		i++
	}
	if i == len(b) {
		return 0, nil
	}
	if !isName(b[1:i]) {
		return 0, damagedf("<%.20s is not a tag", b[1:])
	}
	x.full, x.attrs = b[1:i], x.attrs[:0]
	x.name = local(x.full)
	for {
		from := i
		i = skipBlanks(b, i)
		switch {
		case i == len(b):
			return 0, nil
		case b[i] == '>':
			x.isEmpty = false
			return i + 1, nil
		case b[i] == '/':
			if i+1 == len(b) {
				return 0, nil
			}
			if b[i+1] != '>' {
				return 0, damagedf("<%.20s is not a tag", b[1:])
			}
			x.isEmpty = true
			return i + 2, nil
		case i == from:
			return 0, damagedf("<%.20s is not a tag", b[1:])
		}
		n, err := x.parseAttr(b[i:])
		if n == 0 || err != nil {
			return 0, err
		}
		i += n
	}
}

// parseAttr reads one attribute; its length is zero when b ends inside it.
func (x *scanner) parseAttr(b []byte) (int, error) {
	i := 0
	for i < len(b) && nameBytes[b[i]] {
		i++
	}
	name := b[:i]
	i = skipBlanks(b, i)
	if i == len(b) {
		return 0, nil
	}
	if b[i] != '=' || !isName(name) {
		return 0, damagedf("an attribute has no value")
	}
	i = skipBlanks(b, i+1)
	if i == len(b) {
		return 0, nil
	}
	quote := b[i]
	if quote != '"' && quote != '\'' {
		return 0, damagedf("the attribute %.20s is not in quotes", name)
	}
	i++
	from := i
	var seen class
	for i < len(b) && b[i] != quote {
		seen |= classes[b[i]]
		i++
	}
	if i == len(b) {
		if seen&classTag != 0 {
			return 0, damagedf("the attribute %.20s holds <", name)
		}
		return 0, nil
	}
	return i + 1, x.addAttr(name, b[from:i], seen)
}

func (x *scanner) addAttr(name, value []byte, seen class) error {
	if seen != 0 {
		if seen&classTag != 0 {
			return damagedf("the attribute %.20s holds <", name)
		}
		if err := checkText(value, seen); err != nil {
			return err
		}
	}
	short := local(name)
	prefixed := len(short) < len(name)
	for _, a := range x.attrs {
		if !prefixed && !a.prefixed && string(a.name) == string(short) {
			return damagedf("a tag has the attribute %.20s twice", name)
		}
	}
	if len(x.attrs) == maxAttrs {
		return tooLargef("a tag has more than %d attributes", maxAttrs)
	}
	x.attrs = append(x.attrs, attr{short, prefixed, seen&classDecode == 0, value})
	return nil
}

// attr is the value of an attribute without a prefix, nil if there is none.
func (x *scanner) attr(name string) []byte {
	for i := range x.attrs {
		if a := &x.attrs[i]; !a.prefixed && string(a.name) == name {
			return a.decoded()
		}
	}
	return nil
}

// prefixedAttr is the value of an attribute with whatever prefix.
func (x *scanner) prefixedAttr(name string) []byte {
	for i := range x.attrs {
		if a := &x.attrs[i]; a.prefixed && string(a.name) == name {
			return a.decoded()
		}
	}
	return nil
}

func (a *attr) decoded() []byte {
	if a.literal {
		return a.value
	}
	return appendDecoded(nil, a.value)
}
