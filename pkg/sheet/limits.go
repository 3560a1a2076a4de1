package sheet

import "cmp"

// Limits bound what a file may cost. A field of zero stands for the default,
// which lets an honest workbook of a million rows pass and a bomb not.
type Limits struct {
	File    int64 // bytes of the file as given; 64 MiB
	Parts   int   // parts of a workbook; 512
	Total   int64 // bytes that all parts together unpack to; 2 GiB
	Sheet   int64 // bytes that one sheet unpacks to; 1 GiB
	Strings int64 // bytes that the table of shared texts unpacks to; 128 MiB
	Part    int64 // bytes that any other part that is read unpacks to; 16 MiB
	Ratio   int   // unpacked bytes to packed ones, for parts over 1 MiB; 400

	SharedTexts int // texts in the table of shared texts; 4,000,000
	Depth       int // XML elements inside each other; 32
	Text        int // bytes of one cell, tag or comment; 256 KiB
	Row         int // bytes of text in all cells of a row; 8 MiB
	Rows        int // the number of a sheet's last row; 1,048,576
	Columns     int // the number of a sheet's last column; 16,384
	Merges      int // merged blocks of a sheet; 1,048,576

	RefuseMacros        bool // refuse workbooks with macros
	RefuseExternalLinks bool // refuse workbooks that look into other files
	RefuseEmbedded      bool // refuse workbooks that hold other files or controls
}

func (l Limits) withDefaults() Limits {
	l.File = cmp.Or(l.File, 64<<20)
	l.Parts = cmp.Or(l.Parts, 512)
	l.Total = cmp.Or(l.Total, 2<<30)
	l.Sheet = cmp.Or(l.Sheet, 1<<30)
	l.Strings = cmp.Or(l.Strings, 128<<20)
	l.Part = cmp.Or(l.Part, 16<<20)
	l.Ratio = cmp.Or(l.Ratio, 400)
	l.SharedTexts = cmp.Or(l.SharedTexts, 4_000_000)
	l.Depth = cmp.Or(l.Depth, 32)
	l.Text = cmp.Or(l.Text, 256<<10)
	l.Row = cmp.Or(l.Row, 8<<20)
	l.Rows = cmp.Or(l.Rows, 1<<20)
	l.Columns = cmp.Or(l.Columns, 1<<14)
	l.Merges = cmp.Or(l.Merges, 1<<20)
	return l
}
