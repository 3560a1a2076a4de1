package workbook

import (
	"cmp"
	"context"
	"io"
	"path/filepath"
	"strings"

	"github.com/takhti-edu/takhti/internal/readproc"
)

// File is a spreadsheet as somebody sent it.
type File struct {
	Name string // what its sender called it: shown, never trusted
	Data io.ReaderAt
	Size int64
}

// base is the file's name without its folder and its ending: what Excel calls
// the one sheet of a .csv file.
func (f File) base() string {
	name := filepath.Base(strings.ReplaceAll(f.Name, `\`, "/"))
	if stem := strings.TrimSuffix(name, filepath.Ext(name)); stem != "" && stem != "." {
		return stem
	}
	return "file"
}

// Limits bound what a file may cost. A zero field stands for its default, which
// lets a sheet of 500,000 rows pass.
type Limits struct {
	File     int64 // bytes of the file as sent; 64 MiB
	Uploads  int64 // bytes of all files that are on their way in; 2 GiB
	Sheet    int64 // bytes of one sheet once unpacked; 1 GiB
	Strings  int64 // bytes of the table of shared texts once unpacked; 64 MiB
	Rows     int   // filled rows in all sheets; 1,000,000
	Problems int   // problems described one by one, the rest being counted; 10,000
	Whole    int   // rows that are carried out in one transaction; as Part, if that is given, or 50,000
	Part     int   // rows of each transaction of longer lists; 12,500

	// Scan has a look at each file that comes in, and says why it is not to be kept;
	// nil: nobody looks.
	Scan func(ctx context.Context, path string) error

	// Apart reads and marks files in processes of their own, which a hostile one may
	// crash; nil: that is done in this process. The data of files must then be an *os.File.
	Apart *readproc.Program
}

func (l Limits) withDefaults() Limits {
	l.File = cmp.Or(l.File, 64<<20)
	l.Uploads = cmp.Or(l.Uploads, 2<<30)
	l.Sheet = cmp.Or(l.Sheet, 1<<30)
	l.Strings = cmp.Or(l.Strings, 64<<20)
	l.Rows = cmp.Or(l.Rows, 1_000_000)
	l.Problems = cmp.Or(l.Problems, 10_000)
	l.Whole = cmp.Or(l.Whole, l.Part, 50_000)
	l.Part = cmp.Or(l.Part, 12_500)
	return l
}

// maxColumns are the filled columns of a sheet that is imported.
const maxColumns = 256
