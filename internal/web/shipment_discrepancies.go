package web

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// discrepanciesPage is how a delivery differs from its packing list, to be printed
// and signed.
type discrepanciesPage struct {
	*workbook.DiscrepancyNote
	at fleet.Place // the shipment's destination
}

const discrepanciesEnd = "/discrepancies"

func discrepanciesAddress(number string) string { return shipmentAddress(number) + discrepanciesEnd }

// shipmentNote is the number of the shipment whose discrepancy note the address is
// of, and what the note is wanted as.
func shipmentNote(rest string) (number, as string, found bool) {
	number, as, found = strings.Cut(rest, discrepanciesEnd)
	return number, as, found && (as == "" || as == ".xlsx")
}

func (v *visit) showDiscrepancies(number string) (reply, error) {
	note, err := workbook.Discrepancies(v.ctx, v.session, number)
	if err != nil {
		return reply{}, err
	}
	at, err := v.session.PlacesAt(v.ctx, note.Shipment.Destination)
	if err != nil {
		return reply{}, err
	}
	p := discrepanciesPage{note, at[note.Shipment.Destination]}
	return show(v.say("discrepancy.title", "number", note.Shipment.Number), discrepanciesBody(v.view, p)), nil
}

func (v *visit) sendDiscrepancies(number string) (reply, error) {
	note, err := workbook.Discrepancies(v.ctx, v.session, number)
	if err != nil {
		return reply{}, err
	}
	var out bytes.Buffer
	if err := note.Write(&out, workbook.XLSX); err != nil {
		return reply{}, err
	}
	name := "discrepancies-" + strings.ReplaceAll(note.Shipment.Number, "/", "-") + ".xlsx"
	return reply{status: http.StatusOK, file: &download{name: name, kind: workbook.XLSX.ContentType(), data: out.Bytes()}}, nil
}
