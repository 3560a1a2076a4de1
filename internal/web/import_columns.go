package web

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// maxReplacement is how long a text may be that is read instead of another, in characters.
const maxReplacement = 200

// columnsPage asks what the sheets and columns of a file hold.
type columnsPage struct {
	registry.Import
	outline *workbook.Outline
	form    form
}

func columnsAddress(id uint64) string { return importAddress(id) + "/columns" }

func (v *visit) showColumns() (reply, error) {
	id, err := v.importID()
	if err != nil {
		return reply{}, err
	}
	return v.columnsReply(id, blankForm("columns"))
}

func (v *visit) columnsReply(id uint64, f form) (reply, error) {
	i, err := v.session.Import(v.ctx, id)
	if err != nil {
		return reply{}, err
	}
	if i.State != registry.ImportPlanned {
		return goTo(importAddress(id)), nil
	}
	o, err := v.Desk.Outline(v.ctx, v.session, id)
	if err != nil {
		return v.unusable(importPage{Import: i, form: f}, err)
	}
	title := v.say("columns.title", "ref", registry.ImportRef(id))
	return f.again(show(title, importColumnsBody(v.view, columnsPage{i, o, f}))), nil
}

// chooseColumns takes what was chosen. Where another row was chosen for the header,
// the columns are asked for anew, as that row names them.
func (v *visit) chooseColumns() (reply, error) {
	id, err := v.importID()
	if err != nil {
		return reply{}, err
	}
	values, err := v.posted()
	if err != nil {
		return reply{}, err
	}
	i, err := v.session.Import(v.ctx, id)
	if err != nil {
		return reply{}, err
	}
	o, err := v.Desk.Outline(v.ctx, v.session, id)
	if err != nil {
		return reply{}, err
	}
	sheets, anew := chosenSheets(values, o, i.Reading.Sheets)
	i.Reading.Sheets = sheets
	if _, err := v.Desk.Read(v.ctx, v.session, registry.Request{ID: values.Get(keyField)}, registry.ReadImport{ID: id, Reading: i.Reading}); err != nil {
		f, ok := v.reject(formOf(values), err)
		if !ok {
			return reply{}, err
		}
		return v.columnsReply(id, f)
	}
	if anew {
		return goTo(columnsAddress(id)), nil
	}
	return goTo(importAddress(id)), nil
}

// The names of the form's fields, which begin with the sheet's position.
func sheetField(sheet int, what string) string { return "s" + strconv.Itoa(sheet) + what }

func columnField(sheet, column int) string { return sheetField(sheet, "c"+strconv.Itoa(column)) }

// Values of the field that says which row names the columns.
const (
	headerFound = ""
	headerNone  = "none"
)

// chosenSheets is what the form says differently from how the file is understood,
// and what was chosen before; anew says that another row was chosen for a header.
func chosenSheets(values url.Values, o *workbook.Outline, before []registry.SheetReading) (all []registry.SheetReading, anew bool) {
	for n, s := range o.Sheets {
		if s.Hidden {
			continue
		}
		was := registry.SheetReading{Name: s.Name}
		if i := slices.IndexFunc(before, func(r registry.SheetReading) bool { return r.Name == s.Name }); i >= 0 {
			was = before[i]
		}
		now := registry.SheetReading{Name: s.Name, Skip: values.Get(sheetField(n, "read")) == "", Header: headerOf(values.Get(sheetField(n, "header")))}
		if now.Header != was.Header {
			anew = true
		} else {
			now.Columns = chosenColumns(values, n, s, was.Columns)
		}
		if now.Skip || now.Header != 0 || len(now.Columns) > 0 {
			all = append(all, now)
		}
	}
	return all, anew
}

func headerOf(text string) int {
	if text == headerNone {
		return registry.NoHeader
	}
	n, _ := strconv.Atoi(text) // the row that is found, unless a number was chosen
	return n
}

// chosenColumns are the columns that the form gives another meaning than they have,
// and those that were given one before.
func chosenColumns(values url.Values, sheet int, s workbook.SheetOutline, before []registry.ColumnReading) []registry.ColumnReading {
	var all []registry.ColumnReading
	for _, c := range s.Columns {
		means, asked := values[columnField(sheet, c.Column)]
		spoken := slices.ContainsFunc(before, func(r registry.ColumnReading) bool { return r.Column == c.Column })
		if !asked || means[0] == c.Means && !spoken && c.Sure != workbook.Unsure {
			continue
		}
		all = append(all, registry.ColumnReading{Column: c.Column, Means: means[0]})
	}
	return all
}

// headerChoices are the rows that may name the columns of a sheet.
func (v *view) headerChoices(s workbook.SheetOutline) []choice {
	list := []choice{{headerFound, v.say("columns.header_found")}, {headerNone, v.say("columns.header_none")}}
	for _, r := range s.Rows {
		list = append(list, choice{strconv.Itoa(r.Number), v.say("columns.header_row", "row", strconv.Itoa(r.Number), "cells", rowText(r))})
	}
	return list
}

// rowText is the beginning of a row, to know it by.
func rowText(r workbook.RowOutline) string {
	const enough = 60 // characters
	text := []rune(strings.Join(filled(slices.Clone(r.Cells)...), " · "))
	if len(text) > enough {
		return string(text[:enough]) + "…"
	}
	return string(text)
}

// headerChosen is the value of the row that was chosen for the header.
func headerChosen(p columnsPage, s workbook.SheetOutline) string {
	for _, r := range p.Reading.Sheets {
		switch {
		case r.Name != s.Name:
		case r.Header == registry.NoHeader:
			return headerNone
		case r.Header > 0:
			return strconv.Itoa(r.Header)
		}
	}
	return headerFound
}

// readChosen says whether the sheet is to be read, as far as that was chosen.
func readChosen(p columnsPage, s workbook.SheetOutline) bool {
	for _, r := range p.Reading.Sheets {
		if r.Name == s.Name {
			return !r.Skip
		}
	}
	return s.Read || len(p.outline.Sheets) == 1 || !slices.ContainsFunc(p.outline.Sheets, func(o workbook.SheetOutline) bool { return o.Read })
}

// factChoices are what a column can hold.
func (v *view) factChoices(k workbook.Kind) []choice {
	list := []choice{{"", v.say("columns.nothing")}}
	for _, f := range workbook.Facts(k) {
		list = append(list, choice{f.Name, f.Header})
	}
	return list
}

// holds is what the form proposes that a column holds.
func holds(c workbook.ColumnOutline) string { return cmp.Or(c.Means, c.Guess) }

// sureness is how sure that is.
func sureness(c workbook.ColumnOutline) string {
	if c.Means == "" && c.Guess != "" {
		return string(workbook.Unsure)
	}
	return string(c.Sure)
}
