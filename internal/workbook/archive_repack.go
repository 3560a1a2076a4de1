package workbook

import (
	"archive/zip"
	"bytes"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// repack makes the archive that excelize is given: the sheets and the shared
// texts, packed as they are, in a workbook of our own writing in which the first
// sheet is called s1. Pictures, styles, formulas' links and whatever else came
// along are left out, so excelize meets nothing that was not looked at before.
func (a *archive) repack(sheets []sheetPart) (*bytes.Buffer, error) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	var list, rels strings.Builder
	for i, sheet := range sheets {
		n := i + 1
		if err := a.copyTo(w, fmt.Sprintf("xl/worksheets/sheet%d.xml", n), sheet.part); err != nil {
			return nil, err
		}
		fmt.Fprintf(&list, `<sheet name="s%d" sheetId="%d" r:id="r%d"/>`, n, n, n)
		fmt.Fprintf(&rels, `<Relationship Id="r%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, n, relationships, n)
	}
	if a.parts[sharedStringsPart] != nil {
		if err := a.copyTo(w, "xl/sharedStrings.xml", sharedStringsPart); err != nil {
			return nil, err
		}
	}
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`},
		{"_rels/.rels", `<Relationships xmlns="` + packageRelationships + `"><Relationship Id="r1" Type="` + relationships + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="` + relationships + `"><sheets>` + list.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packageRelationships + `">` + rels.String() + `</Relationships>`},
	} {
		if err := writePart(w, part.name, part.text); err != nil {
			return nil, err
		}
	}
	return &out, w.Close()
}

const (
	relationships        = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageRelationships = "http://schemas.openxmlformats.org/package/2006/relationships"
)

// copyTo copies a part without unpacking it.
func (a *archive) copyTo(w *zip.Writer, name, part string) error {
	from := a.parts[part]
	raw, err := from.OpenRaw()
	if err != nil {
		return err
	}
	dst, err := w.CreateRaw(&zip.FileHeader{
		Name: name, Method: from.Method, CRC32: from.CRC32,
		CompressedSize64: from.CompressedSize64, UncompressedSize64: from.UncompressedSize64,
	})
	if err != nil {
		return err
	}
	_, err = io.Copy(dst, raw)
	return err
}

func writePart(w *zip.Writer, name, text string) error {
	dst, err := w.CreateRaw(&zip.FileHeader{
		Name: name, CRC32: crc32.ChecksumIEEE([]byte(text)),
		CompressedSize64: uint64(len(text)), UncompressedSize64: uint64(len(text)),
	})
	if err == nil {
		_, err = io.WriteString(dst, text)
	}
	return err
}
