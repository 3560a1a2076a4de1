package sheet

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"strconv"
)

// markedSheet is a sheet in which rows and cells are marked.
type markedSheet struct {
	SheetMarks
	part      string
	heading   string
	renewed   bool   // the column of remarks is an earlier copy's
	drawing   string // the relation to a drawing for its comments that the sheet does not know of
	relations string // the name space of relations
	styles    *markStyles

	*rewriter
	ctx     context.Context
	columns []columnFormat
	again   bool // the marks of an earlier copy go
	row     int
}

// extent is what is known of a sheet before it is copied.
type extent struct {
	columns int    // the last that holds something
	drawing string // the relation to the drawing of its comments
}

// columnFormat is the format of the cells that a row does not have.
type columnFormat struct{ from, to, format int }

// survey reads a sheet to its end, and says how far it goes in the rows that
// matter: titles above the header may be merged over more columns.
func (b *Book) survey(i, header int) (extent, error) {
	var e extent
	cells, err := b.load()
	if err != nil {
		return e, err
	}
	var merges []Range
	r := &rowReader{sheet: b.sheets[i].Name, limits: b.limits, lookup: *cells, date1904: b.date1904, merges: &merges}
	err = b.archive.read(b.parts[i], b.limits.Sheet, func(x *scanner) error {
		_, err := r.read(x, func(row Row) bool {
			e.columns = max(e.columns, row.Cells[len(row.Cells)-1].Column)
			return true
		})
		return r.locate(err, b.parts[i])
	})
	for _, m := range merges {
		if int(m.Bottom) >= header && m.Right < 1<<14 {
			e.columns = max(e.columns, int(m.Right))
		}
	}
	e.drawing = r.drawing
	return e, err
}

// behindDrawing are the elements of a sheet that follow that of the comments'
// drawing; all others come before it.
var behindDrawing = map[string]bool{
	"legacyDrawingHF": true, "drawingHF": true, "picture": true, "oleObjects": true, "controls": true, "AlternateContent": true,
	"webPublishItems": true, "tableParts": true, "extLst": true,
}

// write copies the sheet with its marks.
func (s *markedSheet) write(r *rewriter) error {
	s.rewriter = r
	s.again = s.renewed || s.styles.anyMarks()
	missing, widthTold := s.drawing != "", s.Column == 0
	for {
		tok, err := r.next()
		if err != nil || tok == tokenDone {
			return err
		}
		name := string(r.x.name)
		switch {
		case tok == tokenEnd && r.x.depth() == 0 || tok == tokenStart && behindDrawing[name]:
			if missing {
				missing = false
				r.before()
				r.put(`<`, r.prefix, `legacyDrawing xmlns:r="`, s.relations, `" r:id="`, s.drawing, `"/>`)
			}
		case tok == tokenEnd:
			continue
		case name == "sheetData" && !widthTold:
			r.before()
			r.put(`<`, r.prefix, `cols>`, s.width(), `</`, r.prefix, `cols>`)
		}
		if tok == tokenStart {
			if name == "cols" {
				widthTold = true
			}
			if err := s.element(name); err != nil {
				return err
			}
		}
	}
}

// element copies an element of the sheet that was just opened.
func (s *markedSheet) element(name string) error {
	switch name {
	case "dimension":
		s.replace(s.dimension())
		return s.x.skip()
	case "cols":
		return s.cols()
	case "sheetData":
		if s.x.isEmpty {
			return nil
		}
		return s.rows()
	}
	return s.x.skip()
}

// dimension is the tag with the column of remarks in its range.
func (s *markedSheet) dimension() []byte {
	from, to, found := bytes.Cut(s.x.attr("ref"), []byte(":"))
	left, top := parseRef(from)
	right, bottom := parseRef(to)
	if !found {
		right, bottom = left, top
	}
	if left == 0 || right == 0 || s.Column == 0 {
		return s.tag()
	}
	return withAttr(s.tag(), "ref", CellName(left, top)+":"+CellName(max(right, s.Column), bottom))
}

const remarkWidth = "70" // characters

func (s *markedSheet) width() string {
	n := strconv.Itoa(s.Column)
	return `<` + s.prefix + `col min="` + n + `" max="` + n + `" width="` + remarkWidth + `" customWidth="1"/>`
}

// cols copies the widths of the columns, and puts in that of the remarks.
func (s *markedSheet) cols() error {
	if s.x.isEmpty {
		if s.Column != 0 {
			s.fill(s.tag(), s.width())
		}
		return nil
	}
	told := s.Column == 0
	for {
		tok, err := s.next()
		if err != nil {
			return err
		}
		if tok == tokenEnd {
			if s.x.depth() > 1 {
				continue // of one column
			}
			if !told {
				s.before()
				s.put(s.width())
			}
			return nil
		}
		from, _ := atoi(s.x.attr("min"))
		to, _ := atoi(s.x.attr("max"))
		format, _ := atoi(s.x.attr("style"))
		s.columns = append(s.columns, columnFormat{from, to, format})
		if told || to < s.Column {
			continue
		}
		told = true
		if err := s.split(from, to); err != nil {
			return err
		}
	}
}

// split copies the widths of some columns around that of the remarks.
func (s *markedSheet) split(from, to int) error {
	tag := slices.Clone(s.tag())
	if !s.x.isEmpty {
		tag = append(tag[:len(tag)-1], "/>"...)
	}
	if err := s.drop(); err != nil {
		return err
	}
	part := func(from, to int) {
		if from <= to {
			s.put(string(withAttr(withAttr(tag, "min", strconv.Itoa(from)), "max", strconv.Itoa(to))))
		}
	}
	part(from, min(to, s.Column-1))
	s.put(s.width())
	part(max(from, s.Column+1), to)
	return nil
}

func (s *markedSheet) rows() error {
	const often = 256
	for n := 0; ; n++ {
		tok, err := s.next()
		if err == nil && n%often == 0 {
			err = s.ctx.Err()
		}
		if err != nil || tok == tokenEnd {
			return err
		}
		if string(s.x.name) != "row" {
			err = s.x.skip()
		} else {
			err = s.oneRow()
		}
		if err != nil {
			return err
		}
	}
}

// change is what becomes of a cell.
type change struct {
	column int
	marked bool
	text   string // of a remark, and of the heading above them
	format int    // of that
}

// changes are what becomes of the cells of the row, from left to right.
func (s *markedSheet) changes() []change {
	var all []change
	marks := s.Rows[s.row]
	for _, c := range marks.Cells {
		if c.Column != s.Column {
			all = append(all, change{column: c.Column, marked: true})
		}
	}
	switch {
	case s.Column == 0:
	case s.row == s.Header:
		all = append(all, change{column: s.Column, text: s.heading, format: headingFormat})
	case marks.Remark != "":
		all = append(all, change{column: s.Column, text: marks.Remark, format: remarkFormat})
	}
	slices.SortStableFunc(all, func(a, b change) int { return cmp.Compare(a.column, b.column) })
	return slices.CompactFunc(all, func(a, b change) bool { return a.column == b.column })
}

// oneRow copies the row that was just opened.
func (s *markedSheet) oneRow() error {
	s.row++
	if n, ok := atoi(s.x.attr("r")); ok {
		s.row = n
	}
	todo := s.changes()
	if len(todo) == 0 && !s.again {
		return s.x.skip()
	}
	format, _ := atoi(s.x.attr("s"))
	if !isTrue(s.x.attr("customFormat")) {
		format = -1
	}
	tag := withAttr(s.tag(), "spans", "")
	if s.x.isEmpty {
		content := ""
		for _, c := range todo {
			content += s.cell(c, format)
		}
		if content != "" {
			s.fill(tag, content)
		}
		return nil
	}
	s.replace(tag)
	return s.cells(todo, format)
}

// cells copies the cells of a row that has the format, negative when it has none.
func (s *markedSheet) cells(todo []change, format int) error {
	for last := 0; ; {
		tok, err := s.next()
		if err != nil {
			return err
		}
		column := 1 << 20 // the row's end
		if tok == tokenStart {
			if string(s.x.name) != "c" {
				if err := s.x.skip(); err != nil {
					return err
				}
				continue
			}
			if column, _ = parseRef(s.x.attr("r")); column == 0 {
				column = last + 1
			}
			last = column
		}
		for ; len(todo) > 0 && todo[0].column < column; todo = todo[1:] {
			s.before()
			s.put(s.cell(todo[0], format))
		}
		if tok == tokenEnd {
			return nil
		}
		var own *change
		if len(todo) > 0 && todo[0].column == column {
			own, todo = &todo[0], todo[1:]
		}
		if err := s.oneCell(column, own, format); err != nil {
			return err
		}
	}
}

// oneCell copies the cell that was just opened, changed as own says unless nil.
func (s *markedSheet) oneCell(column int, own *change, format int) error {
	if own != nil && !own.marked || own == nil && s.renewed && column == s.Column && s.row > s.Header {
		if err := s.drop(); err != nil || own == nil {
			return err
		}
		s.put(s.cell(*own, format))
		return nil
	}
	style, _ := atoi(s.x.attr("s"))
	want := s.styles.unmark(style)
	if own != nil {
		want = s.styles.mark(style)
	}
	tag := s.tag()
	if want != style {
		tag = withAttr(tag, "s", strconv.Itoa(want))
	}
	s.replace(withAttr(tag, "r", CellName(column, s.row)))
	return s.x.skip()
}

// cell is a cell that the row does not have.
func (s *markedSheet) cell(c change, format int) string {
	head := `<` + s.prefix + `c r="` + CellName(c.column, s.row) + `" s="`
	if c.marked {
		if format < 0 {
			format = s.columnFormat(c.column)
		}
		return head + strconv.Itoa(s.styles.mark(format)) + `"/>`
	}
	return head + strconv.Itoa(s.styles.fixed(c.format)) + `"` + inlineText(s.prefix, c.text) + `</` + s.prefix + `c>`
}

// inlineText is the rest of a cell's tag, and the text that it holds.
func inlineText(prefix, text string) string {
	return ` t="inlineStr"><` + prefix + `is><` + prefix + `t xml:space="preserve">` + xmlText(text) + `</` + prefix + `t></` + prefix + `is>`
}

func (s *markedSheet) columnFormat(column int) int {
	for _, c := range s.columns {
		if c.from <= column && column <= c.to {
			return c.format
		}
	}
	return 0
}
