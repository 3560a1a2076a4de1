package workbook

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// A plan shows what it would change, field by field, before it is done.
func TestAPlanShowsItsChanges(t *testing.T) {
	w := newWorld(t)
	w.imported(lines("a.csv", "Serial,Asset Tag,Model,Price,Warranty End", "TK-0001,A-1,Takhti 11,45000,30/06/2029", "TK-0002,A-2,Takhti 11,45000,", "TK-0003,A-3,Takhti 11,,"), lahore())
	o := lahore()
	o.To, o.SkipBad = "PK601-STORE", true
	p := w.plan(lines("b.csv", "Serial,Asset Tag,Model,Price,Warranty End", "TK-0003,A-1,,,", "TK-0001,,Takhti 14,46000.50,2029-07-01", "TK-0002,A-2,,45000,", "TK-0009,,,,"), o)
	wantDifferences(
		t, p,
		"S-1: Destination Lahore (PK601) > Lahore Store (PK601-STORE)",
		"b!3 TK-0001: Model Takhti 11 > Takhti 14; Price 45000 > 46000.50; Warranty End 2029-06-30 > 2029-07-01",
	)
	if p.Destination != "Lahore Store (PK601-STORE)" {
		t.Errorf("the shipment goes to %q", p.Destination)
	}

	p = w.plan(lines("c.csv", "EMIS Code,School Name,District,Tehsil,Enrolment",
		"35200001,GGHS Chak 77,Kasur,,812", "35200003,GBPS Kot Lakhpat,Lahore,Lahore City,", "35200002,GBHS Model Town,Lahore,,"), Options{Kind: Places})
	wantDifferences(
		t, p,
		"c!2 PK6-35200001: Parent Code PK601-CITY > PK602; District Lahore > Kasur; Tehsil Lahore City > ; Enrolment  > 812",
		"c!3 PK6-35200003: Parent Code PK601 > PK601-CITY; Tehsil  > Lahore City",
	)
}

func TestOnlyTheFirstChangesAreShown(t *testing.T) {
	w := newWorld(t)
	first, second := []string{"Serial,Carton"}, []string{"Serial,Carton"}
	for i := range maxDifferences + 10 {
		first = append(first, fmt.Sprintf("TK-%04d,C-1", i))
		second = append(second, fmt.Sprintf("TK-%04d,C-2", i))
	}
	w.imported(lines("a.csv", first...), lahore())
	p := w.plan(lines("a.csv", second...), lahore())
	wantCounts(t, p, 0, maxDifferences+10, 0, 0)
	if n := len(p.Differences); n != maxDifferences || p.Differences[n-1].Row != maxDifferences+1 {
		t.Errorf("%d changes are shown", n)
	}
}

func wantDifferences(t *testing.T, p *Plan, want ...string) {
	t.Helper()
	var got []string
	for _, d := range p.Differences {
		var fields []string
		for _, f := range d.Fields {
			fields = append(fields, f.Name+" "+f.Before+" > "+f.After)
		}
		where := ""
		if d.Row > 0 {
			where = d.String() + " "
		}
		got = append(got, where+d.What+": "+strings.Join(fields, "; "))
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: the changes are\n%s\nwant\n%s", p.FileName, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
