package sheet

import (
	"bytes"
	"fmt"
	"io"
)

// sniff tells the files that can be read from the many that cannot, each of
// which is refused with the sentence that helps its sender. Content decides,
// never a name. It reports whether the file is an archive, perhaps a workbook.
func sniff(r io.ReaderAt, size int64, l Limits) (archive bool, err error) {
	if size <= 0 {
		return false, refusal(CodeEmpty, "the file is empty: it has no bytes at all")
	}
	if size > l.File {
		return false, refusal(CodeTooLarge, fmt.Sprintf("the file has %d MB, and at most %d MB can be read: split it into several files", size>>20, l.File>>20))
	}
	head := make([]byte, min(size, 4096))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return false, locate(shortRead(err), Error{})
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return true, nil
	case bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return false, refusal(CodeEmpty, "the file is an empty archive: it holds no workbook")
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return false, refuseOLE(r, size)
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.prefix)) {
			return false, refusals[m.code]
		}
	}
	if isMarkup(head) {
		return false, refusals[CodeWebPage]
	}
	if looksBinary(head) {
		return false, refusals[CodeNotSpreadsheet]
	}
	return false, nil
}

// shortRead is the error of a ReaderAt that gave less than there should be.
func shortRead(err error) error {
	if err == nil || err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

const saveAs = "open it and save it as .xlsx (Excel Workbook) or .csv"

// refusals are for whole files. They lie nowhere in particular and are shared,
// so they are never changed.
var refusals = map[Code]*Error{
	CodeNotSpreadsheet: refusal(CodeNotSpreadsheet, "this is not a spreadsheet: send an .xlsx or .csv file"),
	CodeXLS:            refusal(CodeXLS, "this is an old Excel file (.xls), which cannot be read: "+saveAs),
	CodePassword:       refusal(CodePassword, "the workbook is protected by a password: open it, remove the password (File > Info > Protect Workbook > Encrypt with Password, and empty it) and save it again"),
	CodeMacros:         refusal(CodeMacros, "the workbook contains macros (.xlsm), which are not accepted: "+saveAs),
	CodeExternalLinks:  refusal(CodeExternalLinks, "the workbook takes values from other files, which is not accepted: copy the table, paste it as values into a new workbook and send that"),
	CodeEmbedded:       refusal(CodeEmbedded, "the workbook holds other files or controls, which are not accepted: copy the table into a new workbook and send that"),
	CodeODS:            refusal(CodeODS, "this is a LibreOffice file (.ods), which cannot be read: "+saveAs),
	CodeNumbers:        refusal(CodeNumbers, "this is an Apple Numbers file, which cannot be read: choose File > Export To > Excel, or CSV"),
	CodeXLSB:           refusal(CodeXLSB, "this is a binary Excel file (.xlsb), which cannot be read: "+saveAs),
	CodePDF:            refusal(CodePDF, "this is a PDF, not a spreadsheet: ask for the workbook that it was printed from"),
	CodePicture:        refusal(CodePicture, "this is a picture, not a spreadsheet: send the workbook itself, as .xlsx or .csv"),
	CodeWord:           refusal(CodeWord, "this is a text document or slides: copy its table into Excel and save it as .xlsx"),
	CodeArchive:        refusal(CodeArchive, "this is an archive, not a workbook: unpack it and send the .xlsx or .csv file inside"),
	CodeWebPage:        refusal(CodeWebPage, "this is a web page or XML with another file's ending: "+saveAs),
}

// magics are the first bytes of files that are often sent by mistake.
var magics = []struct {
	prefix string
	code   Code
}{
	{"%PDF", CodePDF},
	{"\x89PNG", CodePicture},
	{"\xFF\xD8\xFF", CodePicture},
	{"GIF8", CodePicture},
	{"Rar!", CodeArchive},
	{"7z\xBC\xAF\x27\x1C", CodeArchive},
	{"\x1F\x8B", CodeArchive},
	{"{\\rtf", CodeWord},
}

// refuseOLE tells apart what Excel and Word keep in the same kind of container:
// an encrypted .xlsx, an old .xls and others.
func refuseOLE(r io.ReaderAt, size int64) error {
	streams := []struct {
		name string
		code Code
	}{
		{"EncryptedPackage", CodePassword},
		{"WordDocument", CodeWord},
		{"PowerPoint Document", CodeWord},
	}
	file := io.NewSectionReader(r, 0, size)
	buf := make([]byte, 64<<10)
	const overlap = 64 // bytes kept, so that a name across two chunks is seen
	for kept := 0; ; {
		n, err := io.ReadFull(file, buf[kept:])
		chunk := buf[:kept+n]
		for _, s := range streams {
			if bytes.Contains(chunk, utf16LE(s.name)) {
				return refusals[s.code]
			}
		}
		if err != nil {
			return refusals[CodeXLS]
		}
		kept = copy(buf, chunk[len(chunk)-overlap:])
	}
}

// utf16LE is an ASCII text as OLE containers write the names of their streams.
func utf16LE(s string) []byte {
	b := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return b
}

// isMarkup recognises HTML and XML, which some systems call .xls or .csv.
func isMarkup(head []byte) bool {
	s := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n"))
	for _, start := range []string{"<?xml", "<!doctype", "<html", "<head", "<body", "<table", "<style", "<meta", "<div"} {
		if bytes.HasPrefix(s, []byte(start)) {
			return true
		}
	}
	return false
}

// looksBinary says whether the bytes cannot be text in any encoding that is read.
func looksBinary(head []byte) bool {
	if _, ok := encodingByMarks(head); ok {
		return false
	}
	odd := 0
	for _, c := range head {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' {
			odd++
		}
	}
	return odd*20 > len(head)
}
