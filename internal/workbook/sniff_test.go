package workbook

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// zipped makes an archive of parts.
func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	return packed(t, zip.Deflate, parts)
}

func packed(t testing.TB, method uint16, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range parts {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// wantRefused checks that opening or reading the file fails with the code and a
// sentence that holds the words.
func wantRefused(t *testing.T, name string, data []byte, code, words string) {
	t.Helper()
	_, err := readAll(t, memFile(name, data))
	var e *fleet.Error
	if !errors.As(err, &e) || e.Code != code || !strings.Contains(e.Message, words) {
		t.Errorf("%s: got %v, want %s with %q", name, err, code, words)
	}
}

func TestFilesThatCannotBeReadAreNamed(t *testing.T) {
	ole := "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 600)
	stream := func(name string) string { // in the letters of such containers
		return strings.Join(strings.Split(name, ""), "\x00") + "\x00"
	}
	for _, c := range []struct {
		name string
		data string
		code string
		say  string
	}{
		{"nothing.xlsx", "", "file.empty", "no bytes"},
		{"blanks.csv", " \r\n\t\r\n", "file.empty", "nothing but blanks"},
		{"old.xlsx", ole, "file.xls", "save it as .xlsx"},
		{"locked.xlsx", ole + stream("EncryptedPackage"), "file.password", "remove the password"},
		{"letter.xlsx", ole + stream("WordDocument"), "file.word", "copy its table into Excel"},
		{"scan.xlsx", "%PDF-1.7 ...", "file.pdf", "the workbook that it was printed from"},
		{"photo.csv", "\x89PNG\r\n\x1a\n", "file.picture", "send the workbook itself"},
		{"list.xls", "  <html><table>", "file.web_page", "save it as .xlsx"},
		{"all.rar", "Rar!\x1a\x07", "file.archive", "unpack it"},
		{"program.csv", "MZ\x00\x01\x02\x03\x04\x05\x06", "file.not_spreadsheet", "send an .xlsx or .csv file"},
		{"cut.xlsx", "PK\x03\x04 and so on", "file.damaged", "cut short"},
		{"sheet.ods", string(zipped(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet"})), "file.ods", "LibreOffice"},
		{"sheet.xlsb", string(zipped(t, map[string]string{"_rels/.rels": "x", "xl/workbook.bin": "x"})), "file.xlsb", "binary Excel"},
		{"sheet.xlsm", string(zipped(t, map[string]string{"_rels/.rels": "x", "xl/vbaProject.bin": "x"})), "file.macros", "macros"},
		{"sheet.numbers", string(zipped(t, map[string]string{"Index/Document.iwa": "x"})), "file.numbers", "Export To"},
		{"letter.docx", string(zipped(t, map[string]string{"_rels/.rels": "x", "word/document.xml": "x"})), "file.word", "text document"},
		{"photos.zip", string(zipped(t, map[string]string{"a.jpg": "x"})), "file.archive", "unpack it"},
		{"empty.zip", "PK\x05\x06" + strings.Repeat("\x00", 18), "file.empty", "empty archive"},
		{"hollow.xlsx", string(zipped(t, map[string]string{"_rels/.rels": "<Relationships/>"})), "file.damaged", "is missing"},
	} {
		wantRefused(t, c.name, []byte(c.data), c.code, c.say)
	}
}

func TestAFileTooLargeIsNotRead(t *testing.T) {
	_, err := open(t.Context(), lines("a.csv", "Serial", "TK-0001"), Limits{File: 10}.withDefaults())
	if err == nil || !strings.Contains(err.Error(), "split it into several files") {
		t.Errorf("got %v", err)
	}
}
