package workbook

import (
	"strings"
	"testing"
)

// Where a list in Urdu was saved in an encoding without Urdu, nothing is left of its
// names; a dash says that there is none.
func TestLettersThatWereLostAreNotPassedOver(t *testing.T) {
	w := newWorld(t)
	f := lines("a.csv", "Serial,District,Funding", "TK-00001,?????,", "TK-00002,-,", "TK-00003,Lahore,???? ??")
	p := w.plan(f, lahore())
	wantCounts(t, p, 1, 0, 0, 2)
	wantProblems(t, p, "a!B2: only question marks are left of the cell's letters: save", "a!C4: only question marks")
	wantCounts(t, w.plan(f, decided(lahore(), [3]string{"cell.lost|district", Empty}, [3]string{"cell.lost|funding", Empty})), 3, 0, 0, 0)
}

func TestLongTextsAreDecidedAboutToo(t *testing.T) {
	w := newWorld(t)
	long := strings.Repeat("Lahore and so on ", 200)
	f := lines("a.csv", "Serial,District", "TK-00001,"+long, "TK-00002,"+long+"A")
	p := w.plan(f, lahore())
	if len(p.Groups) != 2 || len(p.Groups[0].Cause) > 300 || len(p.Problems[0].Message) > 400 {
		t.Fatalf("%d groups, cause %s, %s", len(p.Groups), p.Groups[0].Cause, p.Problems[0].Message)
	}
	wantCounts(t, w.plan(f, decided(lahore(), [3]string{p.Groups[0].Cause, Use, "Lahore"})), 1, 0, 0, 1)
}
