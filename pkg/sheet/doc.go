// Package sheet reads the rows of spreadsheets that other people made: .xlsx
// workbooks, and .csv and .tsv files in the encodings they come in.
//
//	book, err := sheet.Open(file, size, sheet.Limits{})
//	...
//	for row, err := range book.Rows(0) {
//		if err != nil {
//			return err // an *Error that says what is wrong, where, and what to do
//		}
//		for _, cell := range row.Cells {
//			use(row.Number, cell.Column, cell.Text)
//		}
//	}
//
// It is strict: a sheet is read to the end of its rows, of its document and of
// its packed data with a matching checksum, or the loop ends with an error. What
// was read before an error is part of a file that cannot be relied on. It is
// bounded: memory depends on the [Limits], never on what a file announces. And
// it is fast: rows are streamed, and their memory is used again for the next.
//
// [Book.Mark] copies a workbook with marks, and with everything else as it was. A
// [Writer] writes a new one.
//
// The package does not evaluate formulas (the value that was saved with one is
// given, and the cell is marked), and needs only the standard library.
package sheet
