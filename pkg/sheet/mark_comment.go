package sheet

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// commentPart is the part with a sheet's comments.
type commentPart struct {
	author string
	cells  []CellMark
	rows   []int // of the cells

	byCell  map[string]string // what is still to be written
	authors int
	own     int             // the number of our author, negative when there is none yet
	before  map[string]bool // cells that had a comment of an earlier copy's
	joined  map[string]bool // cells that had another's comment, to which ours was added
}

func newCommentPart(author string, rows []int, cells []CellMark) *commentPart {
	p := &commentPart{author: author, rows: rows, cells: cells, own: -1, byCell: map[string]string{}, before: map[string]bool{}, joined: map[string]bool{}}
	for i, c := range cells {
		p.byCell[CellName(c.Column, rows[i])] = c.Comment
	}
	return p
}

// survey reads which comments are an earlier copy's.
func (p *commentPart) survey(r *rewriter) error {
	for {
		tok, err := r.next()
		if err != nil || tok == tokenDone {
			return err
		}
		if tok != tokenStart {
			continue
		}
		switch string(r.x.name) {
		case "author":
			element, err := r.take()
			if err != nil {
				return err
			}
			if strings.Contains(string(element), ">"+xmlText(p.author)+"<") {
				p.own = p.authors
			}
			p.authors++
		case "comment":
			if p.isOwn(r.x) {
				p.before[string(r.x.attr("ref"))] = true
			}
			if err := r.x.skip(); err != nil {
				return err
			}
		}
	}
}

func (p *commentPart) isOwn(x *scanner) bool {
	n, ok := atoi(x.attr("authorId"))
	return ok && n == p.own
}

// write copies the comments, without an earlier copy's, and adds those of the
// marks; where a cell has one already, to that.
func (p *commentPart) write(r *rewriter) error {
	for {
		tok, err := r.next()
		if err != nil || tok == tokenDone {
			return err
		}
		name := string(r.x.name)
		switch {
		case tok == tokenStart && r.x.isEmpty && name == "authors":
			r.fill(r.tag(), p.newAuthor(r.prefix))
		case tok == tokenStart && r.x.isEmpty && name == "commentList":
			r.fill(r.tag(), p.rest(r.prefix))
		case tok == tokenStart && name == "comment":
			if err := p.one(r); err != nil {
				return err
			}
		case tok == tokenEnd && name == "authors" && r.x.depth() == 1:
			r.before()
			r.put(p.newAuthor(r.prefix))
		case tok == tokenEnd && name == "commentList" && r.x.depth() == 1:
			r.before()
			r.put(p.rest(r.prefix))
		}
	}
}

func (p *commentPart) newAuthor(prefix string) string {
	if p.own >= 0 {
		return ""
	}
	p.own = p.authors
	return fmt.Sprintf(`<%[1]sauthor>%[2]s</%[1]sauthor>`, prefix, xmlText(p.author))
}

// one copies a comment that was just opened.
func (p *commentPart) one(r *rewriter) error {
	if p.isOwn(r.x) {
		return r.drop()
	}
	ref := string(r.x.attr("ref"))
	if r.x.isEmpty {
		return nil
	}
	for outside := r.x.depth() - 1; ; {
		tok, err := r.next()
		switch {
		case err != nil:
			return err
		case tok == tokenStart && string(r.x.name) == "r":
			run, err := r.take()
			if err != nil {
				return err
			}
			if !bytes.Contains(run, []byte(">"+p.signed(""))) {
				r.put(string(run))
			}
		case tok == tokenEnd && string(r.x.name) == "text":
			p.join(r, ref)
		case tok == tokenEnd && r.x.depth() == outside:
			return nil
		}
	}
}

// join adds to another's comment, at whose end the document is.
func (p *commentPart) join(r *rewriter, ref string) {
	text, ours := p.byCell[ref]
	if !ours {
		return
	}
	delete(p.byCell, ref)
	p.joined[ref] = true
	r.before()
	r.put(fmt.Sprintf(`<%[1]sr><%[1]st xml:space="preserve">%[2]s</%[1]st></%[1]sr>`, r.prefix, p.signed(text)))
}

// signed is a text that is added to another's comment, and known by its beginning.
func (p *commentPart) signed(text string) string { return xmlText("\n" + p.author + ": " + text) }

// rest are the comments that were not added to others, in the order of the marks.
func (p *commentPart) rest(prefix string) string {
	var b strings.Builder
	for i, c := range p.cells {
		ref := CellName(c.Column, p.rows[i])
		if text, left := p.byCell[ref]; left {
			delete(p.byCell, ref)
			fmt.Fprintf(&b, `<%[1]scomment ref="%[2]s" authorId="%[3]d"><%[1]stext><%[1]st xml:space="preserve">%[4]s</%[1]st></%[1]stext></%[1]scomment>`,
				prefix, ref, max(p.own, 0), xmlText(text))
		}
	}
	return b.String()
}

// fresh writes the comments of a sheet that has none.
func (p *commentPart) fresh(w io.Writer, space string) error {
	_, err := io.WriteString(w, xmlDeclaration+`<comments xmlns="`+space+`"><authors>`+p.newAuthor("")+`</authors><commentList>`+p.rest("")+`</commentList></comments>`)
	return err
}

// shapes is the drawing that shows the boxes of a sheet's comments. It is in an
// old language of Excel's own, which programs write with less care than XML; so
// it is not read but searched.
type shapes struct {
	data []byte // of the sheet; nil when it has none
	end  int    // where data ends its root
}

const emptyDrawing = `<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel">` +
	`<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>`

const commentShapeType = `<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>`

var shapeID = regexp.MustCompile(`_x0000_s([0-9]{1,9})`)

// newShapes finds where shapes can be added; ok is false when data is no drawing
// as Excel writes it.
func newShapes(data []byte) (s *shapes, ok bool) {
	s = &shapes{data: data, end: bytes.LastIndex(data, []byte("</xml>"))}
	for _, space := range []string{`xmlns:v="urn:schemas-microsoft-com:vml"`, `xmlns:o="urn:schemas-microsoft-com:office:office"`, `xmlns:x="urn:schemas-microsoft-com:office:excel"`} {
		ok = bytes.Contains(data, []byte(space))
		if !ok {
			return nil, false
		}
	}
	return s, s.end >= 0
}

// write writes the drawing with a shape for each of the cells, and without those of
// an earlier copy's comments.
func (s *shapes) write(w io.Writer, p *commentPart) error {
	data := dropShapes(s.data[:s.end], p.before)
	next := 1024
	for _, m := range shapeID.FindAllSubmatch(data, -1) {
		n, _ := strconv.Atoi(string(m[1]))
		next = max(next, n)
	}
	out := bytes.NewBuffer(data)
	if !bytes.Contains(data, []byte(`id="_x0000_t202"`)) {
		out.WriteString(commentShapeType)
	}
	for i, c := range p.cells {
		if p.joined[CellName(c.Column, p.rows[i])] {
			continue // the comment that it has was added to
		}
		next++
		row, column := p.rows[i]-1, c.Column-1
		lines := 3 + len(c.Comment)/40
		fmt.Fprintf(out, `<v:shape id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;margin-left:60pt;margin-top:2pt;width:220pt;height:%dpt;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">`+
			`<v:fill color2="#ffffe1"/><v:shadow on="t" color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>`+
			`<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>%d, 15, %d, 2, %d, 15, %d, 4</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>`,
			next, lines*15, column+1, max(row-1, 0), column+4, max(row-1, 0)+lines, row, column)
	}
	out.Write(s.data[s.end:])
	_, err := w.Write(out.Bytes())
	return err
}

var (
	shapeRow    = regexp.MustCompile(`<x:Row>\s*([0-9]{1,9})\s*</x:Row>`)
	shapeColumn = regexp.MustCompile(`<x:Column>\s*([0-9]{1,9})\s*</x:Column>`)
)

// dropShapes is the drawing without the boxes of some cells' comments.
func dropShapes(data []byte, cells map[string]bool) []byte {
	var kept []byte
	for len(cells) > 0 {
		from := bytes.Index(data, []byte("<v:shape "))
		if from < 0 {
			break
		}
		end := bytes.Index(data[from:], []byte("</v:shape>"))
		if end < 0 {
			break
		}
		end += from + len("</v:shape>")
		kept = append(kept, data[:from]...)
		if shape := data[from:end]; !cells[cellOfShape(shape)] {
			kept = append(kept, shape...)
		}
		data = data[end:]
	}
	return append(kept, data...)
}

// cellOfShape is the cell whose comment a shape shows.
func cellOfShape(shape []byte) string {
	row, column := shapeRow.FindSubmatch(shape), shapeColumn.FindSubmatch(shape)
	if row == nil || column == nil || !bytes.Contains(shape, []byte(`ObjectType="Note"`)) {
		return ""
	}
	r, _ := strconv.Atoi(string(row[1]))
	c, _ := strconv.Atoi(string(column[1]))
	return CellName(c+1, r+1)
}

// prepareComments prepares the comments of a sheet and the drawing of their boxes.
// A drawing to which nothing can be added leaves the sheet without new comments.
func (c *marking) prepareComments(s *markedSheet, edges extent) error {
	known, err := c.relationsOf(s.part)
	if err != nil {
		return err
	}
	old := ""
	for _, r := range known {
		if strings.HasSuffix(r.kind, "/comments") && c.archive.parts[partName(r.target)] != nil {
			old = r.target
		}
	}
	p := s.comments(c.Author)
	if old != "" {
		if err := c.archive.rewrite(old, c.limits.Part, io.Discard, p.survey); err != nil {
			return err
		}
	}
	if len(p.cells) == 0 && len(p.before) == 0 {
		return nil
	}
	drawing, isNew := known[edges.drawing].target, edges.drawing == ""
	data := []byte(emptyDrawing)
	if !isNew {
		if data, err = c.readPart(drawing); err != nil {
			return err
		}
	}
	boxes, ok := newShapes(data)
	if !ok {
		return nil
	}
	if old != "" {
		c.parts[partName(old)] = c.rewriting(old, p.write)
	} else {
		part := c.newPart("xl/comments", ".xml", typeBase+"comments+xml", func(w io.Writer) error { return p.fresh(w, c.space.main) })
		c.relate(s.part, "comments", part, known)
	}
	// The boxes are known when the comments are written.
	write := func(w io.Writer) error { return boxes.write(w, p) }
	if !isNew {
		c.parts[partName(drawing)] = write
		c.last = append(c.last, drawing)
		return nil
	}
	part := c.newPart("xl/drawings/vmlDrawing", ".vml", "application/vnd.openxmlformats-officedocument.vmlDrawing", write)
	s.drawing = c.relate(s.part, "vmlDrawing", part, known)
	return nil
}

// comments are those of the sheet's marks, row by row.
func (s *markedSheet) comments(author string) *commentPart {
	var rows []int
	var cells []CellMark
	for _, n := range slices.Sorted(maps.Keys(s.Rows)) {
		for _, c := range s.Rows[n].Cells {
			if c.Comment != "" && c.Column != s.Column {
				rows, cells = append(rows, n), append(cells, c)
			}
		}
	}
	return newCommentPart(author, rows, cells)
}

// relationsOf are the relations of a part, which need not have any.
func (c *marking) relationsOf(part string) (map[string]relation, error) {
	name := relationsOf(part)
	if c.archive.parts[partName(name)] == nil {
		return map[string]relation{}, nil
	}
	return c.archive.relations(name, path.Dir(part)+"/")
}

// readPart reads a small part as it is; one that is missing is empty.
func (c *marking) readPart(name string) ([]byte, error) {
	if c.archive.parts[partName(name)] == nil {
		return nil, nil
	}
	p, err := c.archive.open(name, c.limits.Part)
	if err != nil {
		return nil, err
	}
	defer p.close()
	return io.ReadAll(p.src)
}
