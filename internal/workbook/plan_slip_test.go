package workbook

import (
	"fmt"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/registry"
)

// packing is a packing list of the serials.
func packing(serials ...string) File {
	rows := []string{"Serial Number,Model"}
	for _, s := range serials {
		rows = append(rows, s+",Taleem 11")
	}
	return lines("packing.csv", rows...)
}

func TestMistypedSerialsAreProblems(t *testing.T) {
	w := newWorld(t)
	var serials []string
	for n := range 40 {
		serials = append(serials, fmt.Sprintf("HP5CD26%04d", n))
	}
	serials[7] = "HP5CD26OO07" // two at once are no slip
	serials[8] = "HP5CD26O008"
	serials = append(serials, "HP5CD2600I2")
	o := Options{Kind: Devices, Shipment: "LHR-1", To: "PK601-STORE"}
	p := w.plan(packing(serials...), o)
	wantCounts(t, p, 39, 0, 0, 2)
	wantProblems(t, p,
		"packing!A10: HP5CD26O008 looks mistyped, compared with the other serials of the file: is it HP5CD260008?",
		"packing!A42: HP5CD2600I2 looks mistyped: HP5CD260012 differs from it only by a character that looks the same, and is in packing!14",
	)
	if p.Problems[0].Suggestion != "HP5CD260008" {
		t.Errorf("%q is suggested", p.Problems[0].Suggestion)
	}
	if len(p.Groups) != 1 || p.Groups[0].Problems != 2 || strings.Join(p.Groups[0].Choices, " ") != "accept leave_out" {
		t.Errorf("the groups are %+v", p.Groups)
	}

	o.Reading.Decisions = []registry.Decision{{Cause: p.Groups[0].Cause, Do: Accept}}
	accepted := w.imported(packing(serials...), o)
	wantCounts(t, accepted, 41, 0, 0, 0)
	o.Reading = registry.Reading{}
	again := w.plan(packing(serials...), o)
	wantCounts(t, again, 0, 0, 41, 0) // what the register has was accepted
	wantProblems(t, again)
}

func TestMistypedSerialsCanBeLeftOut(t *testing.T) {
	w := newWorld(t)
	o := Options{Kind: Devices, Shipment: "LHR-1", To: "PK601-STORE"}
	file := packing("5CD0123ABC", "5CDO123ABC", "5CD0124ABD")
	o.Reading.Decisions = []registry.Decision{{Cause: w.plan(file, o).Groups[0].Cause, Do: LeaveOut}}
	wantCounts(t, w.imported(file, o), 2, 0, 0, 1)
}
