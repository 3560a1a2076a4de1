package workbook

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// archive is an .xlsx file's parts, before any is unpacked. Names are as
// excelize sees them: with slashes, compared without regard to case.
type archive struct {
	parts  map[string]*zip.File
	limits Limits
}

// openArchive reads the archive's directory and refuses what is no .xlsx file.
func openArchive(f File, l Limits) (*archive, error) {
	if n, err := countEntries(f); err != nil {
		return nil, err
	} else if n > maxParts {
		return nil, errTooManyParts
	}
	z, err := zip.NewReader(f.Data, f.Size)
	if err != nil {
		return nil, errTruncated
	}
	a := &archive{parts: make(map[string]*zip.File, len(z.File)), limits: l}
	if len(z.File) > maxParts {
		return nil, errTooManyParts
	}
	for _, part := range z.File {
		name := partName(part.Name)
		if _, twice := a.parts[name]; twice {
			return nil, damagedf("it holds the part %s twice", part.Name)
		}
		if part.Flags&1 != 0 {
			return nil, errPassword
		}
		a.parts[name] = part
	}
	return a, a.refuse()
}

var (
	errTruncated    = fleet.Invalidf("file.damaged", "the file is cut short or damaged: its end is missing. Copy or upload it again")
	errTooManyParts = fleet.Invalidf("file.too_large", "the file holds more than %d parts: copy the table into a new workbook and save that", maxParts)
)

// damagedf says that a workbook cannot be relied on.
func damagedf(format string, args ...any) error {
	return fleet.Invalidf("file.damaged", "the workbook is damaged: %s. Open it in Excel, save it again and send that", fmt.Sprintf(format, args...))
}

func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(s, `\`, "/"), "/"))
}

const endRecordSize = 22

// countEntries reads the number of parts from the archive's last record, before
// memory is spent on a list of them.
func countEntries(f File) (int, error) {
	tail := make([]byte, min(f.Size, endRecordSize+1<<16))
	if _, err := f.Data.ReadAt(tail, f.Size-int64(len(tail))); err != nil && err != io.EOF {
		return 0, err
	}
	i := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if i < 0 || i+endRecordSize > len(tail) {
		return 0, errTruncated
	}
	return int(binary.LittleEndian.Uint16(tail[i+10:])), nil
}

// foreign are parts by which other kinds of files are known.
var foreign = []struct {
	part    string // a part's whole name, or its beginning up to and with a slash
	refusal error
}{
	{"xl/workbook.bin", errXLSB},
	{"index/", errNumbers},
	{"index.zip", errNumbers},
	{"word/", errWord},
	{"ppt/", errWord},
	{"encryptedpackage", errPassword},
}

// refuse names the files that are archives but not .xlsx workbooks.
func (a *archive) refuse() error {
	for name := range a.parts {
		if strings.HasSuffix(name, "vbaproject.bin") {
			return errMacros
		}
	}
	if mime, err := a.read("mimetype", 100); err == nil && bytes.HasPrefix(mime, []byte("application/vnd.oasis.opendocument")) {
		return errODS
	}
	for _, f := range foreign {
		for name := range a.parts {
			if name == f.part || strings.HasSuffix(f.part, "/") && strings.HasPrefix(name, f.part) {
				return f.refusal
			}
		}
	}
	if a.parts["_rels/.rels"] == nil && a.parts[defaultWorkbook] == nil {
		return errArchive
	}
	return nil
}

// unpack opens a part for reading. What comes out is bounded by limit, whatever
// the directory declares, and reading it to its end checks its checksum.
func (a *archive) unpack(name string, limit int64) (io.ReadCloser, error) {
	part := a.parts[partName(name)]
	if part == nil {
		return nil, errNoPart
	}
	size, packed := part.UncompressedSize64, part.CompressedSize64
	if size > uint64(limit) || size > 1<<20 && size/maxRatio > packed {
		return nil, fleet.Invalidf("file.too_large", "the workbook's part %s would unpack to %d MB: copy the table into a new workbook and save that", name, size>>20)
	}
	return part.Open() // reads at most the declared size, and checks it and the CRC
}

var errNoPart = errors.New("no such part")

// read unpacks a small part whole.
func (a *archive) read(name string, limit int64) ([]byte, error) {
	r, err := a.unpack(name, limit)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		return nil, damagedf("its part %s cannot be unpacked", name)
	}
	return b, nil
}
