package workbook

import (
	"encoding/xml"
	"path"
	"strings"
)

// sheetPart is a sheet of a workbook: its name and the part it lies in.
type sheetPart struct {
	name   string
	part   string // a key of archive.parts
	hidden bool
}

// contents is what workbook.xml says.
type contents struct {
	sheets   []sheetPart
	date1904 bool // dates count from 1904, as on old Macs
}

const (
	defaultWorkbook   = "xl/workbook.xml"
	sharedStringsPart = "xl/sharedstrings.xml"
)

// contents finds the sheets, in the order in which they are shown.
func (a *archive) contents() (contents, error) {
	var c contents
	book := a.workbookPart()
	var doc workbookXML
	if err := a.decode(book, &doc); err != nil {
		return c, err
	}
	dir, base := path.Split(book)
	var rels relsXML
	if err := a.decode(dir+"_rels/"+base+".rels", &rels); err != nil {
		return c, err
	}
	c.date1904 = doc.Properties.Date1904 == "1" || doc.Properties.Date1904 == "true"
	for _, s := range doc.Sheets {
		rel := rels.find(func(r relXML) bool { return r.ID == s.ID })
		if rel.Type != "" && !strings.HasSuffix(rel.Type, "/worksheet") {
			continue // a chart on a sheet of its own
		}
		part := partName(resolve(dir, rel.Target))
		if a.parts[part] == nil {
			return c, damagedf("the sheet %q is missing", s.Name)
		}
		c.sheets = append(c.sheets, sheetPart{name: s.Name, part: part, hidden: s.State != "" && s.State != "visible"})
	}
	if len(c.sheets) == 0 {
		return c, damagedf("it has no sheets")
	}
	return c, nil
}

func (a *archive) workbookPart() string {
	var rels relsXML
	if err := a.decode("_rels/.rels", &rels); err != nil {
		return defaultWorkbook
	}
	rel := rels.find(func(r relXML) bool { return strings.HasSuffix(r.Type, "/officeDocument") })
	if rel.Target == "" {
		return defaultWorkbook
	}
	return partName(rel.Target)
}

func resolve(dir, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if strings.HasPrefix(target, "/") {
		return path.Clean(target)
	}
	return path.Join(dir, target)
}

// decode reads a small XML part into v.
func (a *archive) decode(name string, v any) error {
	b, err := a.read(name, maxSmallPart)
	if err == errNoPart {
		return damagedf("its part %s is missing", name)
	}
	if err != nil {
		return err
	}
	if err := xml.Unmarshal(b, v); err != nil {
		return damagedf("its part %s cannot be read", name)
	}
	return nil
}

type workbookXML struct {
	Properties struct {
		Date1904 string `xml:"date1904,attr"`
	} `xml:"workbookPr"`
	Sheets []struct {
		Name  string `xml:"name,attr"`
		State string `xml:"state,attr"`
		ID    string `xml:"id,attr"`
	} `xml:"sheets>sheet"`
}

type relsXML struct {
	All []relXML `xml:"Relationship"`
}

type relXML struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
}

func (r relsXML) find(is func(relXML) bool) relXML {
	for _, rel := range r.All {
		if is(rel) {
			return rel
		}
	}
	return relXML{}
}
