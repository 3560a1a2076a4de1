package main

import (
	"strings"
	"testing"
)

func TestNumbersHaveTheirThousandsApart(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 999: "999", 1000: "1,000", 65_536: "65,536", 1_234_567: "1,234,567", -100: "-100", -1000: "-1,000",
	} {
		if got := grouped(n); got != want {
			t.Errorf("%d is shown as %s, want %s", n, got, want)
		}
	}
}

func TestAGridKeepsItsColumnsStraight(t *testing.T) {
	g := grid{right: map[int]bool{1: true}}
	g.add("status", "devices")
	g.add("in_store", "1,200")
	g.add("لاہور", "7") // five letters, ten bytes
	var out strings.Builder
	if err := g.write(&out); err != nil {
		t.Fatal(err)
	}
	const want = "status    devices\nin_store    1,200\nلاہور           7\n"
	if out.String() != want {
		t.Errorf("wrote\n%swant\n%s", out.String(), want)
	}
}

func TestCSVCannotActAsAFormula(t *testing.T) {
	var out strings.Builder
	if err := writeCSV(&out, [][]string{{"=1+1", "@here", "-5", "S-1", "-S1", ""}}); err != nil {
		t.Fatal(err)
	}
	if want := "'=1+1,'@here,-5,S-1,'-S1,\n"; out.String() != want {
		t.Errorf("wrote %q, want %q", out.String(), want)
	}
}
