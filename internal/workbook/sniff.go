package workbook

import (
	"bytes"
	"io"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// format is what a file is, judged by its content and never by its name.
type format uint8

const (
	formatZip  format = iota + 1 // perhaps .xlsx; its parts decide
	formatText                   // .csv or .tsv
)

// sniff tells the two formats that can be read from the many that cannot, each
// of which is refused with the sentence that helps its sender.
func sniff(f File, limit int64) (format, error) {
	if f.Size == 0 {
		return 0, fleet.Invalidf("file.empty", "the file is empty: it has no bytes at all")
	}
	if f.Size > limit {
		return 0, fleet.Invalidf("file.too_large", "the file has %d MB, and at most %d MB can be read: split it into several files", f.Size>>20, limit>>20)
	}
	head := make([]byte, 4096)
	n, err := f.Data.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return 0, err
	}
	head = head[:n]
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return formatZip, nil
	case bytes.HasPrefix(head, []byte("PK")):
		return 0, errEmptyArchive
	case bytes.HasPrefix(head, []byte(oleMagic)):
		return 0, refuseOLE(f)
	}
	for _, m := range magics {
		if bytes.HasPrefix(head, []byte(m.prefix)) {
			return 0, m.refusal
		}
	}
	if isMarkup(head) {
		return 0, errWebPage
	}
	if looksBinary(head) {
		return 0, errNotSpreadsheet
	}
	return formatText, nil
}

const oleMagic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

const saveAs = "open it and save it as .xlsx (Excel Workbook) or .csv"

var (
	errNotSpreadsheet = fleet.Invalidf("file.not_spreadsheet", "this is not a spreadsheet: send an .xlsx or .csv file")
	errEmptyArchive   = fleet.Invalidf("file.empty", "the file is an empty archive: it holds no workbook")
	errXLS            = fleet.Invalidf("file.xls", "this is an old Excel file (.xls), which cannot be read: "+saveAs)
	errPassword       = fleet.Invalidf("file.password", "the workbook is protected by a password: open it, remove the password (File > Info > Protect Workbook > Encrypt with Password, and empty it) and save it again")
	errMacros         = fleet.Invalidf("file.macros", "the workbook contains macros (.xlsm), which are not accepted: "+saveAs)
	errODS            = fleet.Invalidf("file.ods", "this is a LibreOffice file (.ods), which cannot be read: "+saveAs)
	errNumbers        = fleet.Invalidf("file.numbers", "this is an Apple Numbers file, which cannot be read: choose File > Export To > Excel, or CSV")
	errXLSB           = fleet.Invalidf("file.xlsb", "this is a binary Excel file (.xlsb), which cannot be read: "+saveAs)
	errPDF            = fleet.Invalidf("file.pdf", "this is a PDF, not a spreadsheet: ask for the workbook that it was printed from")
	errPicture        = fleet.Invalidf("file.picture", "this is a picture, not a spreadsheet: send the workbook itself, as .xlsx or .csv")
	errWord           = fleet.Invalidf("file.word", "this is a Word or PowerPoint document: copy its table into Excel and save it as .xlsx")
	errArchive        = fleet.Invalidf("file.archive", "this is an archive, not a workbook: unpack it and send the .xlsx or .csv file inside")
	errWebPage        = fleet.Invalidf("file.web_page", "this is a web page or XML with another file's ending: "+saveAs)
)

// magics are the first bytes of files that are often sent by mistake.
var magics = []struct {
	prefix  string
	refusal error
}{
	{"%PDF", errPDF},
	{"\x89PNG", errPicture},
	{"\xFF\xD8\xFF", errPicture},
	{"GIF8", errPicture},
	{"Rar!", errArchive},
	{"7z\xBC\xAF\x27\x1C", errArchive},
	{"\x1F\x8B", errArchive},
	{"{\\rtf", errWord},
}

// refuseOLE tells apart what Excel and Word keep in the same kind of container:
// an encrypted .xlsx, an old .xls and others.
func refuseOLE(f File) error {
	names := []struct {
		stream  string
		refusal error
	}{
		{"EncryptedPackage", errPassword},
		{"WordDocument", errWord},
		{"PowerPoint Document", errWord},
	}
	r := io.NewSectionReader(f.Data, 0, f.Size)
	buf := make([]byte, 64<<10)
	const overlap = 64 // bytes kept, so that a name across two chunks is seen
	kept := 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		chunk := buf[:kept+n]
		for _, name := range names {
			if bytes.Contains(chunk, utf16LE(name.stream)) {
				return name.refusal
			}
		}
		if err != nil {
			return errXLS
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
	if encodingByMarks(head) != 0 {
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
