package workbook

import (
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// A problem names the column that it is about and what stands there, whoever found
// it; one that is about no column names none.
func TestAProblemNamesTheCellItIsAbout(t *testing.T) {
	w := newWorld(t)
	w.imported(lines("a.csv", "Serial,Asset Tag", "OLD-0001,T-1"), Options{Kind: Devices, Shipment: "S-0", To: "PK602"})
	long := strings.Repeat("x", 300)
	p := w.plan(lines("a.csv", "Serial,Asset Tag,Carton,Model,School EMIS",
		"TK-0001,t-1,C-1,Takhti 11,35200001",
		"TK-0002,T-2,"+long+",Takhti 11,35200001",
		"TK-0003,T-3,C-1,"+long+",35200001",
	), lahore())
	wantCells(t, p, "B2 T-1", "C3 "+long[:200]+"…", "D4 "+long[:200]+"…")

	p = w.plan(lines("b.csv", "EMIS Code,Place Name,District,Parent Code", "35200020,"+long+",Lahore,", "35200021,Well,Lahore,PK601-store"), Options{Kind: Places})
	wantCells(t, p, "B2 "+long[:200]+"…", "D3 PK601-STORE")

	officer := w.as(fleet.Officer, "PK601")
	p, err := NewPlan(t.Context(), officer, lines("c.csv", "EMIS Code,Place Name,Kind,Place Code", ",Depot,province,PK9"), Options{Kind: Places})
	if err != nil {
		t.Fatal(err)
	}
	wantCells(t, p, "2 PK9")
}

func wantCells(t *testing.T, p *Plan, want ...string) {
	t.Helper()
	var got []string
	for _, problem := range p.Problems {
		got = append(got, strings.TrimPrefix(problem.Cell(), problem.Sheet+"!")+" "+problem.Value)
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s: the problems are at\n%s\nwant\n%s\n%s", p.FileName, strings.Join(got, "\n"), strings.Join(want, "\n"), p.Problems)
	}
}
