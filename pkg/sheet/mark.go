package sheet

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Marks is what [Book.Mark] puts into a copy of a workbook.
type Marks struct {
	Author  string             // who the comments say they are from
	Heading string             // of the column of remarks
	Width   int                // the last column that remarks may stand in; 16,384
	Sheets  map[int]SheetMarks // by the sheet's number, from zero
	Front   *Front             // a sheet to stand before all others; nil: none
}

// SheetMarks are the marks of one sheet.
type SheetMarks struct {
	Header int              // the row that gets the heading; zero: none
	Column int              // of the remarks, where an earlier copy has it already; zero: the one behind the last that holds something
	Rows   map[int]RowMarks // by their numbers
}

// RowMarks are the marks of one row.
type RowMarks struct {
	Remark string     // in the column of remarks
	Cells  []CellMark // these are coloured
}

// CellMark is the mark of one cell.
type CellMark struct {
	Column  int
	Comment string // none when empty
}

// errText is for text files, which have nothing that could be marked.
var errText = errors.New("sheet: a text file cannot be marked")

// Mark writes a copy of the workbook to w, with marks: cells are coloured and
// commented, remarks stand in a column of their own. Everything else is as it was:
// parts that do not change are copied as they are packed, and of the others all
// but the marks. What an earlier copy marked is unmarked. Text files cannot be marked.
//
// The sheets that get marks are read twice and streamed. The same marks give the same
// bytes. After an error, what was written is of no use.
func (b *Book) Mark(ctx context.Context, w io.Writer, m Marks) error {
	if b.text != nil {
		return errText
	}
	c := &marking{Book: b, Marks: m, ctx: ctx, zip: zip.NewWriter(w), parts: map[string]func(io.Writer) error{}}
	if c.Width == 0 {
		c.Width = b.limits.Columns
	}
	if err := c.prepare(); err != nil {
		return locate(err, Error{})
	}
	if err := c.write(); err != nil {
		return locate(err, Error{})
	}
	return c.zip.Close()
}

// marking is the making of one copy.
type marking struct {
	*Book
	Marks
	ctx    context.Context
	zip    *zip.Writer
	main   string // the workbook's main part
	space  nameSpaces
	styles *markStyles

	parts map[string]func(io.Writer) error // those that change and those that are new, by partName
	added []string                         // the new ones
	last  []string                         // those that can be written only when the sheets are

	types     []override            // of the new parts
	relations map[string][]relative // that are added, by the part that has them
}

type override struct{ part, kind string }

type relative struct{ id, kind, target string }

// nameSpaces are those that a workbook uses: of the usual sort, or strict.
type nameSpaces struct{ main, relations string }

var (
	usualSpaces  = nameSpaces{"http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://schemas.openxmlformats.org/officeDocument/2006/relationships"}
	strictSpaces = nameSpaces{"http://purl.oclc.org/ooxml/spreadsheetml/main", "http://purl.oclc.org/ooxml/officeDocument/relationships"}
)

// prepare works out which parts change and how.
func (c *marking) prepare() error {
	c.relations = map[string][]relative{}
	if err := c.prepareWorkbook(); err != nil {
		return err
	}
	for i := range c.sheets {
		if marks, ok := c.Marks.Sheets[i]; ok {
			if err := c.prepareSheet(i, marks); err != nil {
				return err
			}
		}
	}
	for _, part := range slices.Sorted(maps.Keys(c.relations)) {
		c.prepareRelations(part, c.relations[part])
	}
	if len(c.types) > 0 {
		c.parts["[content_types].xml"] = c.rewriting("[Content_Types].xml", func(r *rewriter) error {
			var all strings.Builder
			for _, t := range c.types {
				fmt.Fprintf(&all, `<%sOverride PartName="/%s" ContentType="%s"/>`, r.prefix, t.part, t.kind)
			}
			return r.appendToRoot(all.String())
		})
	}
	return nil
}

func (c *marking) rewriting(part string, visit func(*rewriter) error) func(io.Writer) error {
	return func(w io.Writer) error { return c.archive.rewrite(part, c.limits.Part, w, visit) }
}

// appendToRoot adds to the end of the root's content.
func (r *rewriter) appendToRoot(content string) error {
	if r.x.isEmpty {
		r.fill(r.tag(), content)
	}
	for {
		tok, err := r.next()
		if err != nil || tok == tokenDone {
			return err
		}
		if tok == tokenEnd && r.x.depth() == 0 {
			r.before()
			r.put(content)
		}
	}
}

// newPart sees to a part's being written that the workbook does not have. Its name
// is the stem with a number, if it must have one, and the extension.
func (c *marking) newPart(stem, extension, kind string, write func(io.Writer) error) string {
	for n, number := 1, ""; ; n, number = n+1, strconv.Itoa(n) {
		name := stem + number + extension
		if c.archive.parts[partName(name)] == nil && c.parts[partName(name)] == nil {
			c.parts[partName(name)] = write
			c.added = append(c.added, name)
			c.types = append(c.types, override{name, kind})
			return name
		}
	}
}

// relate adds a relation of a part to another, and gives its name.
func (c *marking) relate(from, kind, to string, known map[string]relation) string {
	for n := 1; ; n++ {
		id := fmt.Sprintf("rIdMark%d", n)
		if _, taken := known[id]; !taken {
			known[id] = relation{kind, to}
			c.relations[from] = append(c.relations[from], relative{id, c.space.relations + "/" + kind, "/" + to})
			return id
		}
	}
}

// prepareRelations adds to the relations of a part.
func (c *marking) prepareRelations(part string, add []relative) {
	name := relationsOf(part)
	list := func(prefix string) string {
		var all strings.Builder
		for _, r := range add {
			fmt.Fprintf(&all, `<%sRelationship Id="%s" Type="%s" Target="%s"/>`, prefix, r.id, r.kind, xmlText(r.target))
		}
		return all.String()
	}
	if c.archive.parts[partName(name)] != nil {
		c.parts[partName(name)] = c.rewriting(name, func(r *rewriter) error { return r.appendToRoot(list(r.prefix)) })
		return
	}
	c.added = append(c.added, name)
	c.parts[partName(name)] = func(w io.Writer) error {
		_, err := io.WriteString(w, xmlDeclaration+`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`+list("")+`</Relationships>`)
		return err
	}
}

// write writes the copy: the parts in their order, the new ones behind them, and
// last those that only the sheets' copies have made known.
func (c *marking) write() error {
	late := map[string]bool{}
	for _, name := range c.last {
		late[partName(name)] = true
	}
	names := map[string]string{}
	for _, file := range c.archive.files {
		name := partName(file.Name)
		names[name] = file.Name
		switch write := c.parts[name]; {
		case late[name]:
		case write != nil:
			if err := c.part(file.Name, write); err != nil {
				return err
			}
		default:
			if err := c.copy(file); err != nil {
				return err
			}
		}
	}
	for _, name := range append(c.added, c.last...) {
		if late[partName(name)] && names[partName(name)] != "" {
			name = names[partName(name)]
		}
		if err := c.part(name, c.parts[partName(name)]); err != nil {
			return err
		}
	}
	return nil
}

func (c *marking) part(name string, write func(io.Writer) error) error {
	w, err := c.zip.Create(name)
	if err != nil {
		return err
	}
	return write(w)
}

// copy copies a part as it is packed.
func (c *marking) copy(file *zip.File) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	from, err := file.OpenRaw()
	if err != nil {
		return err
	}
	to, err := c.zip.CreateRaw(&file.FileHeader)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return err
}
