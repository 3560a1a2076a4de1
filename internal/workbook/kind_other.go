package workbook

import (
	"cmp"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// mistaken refuses a sheet that has what its kind of list needs, and yet is of
// another kind.
func (v *vocabulary) mistaken(tab string, h *header, first []row) error {
	switch v.kind {
	case Places:
		return cmp.Or(listsDevices(tab, h, first), setsTargets(tab, h))
	case Devices:
		return cmp.Or(handsOut(tab, h), countsStock(tab, h))
	case Accounts:
		return listsDevices(tab, h, first)
	case Updates, Delivery:
		return countsStock(tab, h)
	}
	return nil
}

// listsDevices refuses a sheet as a list of places when a column of it holds the
// serials of devices: its schools are where they go.
func listsDevices(tab string, h *header, first []row) error {
	below := first[:0:0]
	for _, r := range first {
		if r.number > h.row {
			below = append(below, r)
		}
	}
	devices := newVocabulary(Devices).name(h.row, h.texts, below)
	if !devices.has(colSerial) {
		return nil
	}
	for _, r := range below {
		if at := devices.at[colSerial]; looksLikeSerial(r.cell(at)) {
			return fleet.Invalidf("file.kind", "%s!%s: the column %q holds serials, such as %s: this looks like the list of a shipment. Import it as a shipment",
				quoteSheet(tab), sheet.CellName(at+1, h.row), devices.texts[at], short(strings.TrimSpace(r.cell(at)), 40)).In("kind")
		}
	}
	return nil
}

// looksLikeSerial tells a serial from the number of a row.
func looksLikeSerial(text string) bool {
	const longer = 6 // characters than a row's number has
	s, err := fleet.ParseSerial(text)
	return err == nil && len(s) > longer && strings.ContainsAny(string(s), "0123456789")
}

// otherKind refuses a sheet that does not hold the list that it should, and does
// hold one of the other kind.
func (v *vocabulary) otherKind(s skippedSheet) error {
	for _, k := range otherKinds {
		if k.kind == v.kind || k.kind == Devices && v.table.isNeeded(colSerial) {
			continue
		}
		h, err := newVocabulary(k.kind).find(s.first, s.merges)
		if err != nil {
			return err
		}
		if len(h.missing) == 0 && (k.kind != Models || h.has(colAUE)) && (k.kind != StockTakes || h.has(colCounted)) && (k.kind != Accounts || h.has(colUser) && h.has(colRole)) {
			return fleet.Invalidf("file.kind", "%s!%d names the columns of %s (%s), and no column holds %s. Import it as %s",
				quoteSheet(s.name), h.row, k.is, quoteAll(h.named(), 8), needsOf(s.best.missing), k.as).In("kind")
		}
	}
	return nil
}

// otherKinds are what a list may be instead, the surest first: a list of devices that
// says who holds them is one of who holds them.
var otherKinds = []struct {
	kind   Kind
	is, as string
}{
	{Handouts, "a hand-out list", "hand-outs"},
	{Targets, "a list of targets", "targets"},
	{Places, "a list of places", "places"},
	{StockTakes, "a list of what was found", "a stock-take"},
	{Devices, "the list of a shipment", "a shipment"},
	{Models, "a list of models", "models"},
	{Accounts, "a list of accounts", "accounts"},
}

// handsOut refuses a sheet as a packing list when it names who holds each device: a
// roll number is on no packing list.
func handsOut(tab string, h *header) error {
	out := newVocabulary(Handouts).name(h.row, h.texts, nil)
	if len(out.missing) > 0 || !out.has(colRoll) {
		return nil
	}
	return fleet.Invalidf("file.kind", "%s!%s: the column %q tells who holds each device: this looks like a hand-out list. Import it as hand-outs",
		quoteSheet(tab), sheet.CellName(out.at[colRoll]+1, h.row), out.texts[out.at[colRoll]]).In("kind")
}

// setsTargets refuses a sheet as a list of places when it says how many devices each
// is to have, and by when.
func setsTargets(tab string, h *header) error {
	plan := newVocabulary(Targets).name(h.row, h.texts, nil)
	if !plan.has(colTarget) || !plan.has(colBy) {
		return nil
	}
	return fleet.Invalidf("file.kind", "%s!%s: the columns %q and %q tell how many devices each place is to have, and by when: this looks like a list of targets. Import it as targets",
		quoteSheet(tab), sheet.CellName(plan.at[colTarget]+1, h.row), plan.texts[plan.at[colTarget]], plan.texts[plan.at[colBy]]).In("kind")
}

// countsStock refuses a sheet that says on which day each device was found.
func countsStock(tab string, h *header) error {
	count := newVocabulary(StockTakes).name(h.row, h.texts, nil)
	if !count.has(colSerial) || !count.has(colCounted) {
		return nil
	}
	return fleet.Invalidf("file.kind", "%s!%s: the column %q tells when each device was found: this looks like a stock-take. Import it as a stock-take",
		quoteSheet(tab), sheet.CellName(count.at[colCounted]+1, h.row), count.texts[count.at[colCounted]]).In("kind")
}
