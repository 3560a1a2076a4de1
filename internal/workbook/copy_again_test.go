package workbook

import (
	"fmt"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/registry"
)

// The copy of the rows left out is read as the file was, though nothing is chosen for it.
func TestRowsLeftOutAreReadAsTheirFileWas(t *testing.T) {
	for name, c := range map[string]struct {
		header string
		say    map[int]string
	}{
		"a name moved to the next column":  {"Serial,Lot,Box,District", map[int]string{3: "lot", 2: ""}},
		"two columns of one name":          {"Serial,Lot,Lot,District", map[int]string{3: "lot"}},
		"a column that is not imported":    {"Serial,Price,Lot,District", map[int]string{2: ""}},
		"names that mean nothing":          {"Dev,X,Y,Z", map[int]string{1: "serial_number", 3: "lot", 4: "district"}},
		"serials in a column not so named": {"Serial,Lot,S/N,District", map[int]string{1: "asset_tag", 3: "serial_number", 2: ""}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			f := lines("a.csv", c.header, "TK-0001,AB-1234567,TK-7771,Lahor", "TK-0002,AB-1234568,TK-7772,Lahore")
			p := w.plan(f, said(lahore(), "a", 1, c.say))
			wantCounts(t, p, 1, 0, 0, 1)
			good := p.Changes()[len(p.Changes())-1].(registry.ExpectDevice).Device
			left := copied(t, OnlyLeftOut, f, p)
			again := w.plan(corrected(t, left, map[string]string{"D2": "Lahore"}), lahore())
			wantCounts(t, again, 1, 0, 0, 0)
			if got := again.Changes()[len(again.Changes())-1].(registry.ExpectDevice).Device; got.Lot == "" != (good.Lot == "") || got.Price != good.Price || strings.HasPrefix(string(got.Serial), "TK-7") != strings.HasPrefix(string(good.Serial), "TK-7") {
				t.Errorf("%+v, want one like %+v", got, good)
			}
		})
	}
}

func TestAListAsWideAsListsAreComesBack(t *testing.T) {
	w := newWorld(t)
	header, cells := []any{"Serial", "District"}, []any{"TK-0001", "Lahor"}
	for i := len(header); i < maxColumns; i++ {
		header, cells = append(header, fmt.Sprint("Note ", i)), append(cells, "x")
	}
	f := xlsx(t, header, cells)
	p := w.plan(f, lahore())
	for _, c := range []Copy{Annotated, OnlyLeftOut} {
		again := w.plan(copied(t, c, f, p), lahore())
		wantCounts(t, again, 0, 0, 0, 1)
		wantCounts(t, w.plan(copied(t, c, copied(t, c, f, p), again), lahore()), 0, 0, 0, 1)
	}
}
