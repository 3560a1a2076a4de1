package main

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
)

// sheetForm says where a workbook has its texts: in the cells, as programs write
// them, or in a table that cells point into, as Excel does.
type sheetForm string

const (
	inlineTexts sheetForm = "inline"
	sharedTexts sheetForm = "shared"
)

const dateStyle = 1

// sheetFile writes a workbook of 14 columns: eleven of texts, of which one is
// empty in most rows, two of dates and one of prices. It is written by hand since
// excelize needs gigabytes to write texts into a table.
type sheetFile struct {
	form  sheetForm
	out   *bufio.Writer
	texts map[string]int
	order []string
}

func writeSheetFile(path string, form sheetForm, rows int) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	z := zip.NewWriter(f)
	s := &sheetFile{form: form, texts: map[string]int{}}
	parts := []struct {
		name  string
		write func(io.Writer) error
	}{
		{"[Content_Types].xml", s.fixed(contentTypes)},
		{"_rels/.rels", s.fixed(packageLinks)},
		{"xl/workbook.xml", s.fixed(workbookPart)},
		{"xl/_rels/workbook.xml.rels", s.fixed(workbookLinks)},
		{"xl/styles.xml", s.fixed(stylesPart)},
		{"xl/worksheets/sheet1.xml", func(w io.Writer) error { return s.sheet(w, rows) }},
		{"xl/sharedStrings.xml", s.table}, // after the sheet, which fills it
	}
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err == nil {
			err = p.write(w)
		}
		if err != nil {
			_ = f.Close()
			return err
		}
	}
	if err := z.Close(); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

func (s *sheetFile) fixed(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, xmlHead+text)
		return err
	}
}

func (s *sheetFile) sheet(w io.Writer, rows int) error {
	s.out = bufio.NewWriterSize(w, 1<<20)
	fmt.Fprintf(s.out, `%s<worksheet xmlns="%s"><dimension ref="A1:N%d"/><sheetData>`, xmlHead, mainNamespace, rows)
	for i := 1; i <= rows; i++ {
		s.row(i)
	}
	s.out.WriteString("</sheetData></worksheet>")
	return s.out.Flush()
}

func (s *sheetFile) row(i int) {
	fmt.Fprintf(s.out, `<row r="%d">`, i)
	for c, text := range []string{
		fmt.Sprintf("5CD%07dK", i), fmt.Sprintf("TK-%06d", i), "Chromebook 11 G9", fmt.Sprintf("3522%04d", i%9000),
		fmt.Sprintf("GGHS Chak No. %d/GB, Tehsil %d", i%700, i%37), "Faisalabad", fmt.Sprintf("PO-2026-%03d", i%40),
	} {
		s.text('A'+c, i, text)
	}
	s.number('H', i, strconv.Itoa(46000+i%90), dateStyle)
	s.number('I', i, strconv.Itoa(46400+i%90), dateStyle)
	s.text('J', i, fmt.Sprintf("CTN-%05d", i/10))
	s.number('K', i, strconv.FormatFloat(61250.5+float64(i%7), 'f', -1, 64), 0)
	s.text('L', i, fmt.Sprintf("7c:0a:3f:%02x:%02x:%02x", i>>16&255, i>>8&255, i&255))
	s.text('M', i, "teacher")
	if i%8 == 0 {
		s.text('N', i, fmt.Sprintf("carton %d opened at the depot &amp; closed again", i))
	}
	s.out.WriteString("</row>")
}

func (s *sheetFile) text(column, row int, text string) {
	if s.form == inlineTexts {
		fmt.Fprintf(s.out, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, column, row, text)
		return
	}
	n, known := s.texts[text]
	if !known {
		n = len(s.order)
		s.texts[text], s.order = n, append(s.order, text)
	}
	fmt.Fprintf(s.out, `<c r="%c%d" t="s"><v>%d</v></c>`, column, row, n)
}

func (s *sheetFile) number(column, row int, number string, style int) {
	fmt.Fprintf(s.out, `<c r="%c%d" s="%d"><v>%s</v></c>`, column, row, style, number)
}

func (s *sheetFile) table(w io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<20)
	fmt.Fprintf(out, `%s<sst xmlns="%s" uniqueCount="%d">`, xmlHead, mainNamespace, len(s.order))
	for _, text := range s.order {
		fmt.Fprintf(out, "<si><t>%s</t></si>", text)
	}
	out.WriteString("</sst>")
	return out.Flush()
}

const (
	xmlHead       = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainNamespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	linkNamespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packagePrefix = "http://schemas.openxmlformats.org/package/2006/"
	partType      = "application/vnd.openxmlformats-officedocument.spreadsheetml."

	contentTypes = `<Types xmlns="` + packagePrefix + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + partType + `sheet.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="` + partType + `worksheet+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + partType + `styles+xml"/>` +
		`<Override PartName="/xl/sharedStrings.xml" ContentType="` + partType + `sharedStrings+xml"/></Types>`
	packageLinks  = `<Relationships xmlns="` + packagePrefix + `relationships"><Relationship Id="rId1" Type="` + linkNamespace + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	workbookPart  = `<workbook xmlns="` + mainNamespace + `" xmlns:r="` + linkNamespace + `"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`
	workbookLinks = `<Relationships xmlns="` + packagePrefix + `relationships"><Relationship Id="rId1" Type="` + linkNamespace + `/worksheet" Target="worksheets/sheet1.xml"/>` +
		`<Relationship Id="rId2" Type="` + linkNamespace + `/styles" Target="styles.xml"/><Relationship Id="rId3" Type="` + linkNamespace + `/sharedStrings" Target="sharedStrings.xml"/></Relationships>`
	stylesPart = `<styleSheet xmlns="` + mainNamespace + `"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>` +
		`<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>`
)
