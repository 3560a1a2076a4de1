package sheet

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
)

// markColor fills marked cells. It is a light red that no palette has, so that
// the marks of an earlier copy are known again.
const markColor = "FFFFCBC7"

// markStyles are the formats of a workbook and those that marking it adds, which
// follow them: the three that are always there, and for each format of a marked
// cell the same with the fill of marks.
type markStyles struct {
	part   string // empty when the workbook has none
	prefix string

	fonts, fills int
	formats      [][]byte // the workbook's, as they are written
	marks        []bool   // of its fills: those of an earlier copy's marks

	added  []int       // the formats of the marked cells
	marked map[int]int // those, by what they are without the fill
}

// Formats that are always added, in this order.
const (
	headingFormat = iota
	remarkFormat
	linkFormat
	fixedFormats
)

// markStyles reads the formats of the workbook.
func (a *archive) markStyles(part string) (*markStyles, error) {
	s := &markStyles{marked: map[int]int{}}
	if a.parts[partName(part)] == nil {
		return s, nil
	}
	s.part = part
	err := a.rewrite(part, a.limits.Part, io.Discard, s.read)
	return s, err
}

func (s *markStyles) read(r *rewriter) error {
	s.prefix = r.prefix
	list := ""
	for {
		tok, err := r.next()
		if err != nil || tok == tokenDone {
			return err
		}
		if tok != tokenStart {
			continue
		}
		if r.x.level() == 2 {
			if list = string(r.x.name); list != "fonts" && list != "fills" && list != "cellXfs" {
				if err := r.x.skip(); err != nil {
					return err
				}
			}
			continue
		}
		name := list + "/" + string(r.x.name)
		element, err := r.take()
		if err != nil {
			return err
		}
		switch name {
		case "fonts/font":
			s.fonts++
		case "fills/fill":
			s.fills++
			s.marks = append(s.marks, bytes.Contains(element, []byte(markColor)))
		case "cellXfs/xf":
			s.formats = append(s.formats, element)
		}
	}
}

// markFill is the number of the fill of marks: behind those that are there, or
// behind the two that every workbook begins with.
func (s *markStyles) markFill() int { return max(s.fills, 2) }

func (s *markStyles) boldFont() int { return max(s.fonts, 1) }

// fixed is the number of a format that is always added.
func (s *markStyles) fixed(format int) int { return max(len(s.formats), 1) + format }

// mark is the number of a format like another, with the fill of marks.
func (s *markStyles) mark(format int) int {
	const most = 64000 // that Excel takes
	format = s.unmark(format)
	if len(s.formats)+fixedFormats+len(s.added) >= most {
		format = 0
	}
	n, known := s.marked[format]
	if !known {
		n = s.fixed(fixedFormats) + len(s.added)
		s.marked[format], s.added = n, append(s.added, format)
	}
	return n
}

// isMark says whether a format is of a cell that an earlier copy marked.
func (s *markStyles) isMark(format int) bool {
	if format >= len(s.formats) {
		return false
	}
	fill, err := strconv.Atoi(attrOf(startTagOf(s.formats[format]), "fillId"))
	return err == nil && fill >= 0 && fill < len(s.marks) && s.marks[fill]
}

// unmark is the format without the mark of an earlier copy: the first that is the
// same but for its fill, one without a fill before others.
func (s *markStyles) unmark(format int) int {
	if !s.isMark(format) {
		return format
	}
	found, want := 0, withoutFill(s.formats[format])
	for i, f := range s.formats {
		if s.isMark(i) || !bytes.Equal(withoutFill(f), want) {
			continue
		}
		if attrOf(startTagOf(f), "fillId") == "0" {
			return i
		}
		if found == 0 {
			found = i
		}
	}
	return found
}

// anyMarks says whether an earlier copy's marks are in the workbook.
func (s *markStyles) anyMarks() bool {
	for i := range s.formats {
		if s.isMark(i) {
			return true
		}
	}
	return false
}

// startTagOf is the tag with which an element begins.
func startTagOf(element []byte) []byte {
	var quote byte
	for i, c := range element {
		switch {
		case c == quote:
			quote = 0
		case quote != 0:
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return element[:i+1]
		}
	}
	return nil
}

// withFill is a format with another fill, or with none named.
func withFill(format []byte, fill string) []byte {
	tag := startTagOf(format)
	rest := format[len(tag):]
	apply := ""
	if fill != "" {
		apply = "1"
	}
	tag = withAttr(withAttr(tag, "fillId", fill), "applyFill", apply)
	return append(bytes.Clone(tag), rest...)
}

func withoutFill(format []byte) []byte { return withFill(format, "") }

// listOrder is the order of the lists in a part of formats.
var listOrder = map[string]int{
	"numFmts": 1, "fonts": 2, "fills": 3, "borders": 4, "cellStyleXfs": 5, "cellXfs": 6, "cellStyles": 7, "dxfs": 8, "tableStyles": 9, "colors": 10, "extLst": 11,
}

// addition is what marking adds to a list.
type addition struct {
	list    string
	usual   string // what the list begins with where the workbook does not have it
	entries string
	count   int
}

func (s *markStyles) additions() []addition {
	p := s.prefix
	fill := fmt.Sprintf(`<%[1]sfill><%[1]spatternFill patternType="solid"><%[1]sfgColor rgb="`+markColor+`"/><%[1]sbgColor indexed="64"/></%[1]spatternFill></%[1]sfill>`, p)
	if s.fills == 1 { // the second is always this one, whatever it is said to be
		fill = grayFill(p) + fill
	}
	bold := fmt.Sprintf(`<%[1]sfont><%[1]sb/><%[1]ssz val="11"/><%[1]sname val="Calibri"/></%[1]sfont>`, p)
	link := fmt.Sprintf(`<%[1]sfont><%[1]su/><%[1]ssz val="11"/><%[1]scolor rgb="FF0563C1"/><%[1]sname val="Calibri"/></%[1]sfont>`, p)
	xf := func(font int) string {
		return fmt.Sprintf(`<%sxf numFmtId="49" fontId="%d" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`, p, font)
	}
	formats := xf(s.boldFont()) + xf(0) + xf(s.boldFont()+1)
	plain := []byte("<" + p + `xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>`)
	for _, f := range s.added {
		like := plain
		if f < len(s.formats) {
			like = s.formats[f]
		}
		formats += string(withFill(like, strconv.Itoa(s.markFill())))
	}
	return []addition{
		{"fonts", fmt.Sprintf(`<%[1]sfont><%[1]ssz val="11"/><%[1]sname val="Calibri"/></%[1]sfont>`, p), bold + link, s.boldFont() + 2},
		{"fills", fmt.Sprintf(`<%[1]sfill><%[1]spatternFill patternType="none"/></%[1]sfill>`, p) + grayFill(p), fill, s.markFill() + 1},
		{"cellXfs", string(plain), formats, s.fixed(fixedFormats) + len(s.added)},
	}
}

func grayFill(prefix string) string {
	return fmt.Sprintf(`<%[1]sfill><%[1]spatternFill patternType="gray125"/></%[1]sfill>`, prefix)
}

func (d addition) element(prefix string) string {
	return fmt.Sprintf(`<%[1]s%[2]s count="%[3]d">%[4]s%[5]s</%[1]s%[2]s>`, prefix, d.list, d.count, d.usual, d.entries)
}

// write copies the part of the formats with those that marking adds.
func (s *markStyles) write(r *rewriter) error {
	rest := s.additions()
	for {
		tok, err := r.next()
		if err != nil || tok == tokenDone {
			return err
		}
		at := len(listOrder) + 1 // the end of the root
		switch {
		case tok == tokenStart && r.x.level() == 2:
			at = listOrder[string(r.x.name)]
		case tok == tokenStart || r.x.depth() > 0:
			continue
		}
		for len(rest) > 0 && listOrder[rest[0].list] < at {
			r.before()
			r.put(rest[0].element(s.prefix))
			rest = rest[1:]
		}
		if tok == tokenEnd {
			continue
		}
		if len(rest) > 0 && listOrder[rest[0].list] == at {
			if err := rest[0].extend(r); err != nil {
				return err
			}
			rest = rest[1:]
		} else if err := r.x.skip(); err != nil {
			return err
		}
	}
}

// extend adds to the list that was just opened.
func (d addition) extend(r *rewriter) error {
	tag := withAttr(r.tag(), "count", strconv.Itoa(d.count))
	if r.x.isEmpty {
		r.fill(tag, d.usual, d.entries)
		return nil
	}
	outside := r.x.depth() - 1
	r.replace(tag)
	empty := true
	for {
		tok, err := r.next()
		if err != nil {
			return err
		}
		if tok == tokenStart {
			empty = false
		}
		if tok == tokenEnd && r.x.depth() == outside {
			break
		}
	}
	r.before()
	if empty {
		r.put(d.usual)
	}
	r.put(d.entries)
	return nil
}

// newStyles is the part of the formats for a workbook that has none.
func (s *markStyles) newStyles(space string) string {
	out := xmlDeclaration + `<styleSheet xmlns="` + space + `">`
	all := s.additions()
	return out + all[0].element("") + all[1].element("") +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		all[2].element("") + `</styleSheet>`
}
