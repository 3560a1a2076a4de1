package workbook

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// equipped is the small country with devices: NB0001 to NB0003 at a school of Lahore,
// the second one issued, and NB0004 still in the store.
func equipped(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.imported(lines("packing.csv",
		"Serial,Model,Carton,Price,EMIS Code",
		"NB0001,Taleem 11,C-1,65000,35200001",
		"NB0002,Taleem 11,C-1,65000,35200001",
		"NB0003,Taleem 11,C-1,65000,35200001",
		"NB0004,Taleem 11,C-2,65000,",
	), Options{Kind: Devices, Shipment: "LHR-1", To: "PK601-STORE"})
	for _, s := range []fleet.Serial{"NB0001", "NB0002", "NB0003", "NB0004"} {
		w.does(registry.ReceiveDevice{Serial: s})
	}
	w.does(registry.AssignDevice{Serial: "NB0002", Holder: fleet.Holder{Kind: fleet.HeldByClass, Label: "6-B"}})
	return w
}

func (w *world) does(c registry.Change) {
	w.t.Helper()
	if _, err := w.boss.Apply(w.t.Context(), registry.Request{}, c); err != nil {
		w.t.Fatal(err)
	}
}

// twice imports a file and then again, which must change nothing.
func (w *world) twice(f File, o Options) *Plan {
	w.t.Helper()
	p := w.imported(f, o)
	again := w.plan(f, o)
	wantCounts(w.t, again, 0, 0, p.Rows-again.LeftOut, p.LeftOut)
	if n := len(again.Changes()); n > 0 {
		w.t.Errorf("%s again makes %d changes, the first %+v", f.Name, n, again.Changes()[0])
	}
	return p
}

func TestUpdates(t *testing.T) {
	w := equipped(t)
	p := w.twice(lines("tags.csv",
		"Serial Number,Asset Tag,Warranty End,Model,Status,Place Code",
		"NB0001,T-1,30/06/2028,Taleem 12,lost,PK602",
		"NB0002,T-2,30/06/2028,,,",
		"NB0004,,,Taleem 11,,",
	), Options{Kind: Updates})
	wantCounts(t, p, 0, 2, 1, 0)
	if d := w.device("NB0001"); d.Tag != "T-1" || d.WarrantyEnds.String() != "2028-06-30" || d.Price == 0 || d.Status != fleet.AtSchool {
		t.Errorf("after the update it is %+v", d)
	}
	if notes := strings.Join(p.Notes, "\n"); !strings.Contains(notes, `left alone, because what they hold changes through actions of its own: "Status", "Place Code"`) {
		t.Errorf("the notes are %s", notes)
	}
}

// A list of updates makes no devices: a serial that the register has not is a
// problem, which names one that is near.
func TestUpdatesOfUnknownDevices(t *testing.T) {
	w := equipped(t)
	p := w.plan(lines("tags.csv", "Serial,Tag", "NBO001,T-1", "NB0020,T-2", "NB00003,T-3", "ZZ9999,T-4", "NB0002,T-5"), Options{Kind: Updates})
	wantCounts(t, p, 0, 1, 0, 4)
	wantProblems(t, p,
		"tags!A2: there is no device NBO001 in the register; is it NB0001?",
		"tags!A3: there is no device NB0020 in the register; is it NB0002?",
		"tags!A4: there is no device NB00003 in the register; is it NB0003?",
		"tags!A5: there is no device ZZ9999 in the register",
	)
}

func TestHandouts(t *testing.T) {
	w := equipped(t)
	p := w.twice(lines("handout.csv",
		"Serial No,EMIS Code,Class,Section,Roll No,Teacher,Room,Student Name",
		"NB0001,35200001,5,A,12,,,a name",
		"NB0002,35200001,,,,Mathematics teacher,,",
		"NB0003,35200001,,,,,Lab 1,",
	), Options{Kind: Handouts})
	wantCounts(t, p, 0, 3, 0, 0)
	for serial, want := range map[fleet.Serial]string{"NB0001": "learner: 5-A, roll 12", "NB0002": "teacher: Mathematics teacher", "NB0003": "room: Lab 1"} {
		if got := holderText(w.device(serial).Holder); got != want {
			t.Errorf("%s is held by %q, want %q", serial, got, want)
		}
	}
	if notes := strings.Join(p.Notes, "\n"); !strings.Contains(notes, `never imported, because they hold names`) || !strings.Contains(notes, `"Student Name"`) {
		t.Errorf("the notes are %s", notes)
	}
	if len(p.Differences) != 3 || p.Differences[1].Fields[0] != (FieldDifference{"Holder", "class: 6-B", "teacher: Mathematics teacher"}) {
		t.Errorf("the differences are %+v", p.Differences)
	}

	back := w.twice(lines("back.csv", "Serial No,Holder", "NB0001,returned", "NB0002,Teacher: mathematics  TEACHER", `NB0003,"learner: 7-C, roll 3"`), Options{Kind: Handouts})
	wantCounts(t, back, 0, 2, 1, 0)
	if d := w.device("NB0001"); d.Status != fleet.AtSchool || d.Holder != (fleet.Holder{}) {
		t.Errorf("after its return it is %+v", d)
	}
}

func TestHandoutProblems(t *testing.T) {
	w := equipped(t)
	p := w.plan(lines("handout.csv",
		"Serial No,EMIS Code,Class,Roll No,Holder",
		"NB0001,35200002,5,12,",
		"NB0002,35200001,,12,",
		"NB0003,35200001,,,",
		"NB0004,,5,1,",
		"NB0O04,,5,1,",
		"NB0001,,5,twelve,",
		"NB0009,35200001,5,2,class: 6",
	), Options{Kind: Handouts})
	wantProblems(t, p,
		"handout!B2: device NB0001 is at GGHS Chak 77 (PK6-35200001), not at GBHS Model Town: a hand-out list does not move devices",
		"handout!C3: a learner is a class",
		"handout!E4: say who holds the device, or write \"returned\"",
		"handout!5: device NB0004 cannot be issued, because it is in a store: send it to a school first",
		"handout!A6: there is no device NB0O04 in the register; is it NB0004?",
		"handout!A7: serial NB0001 is in the file twice",
		"handout!D7: \"twelve\" is not a roll number: write it in digits, without a name",
		"handout!A8: there is no device NB0009 in the register",
		"handout!E8: the columns disagree on who holds the device: class: 6 or learner: 5, roll 2",
	)
}

// A number that seems to be a person's is asked about, once for all rows.
func TestHandoutsWarnOfNumbersOfPeople(t *testing.T) {
	w := equipped(t)
	f := lines("handout.csv", "Serial No,Teacher", "NB0001,PST 0300-1234567", "NB0002,EST 35202-1234567-1", "NB0003,SST")
	p := w.plan(f, Options{Kind: Handouts})
	wantProblems(t, p,
		"handout!B2: the cell holds what looks like a telephone number",
		"handout!B3: the cell holds what looks like a CNIC",
	)
	g := p.group(t, "text.personal|teacher")
	if g.Problems != 2 || !slices.Equal(g.Choices, []string{Accept, LeaveOut}) {
		t.Errorf("%+v", g)
	}
	wantCounts(t, w.imported(f, decided(Options{Kind: Handouts}, [3]string{g.Cause, Accept})), 0, 3, 0, 0)
}

func TestModels(t *testing.T) {
	w := equipped(t)
	p := w.twice(lines("models.csv",
		"Make,Model,EndOfUpdates,Screen Size",
		"Taleem,Taleem 11,Jun-32,11.6\"",
		"Acer,Chromebook 311,June 2029,",
		"acer,CHROMEBOOK 311,,",
	), Options{Kind: Models, SkipBad: true})
	wantCounts(t, p, 1, 1, 0, 1)
	wantProblems(t, p, "models!B4: the model CHROMEBOOK 311 is in the file twice, in models!3 and in models!4")
	models, err := w.boss.Models(t.Context())
	if err != nil || len(models) != 2 || models[0].AUE.String() != "2032-06-01" || models[0].Name != "Taleem 11" || models[1].Manufacturer != "Acer" {
		t.Errorf("the models are %+v, %v", models, err)
	}
	if len(p.Differences) != 1 || len(p.Differences[0].Fields) != 3 {
		t.Errorf("the differences are %+v", p.Differences)
	}
}

// awaiting is the small country with a shipment on its way, another one received.
func awaiting(t *testing.T) *world {
	w := equipped(t)
	w.imported(lines("packing.csv", "Serial,Model,Carton",
		"LP1001,Taleem 11,C-7", "LP1002,Taleem 11,C-7", "LP1003,Taleem 11,C-7", "LP1004,Taleem 11,C-8", "LP1005,Taleem 11,C-8",
	), Options{Kind: Devices, Shipment: "LHR-2", To: "PK601-STORE"})
	return w
}

func TestDelivery(t *testing.T) {
	w := awaiting(t)
	scanned := lines("scanned.csv", "Serial,Condition", "LP1001,ok", "lp 1002,Damaged", "LP10O3,", "XX7777,", "NB0004,", "LP1005,missing", "LP1001,")
	o := Options{Kind: Delivery, Shipment: "lhr-2", SkipBad: true}
	p := w.plan(scanned, o)
	wantCounts(t, p, 0, 2, 1, 4)
	wantProblems(t, p,
		"scanned!A4: device LP10O3 is not on the packing list of shipment LHR-2; is it LP1003, which has not come?",
		"scanned!A5: device XX7777 is not on the packing list of shipment LHR-2",
		"scanned!A6: device NB0004 is not of shipment LHR-2: it is in the register, on shipment LHR-1, at Lahore Store (PK601-STORE)",
		"scanned!A8: serial LP1001 is in the file twice, in scanned!2 and in scanned!8",
	)
	if want := "Short: 3 devices of the packing list of shipment LHR-2 have not come with this list: LP1003, LP1004, LP1005."; p.Notes[0] != want {
		t.Errorf("the first note is %q, want %q", p.Notes[0], want)
	}

	o.Reading.Decisions = []registry.Decision{{Cause: codeUnlisted + "|serial_number", Do: Accept}}
	p = w.imported(scanned, o)
	wantCounts(t, p, 2, 2, 1, 2)
	if d := w.device("XX7777"); d.Arrival != fleet.Over || d.Status != fleet.InStore {
		t.Errorf("the unlisted device is %+v", d)
	}
	if d := w.device("LP1002"); d.Arrival != fleet.DamagedOnArrival || d.Condition != fleet.Faulty {
		t.Errorf("the damaged device is %+v", d)
	}
	wantCounts(t, w.plan(scanned, o), 0, 0, 5, 2)

	// A later list does not alter how a device came, and says so.
	p = w.plan(lines("later.csv", "Serial,Condition", "LP1001,damaged", "LP1002,missing", "LP1002,damaged", "LP1005,missing", "XX7777,damaged"), o)
	wantCounts(t, p, 0, 0, 2, 3)
	wantProblems(t, p,
		"later!B2: device LP1001 was received already, undamaged: report a fault of it instead",
		"later!B3: device LP1002 was received already, and the row says that it is missing",
		"later!A4: serial LP1002 is in the file twice, in later!3 and in later!4",
	)
}

func TestDeliveryNeedsAShipment(t *testing.T) {
	w := awaiting(t)
	w.does(registry.CloseShipment{Number: "LHR-1"})
	for number, code := range map[string]string{"": "shipment.number", "LHR-9": "shipment.not_found", "LHR-1": "shipment.closed"} {
		_, err := NewPlan(t.Context(), w.boss, lines("scanned.csv", "Serial", "LP1001"), Options{Kind: Delivery, Shipment: number})
		if !strings.Contains(problemOf(err, "").Code, code) {
			t.Errorf("with shipment %q: %v", number, err)
		}
	}
}

// What an export says of holders and models, an import understands.
func TestHandoutsAndModelsComeBack(t *testing.T) {
	kinds, label := rapid.SampledFrom(fleet.HolderKinds()), rapid.StringMatching(`[A-Za-z0-9ک][A-Za-z0-9 :,.=-]{0,15}[A-Za-z0-9]`)
	rapid.Check(t, func(r *rapid.T) {
		w := equipped(t)
		for _, serial := range []fleet.Serial{"NB0001", "NB0003"} {
			h := fleet.Holder{Kind: kinds.Draw(r, "kind"), Label: label.Draw(r, "label")}
			if h.Kind == fleet.HeldByLearner {
				h.Roll = rapid.Uint32Range(1, 90).Draw(r, "roll")
			}
			w.does(registry.AssignDevice{Serial: serial, Holder: h})
		}
		w.does(registry.SaveModel{Model: fleet.Model{
			Name: label.Draw(r, "model"), Manufacturer: label.Draw(r, "maker"), Screen: label.Draw(r, "screen"),
			AUE: fleet.Date(rapid.Int32Range(11_000, 40_000).Draw(r, "aue")), LifeMonths: rapid.Uint32Range(0, 120).Draw(r, "life"),
		}})
		for _, k := range []Kind{Handouts, Models} {
			for _, f := range []Format{XLSX, CSV} {
				p := w.plan(w.exported(w.boss, ExportOptions{Kind: k, Format: f}), Options{Kind: k})
				if len(p.Problems) > 0 || len(p.Changes()) > 0 || p.Unchanged < 2 {
					r.Fatalf("%v as %s: problems %v, changes %+v", k, f, p.Problems, p.Changes())
				}
			}
		}
	})
}

// A list that is not what it was said to be is told what it looks like.
func TestListsOfAnotherKind(t *testing.T) {
	w := equipped(t)
	for _, c := range []struct {
		kind   Kind
		header string
		row    string
		say    string
	}{
		{Places, "Serial No,Class,Roll No", "NB0001,5,12", "a hand-out list (\"Serial No\", \"Class\", \"Roll No\")"},
		{Devices, "Serial No,Class,Roll No", "NB0001,5,12", "this looks like a hand-out list. Import it as hand-outs"},
		{Handouts, "EMIS,School Name", "35200001,GGHS Chak 77", "a list of places"},
		{Updates, "EMIS,School Name", "35200001,GGHS Chak 77", "a list of places"},
		{Places, "Manufacturer,Model,AUE", "Acer,Chromebook 311,2029-06-01", "a list of models"},
		{Models, "Serial,Carton", "NB0001,7", "the list of a shipment"},
		{Places, "EMIS,School Name,Devices,By When", "35200001,GGHS Chak 77,40,30/06/2026", "this looks like a list of targets. Import it as targets"},
		{Devices, "District,Target Devices,Target Date", "Lahore,40,30/06/2026", "a list of targets (\"District\", \"Target Devices\", \"Target Date\")"},
		{Devices, "Serial No,Counted On", "NB0001,30/05/2026", "this looks like a stock-take. Import it as a stock-take"},
		{Places, "EMIS,Serial No,Date Counted", "35200001,NB0001,30/05/2026", "a list of what was found"},
		{StockTakes, "EMIS,School Name", "35200001,GGHS Chak 77", "a list of places"},
		{Targets, "EMIS,School Name", "35200001,GGHS Chak 77", "a list of places"},
		{Targets, "Serial,Carton", "NB0001,7", "the list of a shipment"},
	} {
		_, err := NewPlan(t.Context(), w.boss, lines("list.csv", c.header, c.row), Options{Kind: c.kind, Shipment: "LHR-1"})
		if err == nil || !strings.Contains(err.Error(), c.say) {
			t.Errorf("%s as %s: %v", c.header, c.kind, err)
		}
	}
}

// Lists of models as they are found: of Google's names and dates, and of boards.
func TestRealListsOfModels(t *testing.T) {
	for _, c := range []struct {
		name        string
		isNew, left int // at least, at most
	}{
		{"aue_2019_05.csv", 180, 13}, {"aue_2025_12_subset.csv", 103, 0}, {"recovery_models.csv", 500, 120}, {"chromeos_models_dash.csv", 500, 40},
	} {
		w := newEmptyWorld(t)
		f, o := fileOf(t, realData(t, "chromeos-models", c.name)), Options{Kind: Models, SkipBad: true}
		p := w.imported(f, o)
		if p.New < c.isNew || p.LeftOut > c.left {
			t.Errorf("%s: %d new, %d unchanged, %d left out: %v", c.name, p.New, p.Unchanged, p.LeftOut, p.Problems)
		}
		again := w.plan(f, o)
		if again.New+again.Changed > 0 {
			t.Errorf("%s again: %d new, %d changed, the first %+v", c.name, again.New, again.Changed, again.Changes()[0])
		}
	}
}

// What GAM exports of a fleet brings tags, models and addresses to devices that the
// register has, and nothing of their users.
func TestGAMsExportAsUpdates(t *testing.T) {
	w := newWorld(t)
	f := fileOf(t, realData(t, "device-exports", "gam_print_cros_dev40.csv"))
	w.imported(f, Options{Kind: Devices, Shipment: "OLD-1", To: "PK601-STORE"})
	p := w.plan(f, Options{Kind: Updates})
	wantCounts(t, p, 0, 0, p.Rows, 0)
	notes := strings.Join(p.Notes, "\n")
	for _, want := range []string{`never imported, because they hold names`, `"recentUsers.email"`, `"annotatedUser"`, `what Google knows of a device`, `"activeTimeRanges.date"`, `"orgUnitPath"`} {
		if !strings.Contains(notes, want) {
			t.Errorf("the notes do not say %s:\n%s", want, notes)
		}
	}
}
