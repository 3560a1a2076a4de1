package web

import (
	"strconv"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// importRowsPage is what came of the rows of an import.
type importRowsPage struct {
	registry.Import
	only   registry.RowOutcome // zero: all rows
	rows   []registry.ImportRow
	next   string // the address of the next page; empty on the last
	filter form
}

func rowsAddress(id uint64, only string) string {
	return address(importAddress(id)+"/rows", "outcome", only)
}

func (v *visit) listImportRows() (reply, error) {
	id, err := v.importID()
	if err != nil {
		return reply{}, err
	}
	p := importRowsPage{filter: filterOf(v.c.Request.URL.Query())}
	if p.Import, err = v.session.Import(v.ctx, id); err != nil {
		return reply{}, err
	}
	if p.only, err = optional(p.filter.value("outcome"), registry.ParseRowOutcome); err != nil {
		return reply{}, err
	}
	after, err := optional(p.filter.value("after"), strconv.Atoi)
	if err != nil {
		return reply{}, fleet.Invalidf("list.after", "this page of the list cannot be found: begin the list again")
	}
	rows, next, err := v.session.ImportRows(v.ctx, id, registry.RowQuery{Only: p.only, After: after, Limit: listPage})
	if err != nil {
		return reply{}, err
	}
	if p.rows = rows; next != 0 {
		p.next = address(importAddress(id)+"/rows", "outcome", p.filter.value("outcome"), "after", strconv.Itoa(next))
	}
	return show(v.say("import.rows_of", "ref", registry.ImportRef(id)), importRowsBody(v.view, p)), nil
}

// subject is the address of what a row is about; empty for what was left out, of
// which the register may know nothing.
func (p importRowsPage) subject(r registry.ImportRow) string {
	switch {
	case r.Outcome == registry.RowLeftOut || r.Subject == "" || p.Kind == workbook.Models.String():
		return ""
	case p.Kind == workbook.Places.String():
		return placeAddress(fleet.PlaceCode(r.Subject))
	}
	return deviceAddress(fleet.Serial(r.Subject))
}

// reason is why a row was left out, in the page's language.
func (v *view) reason(r registry.ImportRow) string {
	if r.Reason == nil {
		return ""
	}
	return v.errorText(&fleet.Error{Code: r.Reason.Code, Message: r.Reason.Message})
}
