package workbook

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// world is a small country, itself imported from a list:
//
//	PK Pakistan
//	├ PK2 Balochistan: PK201 Quetta, PK202 Pishin
//	└ PK6 Punjab: PK601 Lahore with a store, a tehsil and three schools; PK602 Kasur
type world struct {
	t    testing.TB
	reg  *registry.Register
	boss registry.Session
}

const country = `Place Code,Kind,EMIS Code,Place Name,Name (Urdu),Province,District,Tehsil
PK,country,,Pakistan,پاکستان,,,
PK2,province,,Balochistan,بلوچستان,,,
PK6,province,,Punjab,پنجاب,,,
PK201,district,,Quetta,کوئٹہ,Balochistan,,
PK202,district,,Pishin,پشین,Balochistan,,
PK601,district,,Lahore,لاہور,Punjab,,
PK602,district,,Kasur,قصور,Punjab,,
PK601-CITY,tehsil,,Lahore City,,Punjab,Lahore,
PK601-STORE,store,,Lahore Store,,Punjab,Lahore,
,school,35200001,GGHS Chak 77,,Punjab,Lahore,Lahore City
,school,35200002,GBHS Model Town,,Punjab,Lahore,Lahore City
,school,35200003,GBPS Kot Lakhpat,,Punjab,Lahore,
`

func newWorld(t testing.TB) *world {
	t.Helper()
	w := newEmptyWorld(t)
	w.imported(memFile("country.csv", []byte(country)), Options{Kind: Places})
	return w
}

func newEmptyWorld(t testing.TB) *world {
	t.Helper()
	now := time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)
	reg, err := registry.Open(context.Background(), memkv.New(), registry.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { reg.Close() })
	return &world{t: t, reg: reg, boss: reg.As(registry.Operator())}
}

// as opens the register to somebody with one role at one place.
func (w *world) as(role fleet.Role, code fleet.PlaceCode) registry.Session {
	w.t.Helper()
	name := strings.ToLower(role.String() + "." + string(code))
	for range 2 {
		all, err := w.boss.Users(context.Background())
		if err != nil {
			w.t.Fatal(err)
		}
		for _, u := range all {
			if u.Name == name {
				return w.reg.As(registry.Actor{User: u.ID, Name: name, Via: "api", Grants: u.Grants})
			}
		}
		add := registry.AddUser{User: name, Grants: []registry.UserGrant{{Role: role, Place: code}}}
		if _, err := w.boss.Apply(context.Background(), registry.Request{}, add); err != nil {
			w.t.Fatal(err)
		}
	}
	w.t.Fatalf("there is no account %s", name)
	return registry.Session{}
}

func (w *world) place(code fleet.PlaceCode) fleet.Place {
	w.t.Helper()
	p, err := w.boss.Place(context.Background(), code)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

func (w *world) device(serial fleet.Serial) fleet.Device {
	w.t.Helper()
	d, err := w.boss.Device(context.Background(), serial)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// plan makes a plan that must be possible, whatever problems it has.
func (w *world) plan(f File, o Options) *Plan {
	w.t.Helper()
	p, err := NewPlan(context.Background(), w.boss, f, o)
	if err != nil {
		w.t.Fatal(err)
	}
	return p
}

// imported plans and applies a file that must have no problems.
func (w *world) imported(f File, o Options) *Plan {
	w.t.Helper()
	p := w.plan(f, o)
	if len(p.Problems) > 0 && !o.SkipBad {
		w.t.Fatalf("%s: %d problems, the first: %s", f.Name, len(p.Problems), p.Problems[0])
	}
	if _, err := Apply(context.Background(), w.boss, p, 0); err != nil {
		w.t.Fatal(err)
	}
	return p
}

// lines makes a text file of lines.
func lines(name string, all ...string) File {
	return memFile(name, []byte(strings.Join(all, "\n")+"\n"))
}

// xlsx makes a workbook with one sheet of the given rows.
func xlsx(t testing.TB, rows ...[]any) File {
	t.Helper()
	x := excelize.NewFile()
	defer x.Close()
	for i, cells := range rows {
		if err := x.SetSheetRow("Sheet1", sheet.CellName(1, i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	return saved(t, x)
}

func saved(t testing.TB, x *excelize.File) File {
	t.Helper()
	var b bytes.Buffer
	if err := x.Write(&b); err != nil {
		t.Fatal(err)
	}
	return memFile("test.xlsx", b.Bytes())
}

// wantCounts checks what a plan would do.
func wantCounts(t testing.TB, p *Plan, isNew, changed, unchanged, leftOut int) {
	t.Helper()
	if p.New != isNew || p.Changed != changed || p.Unchanged != unchanged || p.LeftOut != leftOut {
		t.Errorf("%s: %d new, %d changed, %d unchanged, %d left out; want %d, %d, %d, %d",
			p.FileName, p.New, p.Changed, p.Unchanged, p.LeftOut, isNew, changed, unchanged, leftOut)
	}
}

// wantProblems checks the problems, each as its line begins.
func wantProblems(t testing.TB, p *Plan, want ...string) {
	t.Helper()
	for i := range max(len(want), len(p.Problems)) {
		switch {
		case i >= len(want):
			t.Errorf("a problem too many: %s", p.Problems[i])
		case i >= len(p.Problems):
			t.Errorf("no problem beginning %s", want[i])
		case !strings.HasPrefix(p.Problems[i].String(), want[i]):
			t.Errorf("problem %d is\n\t%s\nwant\n\t%s", i+1, p.Problems[i], want[i])
		}
	}
}
