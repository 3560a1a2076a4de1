package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// archive is a workbook's parts, before any is unpacked. Names are compared
// with slashes and without regard to case, as Excel does.
type archive struct {
	parts   map[string]*zip.File
	files   []*zip.File // the same, in the order of the directory
	limits  Limits
	careful bool // see scanner
}

var errTruncated = refusal(CodeDamaged, "the file is cut short or damaged: its end is missing. Copy or upload it again")

func errTooManyParts(l Limits) *Error {
	return refusal(CodeTooLarge, fmt.Sprintf("the file holds more than %d parts: copy the table into a new workbook and save that", l.Parts))
}

// openArchive reads the archive's directory and refuses what is no .xlsx file.
func openArchive(r io.ReaderAt, size int64, l Limits) (*archive, error) {
	if n, err := countEntries(r, size); err != nil {
		return nil, err
	} else if n > l.Parts {
		return nil, errTooManyParts(l)
	}
	guarded := &budgetReader{r: r, size: size, left: 128<<10 + int64(l.Parts)<<11}
	z, err := zip.NewReader(guarded, size)
	switch {
	case guarded.left < 0 || err == nil && len(z.File) > l.Parts:
		return nil, errTooManyParts(l)
	case guarded.failed != nil:
		return nil, locate(guarded.failed, Error{})
	case err != nil:
		return nil, errTruncated
	}
	guarded.listed = true
	a := &archive{parts: make(map[string]*zip.File, len(z.File)), limits: l}
	if err := a.list(z.File); err != nil {
		return nil, locate(err, Error{})
	}
	return a, a.refuse()
}

func (a *archive) list(files []*zip.File) error {
	total := uint64(0)
	for _, part := range files {
		if strings.HasSuffix(part.Name, "/") {
			continue // a folder
		}
		name := partName(part.Name)
		if _, twice := a.parts[name]; twice {
			return damagedf("it holds the part %.100q twice", part.Name)
		}
		if part.Flags&1 != 0 {
			return refusals[CodePassword]
		}
		if part.UncompressedSize64 > uint64(a.limits.Total)-total {
			return tooLargef("it would unpack to more than %d MB", a.limits.Total>>20)
		}
		total += part.UncompressedSize64
		a.parts[name], a.files = part, append(a.files, part)
	}
	return nil
}

// budgetReader bounds how much of a file may be read to list its parts: package
// zip lists as many as the directory holds, whatever number it announces. It also
// looks where the directory says, be it outside of the file.
type budgetReader struct {
	r      io.ReaderAt
	size   int64
	left   int64
	listed bool  // the directory was read: no bound any more
	failed error // what the storage said
}

var errBudget = errors.New("more is read than a directory takes")

func (b *budgetReader) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off > b.size {
		return 0, io.ErrUnexpectedEOF // the directory lies
	}
	if b.listed {
		return b.r.ReadAt(p, off)
	}
	if b.left -= int64(len(p)); b.left < 0 {
		b.left = -1
		return 0, errBudget
	}
	n, err := b.r.ReadAt(p, off)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		b.failed = err
	}
	return n, err
}

func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(s, `\`, "/"), "/"))
}

const endRecordSize = 22

// countEntries reads the number of parts from the archive's last record, before
// memory is spent on a list of them.
func countEntries(r io.ReaderAt, size int64) (int, error) {
	tail := make([]byte, min(size, endRecordSize+1<<16))
	if n, err := r.ReadAt(tail, size-int64(len(tail))); n < len(tail) {
		return 0, locate(shortRead(err), Error{})
	}
	i := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if i < 0 || i+endRecordSize > len(tail) {
		return 0, errTruncated
	}
	return int(binary.LittleEndian.Uint16(tail[i+10:])), nil
}

// foreign are parts by which other kinds of files are known.
var foreign = []struct {
	part string // a part's whole name, or its beginning up to and with a slash
	code Code
}{
	{"xl/workbook.bin", CodeXLSB},
	{"index/", CodeNumbers},
	{"index.zip", CodeNumbers},
	{"word/", CodeWord},
	{"ppt/", CodeWord},
	{"encryptedpackage", CodePassword},
}

// refuse names the archives that are no .xlsx workbooks, or hold what is not
// wanted.
func (a *archive) refuse() error {
	if a.isODS() {
		return refusals[CodeODS]
	}
	for _, f := range foreign {
		if a.holds(f.part) {
			return refusals[f.code]
		}
	}
	if a.parts["_rels/.rels"] == nil && a.parts[defaultWorkbook] == nil {
		return refusals[CodeArchive]
	}
	switch {
	case a.limits.RefuseMacros && a.holdsMacros():
		return refusals[CodeMacros]
	case a.limits.RefuseExternalLinks && a.holds("xl/externallinks/"):
		return refusals[CodeExternalLinks]
	case a.limits.RefuseEmbedded && (a.holds("xl/embeddings/") || a.holds("xl/activex/")):
		return refusals[CodeEmbedded]
	}
	return nil
}

func (a *archive) holds(part string) bool {
	if !strings.HasSuffix(part, "/") {
		return a.parts[part] != nil
	}
	for name := range a.parts {
		if strings.HasPrefix(name, part) {
			return true
		}
	}
	return false
}

func (a *archive) holdsMacros() bool {
	for name := range a.parts {
		if strings.HasSuffix(name, "vbaproject.bin") || strings.HasPrefix(name, "xl/macrosheets/") {
			return true
		}
	}
	return false
}

func (a *archive) isODS() bool {
	part := a.parts["mimetype"]
	if part == nil || part.UncompressedSize64 > 200 {
		return false
	}
	r, err := part.Open()
	if err != nil {
		return false
	}
	defer r.Close()
	mime, _ := io.ReadAll(r) // at most what was announced
	return bytes.HasPrefix(mime, []byte("application/vnd.oasis.opendocument"))
}
