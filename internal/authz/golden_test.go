package authz

import (
	"encoding/csv"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/authz_matrix.csv anew")

const golden = "testdata/authz_matrix.csv"

// readGolden reads the lines of the outcome as it was reviewed.
func readGolden(t testing.TB) map[string]bool {
	kept, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string]bool{}
	for line := range strings.Lines(string(kept)) {
		lines[line] = true
	}
	return lines
}

// outcome adds a line to the outcome, and compares it at once, so that a difference
// stands beside what it comes from.
func (m *matrix) outcome(cells []string) {
	m.Helper()
	line := asCSV(cells)
	m.lines = append(m.lines, line)
	if !*update && !m.golden[line] {
		m.Errorf("+ %s", line)
	}
}

// compare compares the outcome as a whole with the golden file, or writes that.
func (m *matrix) compare() {
	header := []string{"route", "reference in", "asker"}
	for _, rel := range relations {
		header = append(header, strings.Replace(string(rel), "-", "no place", 1))
	}
	m.lines = append([]string{asCSV(header)}, m.lines...)
	if *update {
		if err := os.WriteFile(golden, []byte(strings.Join(m.lines, "")), 0o644); err != nil {
			m.Fatal(err)
		}
		return
	}
	for line := range m.golden {
		if !slices.Contains(m.lines, line) {
			m.Errorf("- %s", line)
		}
	}
	if m.Failed() {
		m.Errorf("%s is another one now: read the difference and, if it is right, run go test ./internal/authz -update", golden)
	}
}

func asCSV(cells []string) string {
	var line strings.Builder
	out := csv.NewWriter(&line)
	_ = out.Write(cells) // to memory
	out.Flush()
	return line.String()
}
