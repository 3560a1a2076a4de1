package workbook

import (
	"context"
	"io"
	"strconv"

	"github.com/takhti-edu/takhti/internal/registry"
)

// journalColumns are those of the journal as a file.
var journalColumns = []column{
	{0, "Entry", nil, formCode, 10},
	{0, "Time (UTC)", nil, formCode, 22},
	{0, "Change", nil, formCode, 22},
	{0, "Account", nil, formCode, 10},
	{0, "By", nil, formCode, 20},
	{0, "Through", nil, formCode, 10},
	{0, "Address", nil, formCode, 20},
	{0, "Place", nil, formCode, 20},
	{0, "Record", nil, formCode, 14},
	{0, "Record Number", nil, formCode, 14},
	{0, "About", nil, formText, 30},
	{0, "Remark", nil, formText, 30},
	{0, "More Like It", nil, formCode, 12},
	{0, "Request", nil, formCode, 36},
	{0, "Erased By", nil, formCode, 10},
}

// ExportJournal writes the entries that fit the query and that the actor may read,
// the newest first. It reads them in many short transactions.
func ExportJournal(ctx context.Context, s registry.Session, w io.Writer, f Format, q registry.JournalQuery) error {
	var out sheetWriter
	var err error
	if f == CSV {
		out, err = newCSVWriter(w, journalColumns)
	} else {
		out, err = newXLSXWriter(w, journalColumns, "journal", "")
	}
	if err != nil {
		return err
	}
	q.Limit = exportPage
	for more := true; more; more = q.Before != 0 {
		var page []registry.Entry
		if page, q.Before, err = s.JournalPage(ctx, q); err == nil {
			err = writeEntries(ctx, s, out, page)
		}
		if err != nil {
			out.abandon()
			return err
		}
	}
	return out.finish()
}

func writeEntries(ctx context.Context, s registry.Session, out sheetWriter, page []registry.Entry) error {
	at, err := s.PlacesOf(ctx, page)
	if err != nil {
		return err
	}
	for _, e := range page {
		err := out.row([]value{
			number(e.Seq), text(e.Time.Format("2006-01-02 15:04:05")), text(e.Change), number(uint64(e.User)), text(e.Actor), text(e.Via),
			text(e.Address), text(string(at[e.Place].Code)), text(e.Record()), number(e.ID), text(e.Subject), text(e.Note), number(e.Count),
			text(e.Request), number(e.Erased),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// number is a number that is a name; empty for zero.
func number(n uint64) value {
	if n == 0 {
		return value{}
	}
	return text(strconv.FormatUint(n, 10))
}
