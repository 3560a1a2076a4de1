package workbook

import (
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

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
	other, is, as := Devices, "the list of a shipment", "a shipment"
	if v.kind == Devices {
		other, is, as = Places, "a list of places", "places"
	}
	h, err := newVocabulary(other).find(s.first, s.merges)
	if err != nil || len(h.missing) > 0 {
		return err
	}
	return fleet.Invalidf("file.kind", "%s!%d names the columns of %s (%s), and no column holds %s. Import it as %s",
		quoteSheet(s.name), h.row, is, quoteAll(h.named(), 8), needsOf(s.best.missing), as).In("kind")
}
