package fleet

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// noon of 10 March 2026 in Pakistan.
var noon = time.Date(2026, 3, 10, 12, 0, 0, 0, PKT)

// grid reads a table drawn with blanks: the first line names the columns, the
// first word of each further line names the row.
func grid(t *testing.T, drawing string, visit func(row, column, cell string)) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(drawing), "\n")
	columns := strings.Fields(lines[0])
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		if len(cells) != len(columns)+1 {
			t.Fatalf("%d columns, but %d cells in the row %q", len(columns), len(cells)-1, line)
		}
		for i, column := range columns {
			visit(cells[0], column, cells[i+1])
		}
	}
}

// named finds a value by its name.
func named[E interface {
	comparable
	String() string
}](t *testing.T, all []E, name string) E {
	t.Helper()
	for _, e := range all {
		if e.String() == name {
			return e
		}
	}
	t.Fatalf("no value is named %q", name)
	panic("not reached")
}

// codeOf is the code of an error; empty for none.
func codeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	if err != nil {
		return "not an error of the register: " + err.Error()
	}
	return ""
}

// refused checks that err has the code and, unless empty, the field.
func refused(t *testing.T, err error, code, field string) {
	t.Helper()
	var e *Error
	switch {
	case !errors.As(err, &e):
		t.Errorf("got %v, want refusal %s", err, code)
	case e.Code != code || e.Field != field:
		t.Errorf("refused as %s in %q (%s), want %s in %q", e.Code, e.Field, e.Message, code, field)
	}
}
