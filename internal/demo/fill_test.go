package demo_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/demo"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/table"
	"github.com/takhti-edu/takhti/internal/workbook"
)

func target(t *testing.T) demo.Target {
	t.Helper()
	dir := t.TempDir()
	clock := demo.NewClock(func() time.Time { return today })
	reg, err := registry.Open(t.Context(), memkv.New(), registry.Options{Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reg.Close() })
	return demo.Target{
		Register: reg, Clock: clock, Folder: filepath.Join(dir, "demo-workbooks"),
		Desk: workbook.NewDesk(filepath.Join(dir, "imports"), workbook.Limits{}),
		Hash: func(_ context.Context, password string) (string, error) { return "hash of " + password, nil },
	}
}

// filled is a register with a demo in it.
type filled struct {
	demo.Target
	*testing.T
	world   *demo.World
	summary demo.Summary
	boss    registry.Session
}

func fill(t *testing.T, o demo.Options) *filled {
	t.Helper()
	f := &filled{Target: target(t), T: t, world: world(t, o)}
	if o.Seed == 0 {
		o.Seed = 1
	}
	var err error
	if f.summary, err = demo.Fill(t.Context(), f.Target, o); err != nil {
		t.Fatal(err)
	}
	f.boss = f.Register.As(registry.Operator())
	return f
}

func TestADemoHasSomethingToShowOnEveryPage(t *testing.T) {
	f := fill(t, demo.Options{Seed: 2, Devices: 2_000, Schools: 800})
	for _, c := range []struct {
		what  string
		check func(*filled)
	}{
		{"verification is silent", (*filled).verifies},
		{"the places are those of the country", (*filled).hasPlaces},
		{"every status and condition", (*filled).hasCounts},
		{"shipments in several states", (*filled).hasShipments},
		{"every kind and state of fault", (*filled).hasFaults},
		{"faults on their days", (*filled).hasFaultDays},
		{"a trend of eighteen months", (*filled).hasTrend},
		{"histories in order of time", (*filled).hasHistories},
		{"imports", (*filled).hasImports},
		{"an import with mistakes", (*filled).hasMistakes},
		{"work for every role", (*filled).hasSignIns},
	} {
		t.Run(c.what, func(t *testing.T) {
			f.T = t
			c.check(f)
		})
	}
}

func (f *filled) verifies() {
	stages := 0
	err := f.Register.Verify(f.Context(), func(string) { stages++ }, func(found table.Finding) { f.Error(found) })
	if err != nil || stages == 0 {
		f.Errorf("%d stages of verification, %v", stages, err)
	}
}

func (f *filled) hasPlaces() {
	all, err := f.boss.PlacesUnder(f.Context(), "", "", 10_000)
	if err != nil {
		f.Fatal(err)
	}
	byCode := map[fleet.PlaceCode]fleet.Place{}
	for _, p := range all {
		byCode[p.Code] = p
	}
	want := 0
	for p := range f.world.Places() {
		want++
		got := byCode[p.Code]
		p.Path = got.Path
		if !got.Same(&p.Place) {
			f.Errorf("%s is %+v, want %+v", p.Code, got, p.Place)
		}
		if parent := byCode[p.Parent]; got.Path.Parent() != parent.Path {
			f.Errorf("%s does not lie in %s", p.Code, p.Parent)
		}
	}
	if len(all) != want || f.summary.Places != want {
		f.Errorf("%d places, of which the summary says %d; want %d", len(all), f.summary.Places, want)
	}
}

func (f *filled) hasCounts() {
	counts, err := f.boss.Counts(f.Context(), registry.CountQuery{Place: atlas.CountryCode, By: []registry.Dimension{registry.ByStatus, registry.ByCondition}})
	if err != nil {
		f.Fatal(err)
	}
	if counts.Total != int64(f.world.DeviceCount()) {
		f.Errorf("%d devices, want %d", counts.Total, f.world.DeviceCount())
	}
	statuses, conditions := map[fleet.Status]int64{}, map[fleet.Condition]int64{}
	for _, row := range counts.Rows {
		statuses[row.Status] += row.Count
		conditions[row.Condition] += row.Count
	}
	for _, s := range fleet.Statuses() {
		if statuses[s] == 0 {
			f.Errorf("no device is %s", s)
		}
	}
	for _, c := range fleet.Conditions() {
		if conditions[c] == 0 {
			f.Errorf("no device is %s", c)
		}
	}
}

func (f *filled) hasShipments() {
	shipments, err := f.boss.Shipments(f.Context())
	if err != nil || len(shipments) != 3 {
		f.Fatalf("%d shipments, %v", len(shipments), err)
	}
	states := map[fleet.ShipmentState]bool{}
	for i, got := range shipments {
		want := f.world.Shipments()[2-i] // the newest comes first
		states[got.State] = true
		if got.Number != want.Number || got.Supplier != want.Supplier || got.Dispatched != want.Dispatched || int(got.Lines) != want.Count || got.FileName == "" {
			f.Errorf("shipment %+v, want %+v", got, want)
		}
		if got.Damaged == 0 || got.Received == 0 {
			f.Errorf("shipment %s has nothing damaged, or nothing received: %+v", got.Number, got)
		}
		if (got.State == fleet.ShipmentClosed) != (got.Short > 0) || (got.State == fleet.PartlyReceived) != (got.Awaited() > 0) {
			f.Errorf("shipment %s is %s with %d short and %d awaited", got.Number, got.State, got.Short, got.Awaited())
		}
	}
	if !states[fleet.ShipmentClosed] || !states[fleet.PartlyReceived] {
		f.Errorf("the shipments are only in the states %v", states)
	}
	models, err := f.boss.Models(f.Context())
	if err != nil || len(models) != len(f.world.Models()) {
		f.Fatalf("%d models, %v", len(models), err)
	}
	for _, m := range models {
		if m.Manufacturer == "" || m.AUE == 0 {
			f.Errorf("of the model %s nothing is known: %+v", m.Name, m)
		}
	}
}

func (f *filled) hasFaults() {
	rows, err := f.boss.FaultCounts(f.Context(), atlas.CountryCode)
	if err != nil {
		f.Fatal(err)
	}
	categories, states, total := map[fleet.FaultCategory]int64{}, map[fleet.FaultState]int64{}, int64(0)
	for _, row := range rows {
		categories[row.Category] += row.Count
		states[row.State] += row.Count
		total += row.Count
	}
	for _, c := range fleet.FaultCategories() {
		if categories[c] == 0 && c != fleet.FaultOther {
			f.Errorf("no fault is of the kind %s", c)
		}
	}
	for _, s := range fleet.FaultStates() {
		if states[s] == 0 {
			f.Errorf("no fault is %s", s)
		}
	}
	if total == 0 || total != int64(f.summary.Faults) {
		f.Errorf("%d faults, of which the summary says %d", total, f.summary.Faults)
	}
}

// hasFaultDays compares the register's faults with what happened.
func (f *filled) hasFaultDays() {
	type report struct {
		serial fleet.Serial
		day    fleet.Date
	}
	happened := map[report]fleet.FaultCategory{}
	for e := range f.world.Events() {
		if e.Kind == demo.Report {
			happened[report{e.Serial, fleet.DateOf(e.Time)}] = e.Category
		}
	}
	country, err := f.boss.Place(f.Context(), atlas.CountryCode)
	if err != nil {
		f.Fatal(err)
	}
	faults, _, err := f.boss.Faults(f.Context(), registry.FaultQuery{Place: country.Path, Limit: 10_000})
	if err != nil || len(faults) != len(happened) {
		f.Fatalf("%d faults, want %d: %v", len(faults), len(happened), err)
	}
	for _, got := range faults {
		day := fleet.DateOf(time.Unix(got.Reported, 0))
		if happened[report{got.Serial, day}] != got.Category {
			f.Errorf("fault %s: %s of %s on %s did not happen", got.Ref, got.Category, got.Serial, day)
		}
	}
}

func (f *filled) hasTrend() {
	var days []fleet.Date
	for months := 17; months >= 0; months-- {
		days = append(days, fleet.DateOf(today.AddDate(0, -months, 0)))
	}
	devices, err := f.boss.DeviceTrend(f.Context(), atlas.CountryCode, days)
	if err != nil {
		f.Fatal(err)
	}
	faults, err := f.boss.FaultTrend(f.Context(), atlas.CountryCode, days)
	if err != nil {
		f.Fatal(err)
	}
	for i := 1; i < len(days); i++ {
		if faults[i].Reported <= faults[i-1].Reported && i > 4 {
			f.Errorf("no fault was reported between %s and %s", days[i-1], days[i])
		}
		if devices[i].Total() < devices[i-1].Total() {
			f.Errorf("devices vanished between %s and %s", days[i-1], days[i])
		}
	}
	if first, last := devices[0].Total(), devices[len(days)-1].Total(); first == 0 || first == last {
		f.Errorf("from %d devices to %d in eighteen months", first, last)
	}
}

func (f *filled) hasHistories() {
	actors := map[string]bool{}
	for n := range f.world.DeviceCount() {
		serial := f.world.Device(n).Serial
		history, err := f.boss.History(f.Context(), serial)
		if err != nil || len(history) == 0 {
			f.Fatalf("device %s has a history of %d, %v", serial, len(history), err)
		}
		last := today.AddDate(0, -18, -14)
		for _, h := range history {
			if h.Entry.Time.Before(last) || h.Entry.Time.After(today) {
				f.Fatalf("device %s: %s at %v, after what happened at %v", serial, h.Entry.Change, h.Entry.Time, last)
			}
			last = h.Entry.Time
			actors[h.Entry.Actor] = true
		}
	}
	for _, s := range f.summary.SignIns {
		switch s.Role {
		case fleet.SchoolRole, fleet.WorkshopRole, fleet.Officer:
			if !actors[s.User] {
				f.Errorf("%s has done nothing to any of these devices", s.User)
			}
		}
	}
}

// hasImports imports every workbook again, which changes nothing.
func (f *filled) hasImports() {
	imports, err := f.boss.Imports(f.Context(), 100)
	if err != nil || len(imports) != len(f.summary.Workbooks) || len(imports) != 1+7+3+1 {
		f.Fatalf("%d imports of the workbooks %q: %v", len(imports), f.summary.Workbooks, err)
	}
	applied := 0
	for _, i := range imports {
		data, err := os.ReadFile(filepath.Join(f.Folder, i.FileName))
		if err != nil {
			f.Fatal(err)
		}
		if i.State != registry.ImportApplied {
			continue
		}
		applied++
		kind, err := workbook.ParseKind(i.Kind)
		if err != nil {
			f.Fatal(err)
		}
		again, err := workbook.NewPlan(f.Context(), f.boss, workbook.File{Name: i.FileName, Data: bytes.NewReader(data), Size: int64(len(data))},
			workbook.Options{Kind: kind, Shipment: i.Shipment, Supplier: i.Supplier, To: i.To})
		if err != nil {
			f.Fatal(err)
		}
		if again.Rows != int(i.Rows) || again.Unchanged != again.Rows || len(again.Changes()) != 0 || len(again.Problems) != 0 || i.New != i.Rows {
			f.Errorf("%s: %d rows of which %d were new; again %d rows, %d unchanged, problems %v", i.FileName, i.Rows, i.New, again.Rows, again.Unchanged, again.Problems)
		}
	}
	if applied != 11 {
		f.Errorf("%d imports are applied, want all but the one with mistakes", applied)
	}
}

func (f *filled) hasMistakes() {
	officer := f.as(fleet.Officer)
	imports, err := officer.Imports(f.Context(), 10)
	if err != nil || len(imports) != 1 || imports[0].State != registry.ImportPlanned {
		f.Fatalf("the officer's imports are %+v, %v", imports, err)
	}
	plan, _, err := f.Desk.Plan(f.Context(), officer, imports[0].ID, nil)
	if err != nil {
		f.Fatal(err)
	}
	var codes []string
	for _, p := range plan.Problems {
		codes = append(codes, p.Code)
	}
	want := []string{"serial.scientific", "serial.twice", "school.unknown", "district.unknown", "date.impossible", "rupees.invalid"}
	if plan.Rows != 9 || plan.New != 3 || plan.LeftOut != 6 || !slices.Equal(codes, want) {
		f.Errorf("%d rows, %d new, %d left out, problems\n%q, want\n%q", plan.Rows, plan.New, plan.LeftOut, codes, want)
	}
}

// as is the register as the demo's account of the role sees it.
func (f *filled) as(role fleet.Role) registry.Session {
	f.Helper()
	i := slices.IndexFunc(f.summary.SignIns, func(s demo.SignIn) bool { return s.Role == role })
	users, err := f.boss.Users(f.Context())
	if err != nil || i < 0 {
		f.Fatalf("nobody signs in as %s: %v", role, err)
	}
	for _, u := range users {
		if u.Name == f.summary.SignIns[i].User {
			return f.Register.As(registry.Actor{User: u.ID, Name: u.Name, Grants: u.Grants})
		}
	}
	f.Fatalf("there is no user %s", f.summary.SignIns[i].User)
	return registry.Session{}
}

func (f *filled) hasSignIns() {
	var signs []fleet.Role
	for _, s := range f.summary.SignIns {
		signs = append(signs, s.Role)
		user, ok, err := f.Register.Gate().User(f.Context(), s.User)
		if err != nil || !ok || user.Password != "hash of "+s.Password || !strings.Contains(s.Password, "demo") || len(s.Password) < 10 {
			f.Errorf("%s cannot sign in with %q: %v", s.User, s.Password, err)
		}
		session := f.as(s.Role)
		home, ok, err := session.Home(f.Context())
		if err != nil || !ok || s.Place != "" && home.Code != s.Place {
			f.Errorf("the home of %s is %s, want %s: %v", s.User, home.Code, s.Place, err)
		}
		counts, err := session.Counts(f.Context(), registry.CountQuery{Place: home.Code})
		if err != nil || counts.Total == 0 {
			f.Errorf("%s sees no devices: %v", s.User, err)
		}
		faults, _, err := session.Faults(f.Context(), registry.FaultQuery{Place: home.Path, Limit: 1})
		if err != nil || len(faults) == 0 {
			f.Errorf("%s sees no faults: %v", s.User, err)
		}
	}
	if !slices.Equal(signs, fleet.Roles()) {
		f.Errorf("the roles %v can sign in, want %v", signs, fleet.Roles())
	}
	again, err := demo.SignIns(f.Context(), f.Register)
	if err != nil || !slices.Equal(again, f.summary.SignIns) {
		f.Errorf("asked again, %v sign in: %v", again, err)
	}
}
