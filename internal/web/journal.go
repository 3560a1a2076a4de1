package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/audit"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// journalPage is a page of the journal, and by what its entries were picked.
type journalPage struct {
	filter  form
	rows    []journalRow
	next    string
	partial uint64 // the number of the last entry that was looked at, where neither all were nor the page is full
	journal journalFooter
}

// journalFooter says what the journal can be proved by.
type journalFooter struct {
	point  audit.Checkpoint
	key    string
	exists bool
}

// journalRow is an entry as the list shows it.
type journalRow struct {
	registry.Entry
	what  string // the change's name, to be read
	place string
}

// journalFilters are the query names that pick entries.
var journalFilters = []string{"who", "what", "change", "place", "from", "until"}

func (v *visit) listJournal() (reply, error) {
	p := journalPage{filter: filterOf(v.c.Request.URL.Query())}
	q, err := v.journalQuery(p.filter)
	if err != nil {
		return reply{}, err
	}
	found, next, err := v.session.JournalPage(v.ctx, q)
	if err != nil {
		return reply{}, err
	}
	if p.rows, err = v.journalRows(found); err != nil {
		return reply{}, err
	}
	if next != 0 {
		p.next = p.address("/journal", "before", strconv.FormatUint(next, 10))
		if len(found) < q.Limit {
			p.partial = next
		}
	}
	p.journal = v.journalFooter()
	return show(v.say("journal.list"), journalBody(v.view, p)), nil
}

func (v *visit) journalQuery(f form) (q registry.JournalQuery, err error) {
	q = registry.JournalQuery{Who: f.value("who"), What: f.value("what"), Change: strings.ReplaceAll(f.value("change"), " ", "_"), Limit: listPage}
	if code := f.value("place"); code != "" {
		at, err := v.session.Place(v.ctx, fleet.PlaceCode(code))
		if err != nil {
			return q, err
		}
		q.Place = at.Path
	}
	from, err := f.date("from")
	if err != nil {
		return q, err
	}
	until, err := f.date("until")
	if err != nil {
		return q, err
	}
	q.During(from, until)
	if before := f.value("before"); before != "" {
		if q.Before, err = strconv.ParseUint(before, 10, 63); err != nil {
			return q, fleet.Invalidf("list.after", "this page of the list cannot be found: begin the list again")
		}
	}
	return q, nil
}

func (v *visit) journalRows(found []registry.Entry) (rows []journalRow, err error) {
	at, err := v.session.PlacesOf(v.ctx, found)
	if err != nil {
		return nil, err
	}
	for _, e := range found {
		rows = append(rows, journalRow{Entry: e, what: strings.ReplaceAll(e.Change, "_", " "), place: at[e.Place].Name})
	}
	return rows, nil
}

// address is that of the same entries with one more value.
func (p *journalPage) address(path, name, value string) string {
	query := []string{name, value}
	for _, f := range journalFilters {
		query = append(query, f, p.filter.value(f))
	}
	return address(path, query...)
}

func (v *visit) journalFooter() (f journalFooter) {
	if v.Audit != nil {
		f.key = v.Audit.Public()
		f.point, f.exists = v.Audit.Last()
	}
	return f
}

// journalEntryPage is one entry with all that it says.
type journalEntryPage struct {
	journalRow
	facts []registry.Fact
}

func entryAddress(seq uint64) string { return "/journal/" + strconv.FormatUint(seq, 10) }

func (v *visit) entryAsked() (registry.Entry, error) {
	seq, err := strconv.ParseUint(v.c.Param("seq"), 10, 63)
	if err != nil {
		return registry.Entry{}, fleet.NotFoundf("journal.not_found", "the journal has no such entry")
	}
	return v.session.JournalEntry(v.ctx, seq)
}

func (v *visit) showEntry() (reply, error) {
	e, err := v.entryAsked()
	if err != nil {
		return reply{}, err
	}
	rows, err := v.journalRows([]registry.Entry{e})
	if err != nil {
		return reply{}, err
	}
	p := journalEntryPage{journalRow: rows[0]}
	p.facts, err = e.Facts(func(at fleet.Path) string {
		names, err := v.session.PlacesAt(v.ctx, at)
		if err != nil || names[at].Name == "" {
			return v.say("journal.place_gone")
		}
		return names[at].Name
	})
	return show(v.say("journal.entry", "n", int(e.Seq)), entryBody(v.view, p)), err
}

// proveEntry sends the proof of an entry.
func (v *visit) proveEntry() (reply, error) {
	e, err := v.entryAsked()
	if err != nil {
		return reply{}, err
	}
	if v.Audit == nil {
		return reply{}, fleet.NotFoundf("journal.no_proof", "this register signs no checkpoints")
	}
	proof, err := v.Audit.Prove(v.ctx, v.session, e.Seq)
	name := "takhti-entry-" + strconv.FormatUint(e.Seq, 10) + ".json"
	return reply{status: http.StatusOK, file: &download{name: name, kind: "application/json", data: proof}}, err
}

// exportJournal sends the entries as a file, as they are read.
func (v *visit) exportJournal() (reply, error) {
	format, err := workbook.ParseFormat(v.c.Param("format"))
	if err != nil {
		return reply{}, err
	}
	q, err := v.journalQuery(filterOf(v.c.Request.URL.Query()))
	if err != nil {
		return reply{}, err
	}
	// What fails before the first entry can still be said.
	if _, _, err := v.session.JournalPage(v.ctx, q); err != nil {
		return reply{}, err
	}
	v.session.Witness(registry.Act{Kind: registry.Exported, Subject: "journal", Note: format.String(), Place: q.Place})
	v.c.Header("Content-Type", format.ContentType())
	v.c.Header("Content-Disposition", `attachment; filename="takhti-journal.`+format.String()+`"`)
	if err := workbook.ExportJournal(v.ctx, v.session, v.c.Writer, format, q); err != nil {
		v.Log.ErrorContext(context.WithoutCancel(v.ctx), "an export of the journal was cut off", "error", err.Error())
		panic(http.ErrAbortHandler) // a part must not look like the whole
	}
	return reply{sent: true}, nil
}
