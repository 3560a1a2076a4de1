package workbook

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// A file that the scanner refuses is neither kept nor known to the register, on
// whichever way it came.
func TestWhatTheScannerRefusesIsNotKept(t *testing.T) {
	infected := fleet.Invalidf("file.infected", "it is infected")
	w := newWorld(t)
	dir := t.TempDir()
	var looked []string
	d := NewDesk(dir, Limits{Scan: func(_ context.Context, path string) error {
		data, err := os.ReadFile(path)
		if looked = append(looked, string(data)); strings.Contains(string(data), "EICAR") {
			err = infected
		}
		return err
	}})
	const bad, good = "Serial\nEICAR\n", "Serial\nTK-1\n"
	for content, want := range map[string]error{bad: infected, good: nil} {
		if _, err := d.Take(t.Context(), w.boss, ofShipment(), strings.NewReader(content)); !errors.Is(err, want) {
			t.Errorf("%q: got %v", content, err)
		}
		u, err := d.BeginUpload(w.boss, Upload{Name: "list.csv", Length: int64(len(content))})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Append(t.Context(), w.boss, u.ID, 0, strings.NewReader(content), nil); err != nil {
			t.Fatal(err)
		}
		if _, err := d.TakeUpload(t.Context(), w.boss, ofShipment(), u.ID); !errors.Is(err, want) {
			t.Errorf("%q in pieces: got %v", content, err)
		}
	}
	if all, err := w.boss.Imports(t.Context(), 10); err != nil || len(all) != 2 {
		t.Errorf("%d imports, %v", len(all), err)
	}
	if len(looked) != 4 {
		t.Errorf("the scanner looked at %q", looked)
	}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if strings.Contains(string(data), "EICAR") {
			t.Errorf("%s is what was refused", path)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
