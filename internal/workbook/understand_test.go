package workbook

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// said is the options with columns of a sheet: the number of each, and what it means.
func said(o Options, sheet string, header int, columns map[int]string) Options {
	s := registry.SheetReading{Name: sheet, Header: header}
	for n := range maxColumns {
		if means, spoken := columns[n]; spoken {
			s.Columns = append(s.Columns, registry.ColumnReading{Column: n, Means: means})
		}
	}
	o.Reading.Sheets = append(o.Reading.Sheets, s)
	return o
}

// outline looks at a file as it would be read.
func (w *world) outline(f File, o Options) SheetOutline {
	w.t.Helper()
	how, err := settingOf(w.t.Context(), w.boss, o.Kind, Limits{}, o.Reading)
	if err != nil {
		w.t.Fatal(err)
	}
	out, err := look(w.t.Context(), f, how)
	if err != nil {
		w.t.Fatal(err)
	}
	return out.Sheets[0]
}

var unnamed = []string{
	"Haier Pakistan,,", "Consignment 7,,", "Dev ID,Box,To", "TK-00001A,1,Lahore", "TK-00002A,1,Lahore", "TK-00003A,2,Kasur",
}

func TestColumnsAreSaidWhereTheirNamesDoNotTell(t *testing.T) {
	w := newWorld(t)
	f := lines("a.csv", unnamed...)
	if _, err := NewPlan(t.Context(), w.boss, f, lahore()); fleet.KindOf(err) != fleet.Invalid {
		t.Fatalf("a list without serials: %v", err)
	}
	o := w.outline(f, lahore())
	if o.Read || o.Header != 3 || !slices.Equal(o.Missing, []string{"the serial"}) || len(o.Rows) != 6 {
		t.Errorf("%+v", o)
	}
	if c := o.Columns[0]; c.Guess != "serial_number" || c.Means != "" || c.Header != "Dev ID" || c.Letter() != "A" || !slices.Equal(c.Samples, []string{"TK-00001A", "TK-00002A", "TK-00003A"}) {
		t.Errorf("%+v", c)
	}
	if c := o.Columns[1]; c.Means != "carton" || c.Sure != Sure {
		t.Errorf("%+v", c)
	}
	yes := said(lahore(), "a", 0, map[int]string{1: "serial_number", 3: "district"})
	p := w.plan(f, yes)
	wantCounts(t, p, 3, 0, 0, 0)
	if o := w.outline(f, yes); !o.Read || o.Columns[0].Sure != SaidSo || o.Columns[2].Means != "district" {
		t.Errorf("%+v", o)
	}
}

func TestTheRowOfTheHeaderIsSaid(t *testing.T) {
	w := newWorld(t)
	f := lines("a.csv", "Serial,Lot", "Total,see below", "Serial,Carton", "TK-00001,7")
	p := w.plan(f, said(lahore(), "a", 3, nil))
	wantCounts(t, p, 1, 0, 0, 0)
	if d := p.Changes()[1].(registry.ExpectDevice).Device; d.Carton != "7" || d.Lot != "" {
		t.Errorf("%+v", d)
	}
	_, err := NewPlan(t.Context(), w.boss, f, said(lahore(), "a", 77, nil))
	if fleet.KindOf(err) != fleet.Invalid || !strings.Contains(err.Error(), "a!77 cannot be the row that names the columns") {
		t.Error(err)
	}
}

func TestAListWithoutAHeader(t *testing.T) {
	w := newWorld(t)
	f := lines("scan.csv", "TK-00001", "TK-00002", "TK-00003")
	p := w.plan(f, said(lahore(), "scan", registry.NoHeader, map[int]string{1: "serial_number"}))
	wantCounts(t, p, 3, 0, 0, 0)
	if o := w.outline(f, lahore()); o.Read || o.Header != 0 || o.Columns[0].Guess != "serial_number" {
		t.Errorf("%+v", o)
	}
}

func TestASheetIsChosenNotToBeRead(t *testing.T) {
	w := newWorld(t)
	f := lines("a.csv", "Serial", "TK-00001")
	o := lahore()
	o.Reading.Sheets = []registry.SheetReading{{Name: "a", Skip: true}}
	if _, err := NewPlan(t.Context(), w.boss, f, o); fleet.KindOf(err) != fleet.Invalid || !strings.Contains(err.Error(), "choose one") {
		t.Error(err)
	}
}

func TestOneOfTwoColumnsOfTheSameName(t *testing.T) {
	w := newWorld(t)
	f := lines("a.csv", "Serial No,S/N,Lot", "TK-00001,AB-11111,L", "TK-00002,AB-22222,L")
	if _, err := NewPlan(t.Context(), w.boss, f, lahore()); err == nil || !strings.Contains(err.Error(), "could both be meant") {
		t.Fatal(err)
	}
	if o := w.outline(f, lahore()); o.Unclear == "" || o.Columns[0].Sure != Unsure {
		t.Errorf("%+v", o)
	}
	for _, c := range []struct {
		say  map[int]string
		want fleet.Serial
	}{
		{map[int]string{2: "serial_number"}, "AB-11111"},
		{map[int]string{1: ""}, "AB-11111"},
		{map[int]string{2: ""}, "TK-00001"},
		{map[int]string{1: "serial_number", 2: "asset_tag"}, "TK-00001"},
	} {
		p := w.plan(f, said(lahore(), "a", 0, c.say))
		if got := p.Changes()[1].(registry.ExpectDevice).Device.Serial; got != c.want {
			t.Errorf("%v: %s, want %s", c.say, got, c.want)
		}
	}
}

func TestWhatCannotBeSaid(t *testing.T) {
	w := newWorld(t)
	f := lines("a.csv", "Serial,Lot", "TK-00001,1")
	for name, o := range map[string]Options{
		"unknown fact":  said(lahore(), "a", 0, map[int]string{1: "weight"}),
		"said twice":    said(lahore(), "a", 0, map[int]string{1: "lot", 2: "lot"}),
		"no such fact":  said(lahore(), "a", 0, map[int]string{1: "status"}),
		"far too right": said(lahore(), "a", 0, map[int]string{0: "lot"}),
	} {
		if _, err := NewPlan(t.Context(), w.boss, f, o); fleet.KindOf(err) != fleet.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What was chosen for one file holds for the next one of the same layout, when the
// import was carried out; and for the files of nobody elsewhere.
func TestALayoutIsRemembered(t *testing.T) {
	w := newWorld(t)
	officer := w.as(fleet.Officer, "PK601")
	desk := NewDesk(t.TempDir(), Limits{})
	take := func(s registry.Session, shipment string, rows ...string) registry.Import {
		t.Helper()
		all := append(slices.Clone(unnamed[:3]), rows...)
		i, err := desk.Take(t.Context(), s, Incoming{Name: "list.csv", Kind: Devices, Shipment: shipment, To: "PK601"}, strings.NewReader(strings.Join(all, "\n")))
		if err != nil {
			t.Fatal(err)
		}
		return i
	}
	first := take(officer, "S-1", "TK-00001A,1,Lahore")
	choice := said(Options{}, "list", 0, map[int]string{1: "serial_number", 3: "district"}).Reading
	if _, err := desk.Read(t.Context(), officer, registry.Request{}, registry.ReadImport{ID: first.ID, Reading: choice}); err != nil {
		t.Fatal(err)
	}
	p, _, err := desk.Plan(t.Context(), officer, first.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := desk.Commit(t.Context(), officer, first.ID, p.Digest, false); err != nil {
		t.Fatal(err)
	}
	second := take(officer, "S-2", "TK-00002A,1,Lahore")
	p, _, err = desk.Plan(t.Context(), officer, second.ID, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantCounts(t, p, 1, 0, 0, 0)
	if notes := strings.Join(p.Notes, "\n"); !strings.Contains(notes, "as officer.pk601 chose for an earlier file like this one") {
		t.Error(notes)
	}
	o, err := desk.Outline(t.Context(), officer, second.ID)
	if err != nil || o.Sheets[0].Columns[0].Sure != SaidBefore || o.Sheets[0].By != "officer.pk601" || o.Sheets[0].Origin != Remembered {
		t.Errorf("%+v, %v", o, err)
	}
	elsewhere := take(w.as(fleet.Officer, "PK602"), "S-3", "TK-00003A,1,Kasur")
	if _, _, err := desk.Plan(t.Context(), w.as(fleet.Officer, "PK602"), elsewhere.ID, nil); fleet.KindOf(err) != fleet.Invalid {
		t.Errorf("a choice made in Lahore holds in Kasur: %v", err)
	}
}

func TestChoicesThatNoFileCanBeReadByAreRefused(t *testing.T) {
	for _, s := range []registry.SheetReading{
		{Name: "a", Header: -2},
		{Name: "a", Columns: []registry.ColumnReading{{Column: 1, Means: "weight"}}},
	} {
		if err := CheckReading(Devices, registry.Reading{Sheets: []registry.SheetReading{s}}); fleet.KindOf(err) != fleet.Invalid {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

// A list may begin below a long letter: then the row is chosen.
func TestTheHeaderMayBeChosenFarBelowTheTop(t *testing.T) {
	w := newWorld(t)
	list := make([]string, 0, 63)
	for i := range 60 {
		list = append(list, fmt.Sprintf("Paragraph %d of the letter,", i+1))
	}
	f := lines("a.csv", append(list, "Serial,Model", "TK-0001,Takhti 11", "TK-0002,Takhti 11")...)
	p := w.plan(f, said(lahore(), "a", 61, nil))
	wantCounts(t, p, 2, 0, 0, 0)
	if s := w.outline(f, said(lahore(), "a", 61, nil)); s.Header != 61 || len(s.Rows) != 61 {
		t.Errorf("row %d of %d", s.Header, len(s.Rows))
	}
}
