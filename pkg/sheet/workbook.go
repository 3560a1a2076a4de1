package sheet

import (
	"bytes"
	"path"
	"strings"
)

const defaultWorkbook = "xl/workbook.xml"

// contents is what a workbook's main part and its neighbours say.
type contents struct {
	sheets   []Sheet
	parts    []string // of the sheets
	strings  string   // the part of the shared texts, empty when there is none
	styles   string   // the part of the number formats, empty when there is none
	date1904 bool
}

// relation is how one part points to another.
type relation struct{ kind, target string }

// contents finds the sheets, in the order in which they are shown.
func (a *archive) contents() (contents, error) {
	var c contents
	main, err := a.mainPart()
	if err != nil {
		return c, err
	}
	dir, base := path.Split(main)
	relations, err := a.relations(dir+"_rels/"+base+".rels", dir)
	if err != nil {
		return c, err
	}
	for _, r := range relations {
		switch {
		case strings.HasSuffix(r.kind, "/sharedStrings"):
			c.strings = r.target
		case strings.HasSuffix(r.kind, "/styles"):
			c.styles = r.target
		}
	}
	if err := a.walk(main, func(x *scanner) error { return c.element(x, relations) }); err != nil {
		return c, err
	}
	for i, part := range c.parts {
		if a.parts[partName(part)] == nil {
			return c, ofPart(damagedf("the sheet %q is missing", c.sheets[i].Name), part)
		}
	}
	if len(c.sheets) == 0 {
		return c, ofPart(damagedf("it has no sheets"), main)
	}
	return c, nil
}

func (c *contents) element(x *scanner, relations map[string]relation) error {
	switch string(x.name) {
	case "workbookPr":
		c.date1904 = isTrue(x.attr("date1904"))
	case "sheet":
		if x.level() != 3 {
			return nil // of an extension
		}
		s := Sheet{Name: string(x.attr("name")), State: Visible}
		switch state := x.attr("state"); string(state) {
		case "hidden":
			s.State = Hidden
		case "veryHidden":
			s.State = VeryHidden
		}
		r, ok := relations[string(x.prefixedAttr("id"))]
		switch {
		case !ok:
			return damagedf("the sheet %.100q has no part", s.Name)
		case !strings.HasSuffix(r.kind, "/worksheet"):
			return nil // a chart on a sheet of its own, or old macros
		}
		c.sheets = append(c.sheets, s)
		c.parts = append(c.parts, r.target)
	}
	return nil
}

func isTrue(b []byte) bool { return string(b) == "1" || string(b) == "true" }

// mainPart is where the workbook begins.
func (a *archive) mainPart() (string, error) {
	if a.parts["_rels/.rels"] == nil {
		return defaultWorkbook, nil
	}
	relations, err := a.relations("_rels/.rels", "")
	if err != nil {
		return "", err
	}
	for _, r := range relations {
		if strings.HasSuffix(r.kind, "/officeDocument") {
			return r.target, nil
		}
	}
	return defaultWorkbook, nil
}

func (a *archive) relations(name, dir string) (map[string]relation, error) {
	all := make(map[string]relation)
	err := a.walk(name, func(x *scanner) error {
		if string(x.name) == "Relationship" && !bytes.Equal(x.attr("TargetMode"), []byte("External")) {
			id := string(x.attr("Id"))
			kind := string(x.attr("Type"))
			all[id] = relation{kind, resolve(dir, string(x.attr("Target")))}
		}
		return nil
	})
	return all, err
}

// resolve makes a target the name of a part: it may be relative or absolute, and
// some programs write backslashes.
func resolve(dir, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if !strings.HasPrefix(target, "/") {
		target = dir + target
	}
	return strings.TrimPrefix(path.Clean("/"+target), "/")
}

// walk calls element with each start tag of a small part.
func (a *archive) walk(name string, element func(*scanner) error) error {
	return a.read(name, a.limits.Part, func(x *scanner) error {
		for {
			tok, err := x.next()
			if err != nil || tok == tokenDone {
				return err
			}
			if tok == tokenStart {
				if err := element(x); err != nil {
					return err
				}
			}
		}
	})
}

// read opens a part and hands it to use, which reads it to its end. Errors of
// use that do not know their place get one in the part.
func (a *archive) read(name string, limit int64, use func(*scanner) error) error {
	p, err := a.open(name, limit)
	if err != nil {
		return err
	}
	defer p.close()
	src, err := decodeMarkup(p.src)
	if err != nil {
		return locate(err, Error{Part: p.name})
	}
	x := newScanner(src, p.size, a.limits)
	x.careful = a.careful
	if err := use(x); err != nil {
		return locate(err, Error{Part: p.name, Offset: x.at()})
	}
	return nil
}
