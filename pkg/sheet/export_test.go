package sheet

// Careful makes a workbook be read without the short cuts for the usual forms
// of cells, so that tests can compare the two ways.
func Careful(b *Book) {
	if b.archive != nil {
		b.archive.careful = true
	}
}
