package sheet

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Front is a sheet of texts that stands before all others.
type Front struct {
	Name   string // another sheet of this name gives way to it
	Widths []int  // of the columns, in characters
	Rows   [][]FrontCell
}

// FrontCell is a cell of a [Front].
type FrontCell struct {
	Text  string
	Count int // shown as a number, where there is no text; none when zero
	Bold  bool
	Link  string // the cell that a click leads to, such as Sheet1!B17; none when empty
}

const typeBase = "application/vnd.openxmlformats-officedocument.spreadsheetml."

func relationsOf(part string) string {
	dir, base := path.Split(part)
	return dir + "_rels/" + base + ".rels"
}

// prepareWorkbook prepares what is of the workbook and not of a sheet.
func (c *marking) prepareWorkbook() (err error) {
	if c.main, err = c.archive.mainPart(); err != nil {
		return err
	}
	relations, err := c.archive.relations(relationsOf(c.main), path.Dir(c.main)+"/")
	if err != nil {
		return err
	}
	styles := ""
	for _, r := range relations {
		if strings.HasSuffix(r.kind, "/styles") {
			styles = r.target
		}
	}
	b := &bookPart{front: -1}
	if c.Front != nil {
		b.name = c.Front.Name
	}
	if err := c.archive.rewrite(c.main, c.limits.Part, io.Discard, b.survey); err != nil {
		return err
	}
	c.space = usualSpaces
	if b.strict {
		c.space = strictSpaces
	}
	if c.styles, err = c.archive.markStyles(styles); err != nil {
		return err
	}
	c.prepareStyles(relations)
	c.prepareFront(b, relations)
	return nil
}

func (c *marking) prepareStyles(relations map[string]relation) {
	if c.styles.part != "" {
		c.parts[partName(c.styles.part)] = c.rewriting(c.styles.part, c.styles.write)
		c.last = append(c.last, c.styles.part)
		return
	}
	name := c.newPart("xl/styles", ".xml", typeBase+"styles+xml", func(w io.Writer) error {
		_, err := io.WriteString(w, c.styles.newStyles(c.space.main))
		return err
	})
	c.added = slices.DeleteFunc(c.added, func(added string) bool { return added == name })
	c.last = append(c.last, name)
	c.relate(c.main, "styles", name, relations)
}

func (c *marking) prepareFront(b *bookPart, relations map[string]relation) {
	if c.Front == nil {
		return
	}
	write := func(w io.Writer) error { return c.Front.write(w, c.space, c.styles) }
	if b.front >= 0 {
		if old, ok := relations[b.id]; ok && c.archive.parts[partName(old.target)] != nil {
			c.parts[partName(old.target)] = write
			return
		}
	}
	part := c.newPart("xl/worksheets/front", ".xml", typeBase+"worksheet+xml", write)
	b.id, b.relations = c.relate(c.main, "worksheet", part, relations), c.space.relations
	b.active = c.firstVisible()
	c.parts[partName(c.main)] = c.rewriting(c.main, b.write)
}

// firstVisible is the number of the first sheet that can be looked at.
func (c *marking) firstVisible() int {
	return max(0, slices.IndexFunc(c.sheets, func(s Sheet) bool { return s.State == Visible }))
}

// bookPart is the workbook's main part.
type bookPart struct {
	name    string // of the sheet in front
	front   int    // where the workbook has it already; negative when it does not
	id      string // its relation
	sheets  int
	largest int // of the sheets' IDs
	strict  bool
	views   bool // it says which sheet is looked at

	relations string // the name space of relations
	active    int    // the sheet that is looked at where the workbook does not say so
}

func (b *bookPart) survey(r *rewriter) error {
	b.strict = bytes.Contains(r.tag(), []byte(strictSpaces.main))
	for {
		tok, err := r.next()
		if err != nil || tok == tokenDone {
			return err
		}
		switch {
		case tok != tokenStart:
		case string(r.x.name) == "workbookView":
			b.views = true
		case string(r.x.name) == "sheet" && r.x.level() == 3:
			if strings.EqualFold(string(r.x.attr("name")), b.name) {
				b.front, b.id = b.sheets, string(r.x.prefixedAttr("id"))
			}
			b.sheets++
			n, _ := atoi(r.x.attr("sheetId"))
			b.largest = max(b.largest, n)
		}
	}
}

// write copies the part with one more sheet, before all others. The sheet that is
// looked at stays so: two that are selected would be changed together.
func (b *bookPart) write(r *rewriter) error {
	for {
		tok, err := r.next()
		if err != nil || tok == tokenDone {
			return err
		}
		if tok != tokenStart {
			continue
		}
		switch name := string(r.x.name); {
		case name == "workbookView":
			n, _ := atoi(r.x.attr("activeTab"))
			r.replace(withAttr(withAttr(r.tag(), "firstSheet", ""), "activeTab", strconv.Itoa(n+1)))
		case name == "definedName":
			if n, ok := atoi(r.x.attr("localSheetId")); ok {
				r.replace(withAttr(r.tag(), "localSheetId", strconv.Itoa(n+1)))
			}
		case name == "sheets" && r.x.level() == 2:
			if !b.views {
				r.before()
				r.put(fmt.Sprintf(`<%[1]sbookViews><%[1]sworkbookView activeTab="%[2]d"/></%[1]sbookViews>`, r.prefix, b.active+1))
			}
			r.replace(r.tag())
			r.put(fmt.Sprintf(`<%ssheet xmlns:r="%s" name="%s" sheetId="%d" r:id="%s"/>`, r.prefix, b.relations, xmlText(b.name), b.largest+1, b.id))
		}
	}
}

// write writes the sheet.
func (f *Front) write(w io.Writer, space nameSpaces, styles *markStyles) error {
	var b strings.Builder
	b.WriteString(xmlDeclaration + `<worksheet xmlns="` + space.main + `"><sheetViews><sheetView workbookViewId="0"/></sheetViews>`)
	if len(f.Widths) > 0 {
		b.WriteString(`<cols>`)
		for i, width := range f.Widths {
			fmt.Fprintf(&b, `<col min="%[1]d" max="%[1]d" width="%[2]d" customWidth="1"/>`, i+1, width)
		}
		b.WriteString(`</cols>`)
	}
	b.WriteString(`<sheetData>`)
	links := ""
	for i, row := range f.Rows {
		fmt.Fprintf(&b, `<row r="%d">`, i+1)
		for j, cell := range row {
			at := CellName(j+1, i+1)
			switch {
			case cell.Text != "":
				fmt.Fprintf(&b, `<c r="%s" s="%d"%s</c>`, at, styles.fixed(cell.format()), inlineText("", cell.Text))
			case cell.Count != 0:
				fmt.Fprintf(&b, `<c r="%s"><v>%d</v></c>`, at, cell.Count)
			}
			if cell.Link != "" {
				links += `<hyperlink ref="` + at + `" location="` + xmlText(cell.Link) + `"/>`
			}
		}
		b.WriteString(`</row>`)
	}
	b.WriteString(`</sheetData>`)
	if links != "" {
		b.WriteString(`<hyperlinks>` + links + `</hyperlinks>`)
	}
	b.WriteString(`</worksheet>`)
	_, err := io.WriteString(w, b.String())
	return err
}

func (c FrontCell) format() int {
	switch {
	case c.Bold:
		return headingFormat
	case c.Link != "":
		return linkFormat
	}
	return remarkFormat
}

// prepareSheet prepares the copy of a sheet with its marks, and of its comments.
func (c *marking) prepareSheet(i int, marks SheetMarks) error {
	part := c.Book.parts[i]
	edges, err := c.survey(i, marks.Header)
	if err != nil {
		return err
	}
	s := &markedSheet{SheetMarks: marks, part: part, heading: c.Heading, renewed: marks.Column != 0, relations: c.space.relations, styles: c.styles, ctx: c.ctx}
	if s.Column == 0 {
		s.Column = edges.columns + 1
	}
	if s.Column > c.Width {
		s.Column = 0
	}
	if err := c.prepareComments(s, edges); err != nil {
		return err
	}
	c.parts[partName(part)] = func(w io.Writer) error { return c.archive.rewrite(part, c.limits.Sheet, w, s.write) }
	return nil
}
