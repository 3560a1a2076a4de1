package workbook

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// More causes than are told apart are one cause, about which can be decided, too.
func TestManyCausesAreDecidedAboutTogether(t *testing.T) {
	w := newWorld(t)
	all := []string{"Serial,District"}
	for i := range maxGroups + 100 {
		all = append(all, fmt.Sprintf("TK-%04d,Nowhere %d", i, i))
	}
	f := lines("a.csv", append(all, "OK-0001,Lahore")...)
	p := w.plan(f, lahore())
	g := p.group(t, "district.unknown|district")
	if g.Problems != 100 {
		t.Errorf("%d rows", g.Problems)
	}
	p = w.plan(f, decided(lahore(), [3]string{"district.unknown|district", LeaveOut}))
	if p.Unsettled != maxGroups || p.group(t, "district.unknown|district|nowhere0").Decision.Do != "" {
		t.Errorf("%d rows are unsettled", p.Unsettled)
	}
	wantCounts(t, p, 1, 0, 0, maxGroups+100)
}

func TestDecisionsAboutNothingAreRefused(t *testing.T) {
	for _, cause := range []string{"serial.twice|serial_numbr", "district.unknown|distrikt|lahor"} {
		err := CheckDecisions(Devices, []registry.Decision{{Cause: cause, Do: LeaveOut}})
		if fleet.KindOf(err) != fleet.Invalid {
			t.Errorf("%s: %v", cause, err)
		}
	}
}

func TestADecisionThatSettlesNothingIsSaid(t *testing.T) {
	w := newWorld(t)
	f := lines("a.csv", "Serial,District", "TK-0001,Lahor")
	p := w.plan(f, decided(lahore(), [3]string{"district.unknown|district|lahr", Use, "Lahore"}))
	if notes := strings.Join(p.Notes, "\n"); !strings.Contains(notes, `No row of the file has the problem "district.unknown|district|lahr"`) {
		t.Error(notes)
	}
	p = w.plan(f, decided(lahore(), [3]string{"district.unknown|district|lahor", Use, "Lahore"}))
	if notes := strings.Join(p.Notes, "\n"); strings.Contains(notes, "No row") {
		t.Error(notes)
	}
}

func TestTheNearestWordIsOfferedFirst(t *testing.T) {
	w := newWorld(t)
	f := lines("a.csv", "EMIS Code,School Name,District,Level", "35200071,GPS A,Lahore,Primry", "35200072,GPS B,Lahore,Nursery")
	p := w.plan(f, Options{Kind: Places})
	near, far := p.group(t, "level.unknown|level|primry"), p.group(t, "level.unknown|level|nursery")
	if near.Offers[0] != "primary" || near.First.Suggestion != "primary" || len(near.Offers) != 4 {
		t.Errorf("%+v", near)
	}
	if !slices.Contains(near.Offers, "higher secondary") {
		t.Errorf("what is offered is not as people write it: %q", near.Offers)
	}
	if far.First.Suggestion != "" || len(far.Offers) != 4 {
		t.Errorf("%+v", far)
	}
}

// A name that is unknown in one district may be right in another: what was decided
// about the one does not change the other.
func TestADecisionHoldsForTheRowsThatHaveTheProblem(t *testing.T) {
	w := newWorld(t)
	w.imported(lines("more.csv", "Place Code,Kind,Place Name,Province,District", "PK602-SADDAR,tehsil,Saddar,Punjab,Kasur"), Options{Kind: Places})
	f := lines("a.csv", "Serial,District,Tehsil", "TK-0001,Lahore,Saddar", "TK-0002,Kasur,Saddar")
	p := w.plan(f, lahore())
	wantCounts(t, p, 1, 0, 0, 1)
	cause := p.Groups[0].Cause
	p = w.plan(f, decided(lahore(), [3]string{cause, Use, "Lahore City"}))
	wantCounts(t, p, 2, 0, 0, 0)
	if g := p.group(t, cause); g.Problems != 1 || g.Decision.Do != Use {
		t.Errorf("%+v", g)
	}
}
