package sheet

import (
	"compress/flate"
	"errors"
	"fmt"
	"io"
)

// Code names the kind of an [Error], for programs.
type Code string

const (
	CodeEmpty          Code = "empty"           // no bytes, no workbook, nothing but blanks
	CodeTooLarge       Code = "too_large"       // beyond one of the limits on size
	CodeTooWide        Code = "too_wide"        // a cell beyond the last column allowed
	CodeDamaged        Code = "damaged"         // cut short, changed on its way, or never right
	CodePassword       Code = "password"        // protected by a password
	CodeMacros         Code = "macros"          // holds macros, and those are refused
	CodeExternalLinks  Code = "external_links"  // looks into other files, and that is refused
	CodeEmbedded       Code = "embedded"        // holds other files, and those are refused
	CodeXLS            Code = "xls"             // Excel 2003 or older
	CodeXLSB           Code = "xlsb"            // Excel's binary workbook
	CodeODS            Code = "ods"             // LibreOffice
	CodeNumbers        Code = "numbers"         // Apple Numbers
	CodePDF            Code = "pdf"             // a PDF
	CodePicture        Code = "picture"         // a photo or a screenshot
	CodeWord           Code = "word"            // a text document or slides
	CodeArchive        Code = "archive"         // an archive of something else
	CodeWebPage        Code = "web_page"        // HTML or XML
	CodeNotSpreadsheet Code = "not_spreadsheet" // something else
	CodeUnreadable     Code = "unreadable"      // the file's storage failed; the file may be fine
)

// Error says why a file cannot be read. Message is a whole sentence or two for
// the person who sent the file: what is wrong, where, and what to do next.
type Error struct {
	Code    Code
	Part    string // the part of the workbook, such as xl/worksheets/sheet1.xml
	Sheet   string // the sheet's name
	Row     int    // the row being read, as Excel counts; zero when it is none
	Column  int    // the column of the cell being read, from one; zero when it is none
	Offset  int64  // bytes into the unpacked part, or into the text file
	Message string
	Err     error // what the storage said, for CodeUnreadable
}

func (e *Error) Error() string { return e.Message }

// Unwrap gives the error of the storage that the file was read from, if any.
func (e *Error) Unwrap() error { return e.Err }

// defect is an error that does not know yet where in the file it lies.
type defect struct {
	code Code
	text string
}

func (d *defect) Error() string { return d.text }

func damagedf(format string, args ...any) error {
	return &defect{CodeDamaged, fmt.Sprintf(format, args...)}
}

func tooLargef(format string, args ...any) error {
	return &defect{CodeTooLarge, fmt.Sprintf(format, args...)}
}

var advice = map[Code]string{
	CodeDamaged:  "Open it in Excel, save it again and send that",
	CodeTooLarge: "Copy the table into a new workbook, or split it into several, and send that",
	CodeTooWide:  "Delete what stands to the right of the table",
}

// locate turns err into an *Error that lies at the place given: its Part,
// Sheet, Row, Column and Offset. An *Error that knows its place already stays.
func locate(err error, at Error) error {
	var known *Error
	if errors.As(err, &known) {
		return err
	}
	var d *defect
	if !errors.As(err, &d) {
		d = storageDefect(err)
	}
	if d == nil {
		at.Code, at.Err = CodeUnreadable, err
		at.Message = fmt.Sprintf("the file could not be read from where it is kept (%v): try again", err)
		return &at
	}
	at.Code = d.code
	var what string
	switch d.code {
	case CodeDamaged:
		what = "the workbook is damaged"
	case CodeTooWide:
		what = "the sheet is too wide"
	default:
		what = "the workbook is too large"
	}
	at.Message = fmt.Sprintf("%s: %s%s. %s", what, at.place(), d.text, advice[d.code])
	return &at
}

// storageDefect tells data that was packed wrongly from storage that failed.
func storageDefect(err error) *defect {
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &defect{CodeDamaged, "its packed data is not what was written"}
	}
	return nil
}

// place is the beginning of a sentence about what lies there.
func (e *Error) place() string {
	switch {
	case e.Column > 0:
		return fmt.Sprintf("in the sheet %q, at cell %s, ", e.Sheet, CellName(e.Column, e.Row))
	case e.Row > 0:
		return fmt.Sprintf("in the sheet %q, in or behind row %d, ", e.Sheet, e.Row)
	case e.Sheet != "":
		return fmt.Sprintf("in the sheet %q, ", e.Sheet)
	case e.Part != "":
		return fmt.Sprintf("in its part %s, ", e.Part)
	}
	return ""
}

func refusal(code Code, message string) *Error { return &Error{Code: code, Message: message} }
