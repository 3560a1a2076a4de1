package workbook

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// wrongLists are lists in which about everything is wrong that can be.
var wrongLists = []struct {
	name  string
	kind  Kind
	lines []string
}{
	{"packing", Devices, []string{
		"Serial Number,Asset Tag,MAC,Price,Warranty End,School EMIS,Place Name,District,Tehsil",
		"1.23E+11,,,,,,,,",
		",A-1,,,,,,,",
		"T,,,,,,,,",
		"TK 0001 ü,,,,,,,,",
		"Carton seven,,,,,,,,",
		"TK-0001,A-1,,,,,,,",
		"TK-0001,A-2,,,,,,,",
		"TK-0002,A-1,,,,,,,",
		"TK-0003,TAG-THAT-IS-FAR-TOO-LONG-TO-BE-READ-BY-ANYBODY-WHO-HOLDS-THE-DEVICE,,,,,,,",
		"TK-0004,,no mac,,,,,,",
		"TK-0005,,,dear,,,,,",
		"TK-0006,,,45000.505,,,,,",
		"TK-0007,,,,31/02/2027,,,,",
		"TK-0008,,,,soon,,,,",
		"TK-0009,,,,30/06/1926,,,,",
		"TK-0010,,,,,35200011,,Lahore,",
		"TK-0011,,,,,35200001,,Kasur,",
		"TK-0012,,,,,,GGHS Chak 78,Lahore,",
		"TK-0013,,,,,,,Lahor,",
		"TK-0014,,,,,,,,Nowhere",
		"TK-0015,#N/A,,,,,,,",
		"TK-0016,,,,,,Atlantis,,",
		"OLD-0001,,,,,,,,",
	}},
	{"schools", Places, []string{
		"EMIS Code,Name of School,District,Level,Gender,Enrolment,Electricity,Latitude,Longitude,Kind,School Status",
		",GGHS Nameless,Lahore,,,,,,,,",
		"35200090,,Lahore,,,,,,,,",
		"35200091,GGHS One,Lahor,,,,,,,,",
		"35200092,GGHS Two,Lahore,Kindergarden,,,,,,,",
		"35200093,GGHS Three,Lahore,,Anybody,,,,,,",
		"35200094,GGHS Four,Lahore,,,many,,,,,",
		"35200095,GGHS Five,Lahore,,,,perhaps,,,,",
		"35200096,GGHS Six,Lahore,,,,,1.5,2.5,,",
		"35200097,GGHS Seven,Lahore,,,,,north,73.1,,",
		"35200098,GGHS Eight,Lahore,,,,,,,palace,",
		"35200099,GGHS Nine,Lahore,,,,,,,,haunted",
		"3520 0100!,GGHS Ten,Lahore,,,,,,,,",
		"35200101,GGHS Eleven,Lahore,,,,,,,,",
		"35200101,GGHS Eleven again,Lahore,,,,,,,,",
	}},
}

// The sentences that officers read, and what they are offered to decide, change only
// on purpose.
func TestProblemsAreTheOnesWritten(t *testing.T) {
	w := newWorld(t)
	w.imported(lines("old.csv", "Serial", "OLD-0001"), Options{Kind: Devices, Shipment: "S-0", To: "PK602"})
	var all strings.Builder
	for _, l := range wrongLists {
		p := w.plan(lines(l.name+".csv", l.lines...), Options{Kind: l.kind, Shipment: "S-1", Supplier: "Assembler", To: "PK601"})
		fmt.Fprintf(&all, "%s: %d rows, %d left out\n\n", l.name, p.Rows, p.LeftOut)
		for _, problem := range p.Problems {
			fmt.Fprintln(&all, problem)
		}
		fmt.Fprintln(&all)
		for _, g := range p.Groups {
			fmt.Fprintf(&all, "%s: %d: %s %q\n", g.Cause, g.Problems, strings.Join(g.Choices, " "), g.Offers)
		}
		fmt.Fprintln(&all)
	}
	const golden = "testdata/problems.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(all.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if all.String() != string(want) {
		t.Errorf("the problems changed; if that is meant, run go test ./internal/workbook -update\n%s", all.String())
	}
}
