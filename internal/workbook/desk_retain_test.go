package workbook

import (
	"os"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// A file goes when all its imports are old, and their records stay.
func TestOldFilesAreDropped(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{})
	t.Cleanup(d.Stop)
	take := func(text string) string {
		i, err := d.Take(t.Context(), w.boss, Incoming{Name: "a.csv", Kind: Places}, strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return d.path(i.SHA256)
	}
	one, two := take("EMIS Code,School\n1,One\n"), take("EMIS Code,School\n2,Two\n")
	for days, want := range []int{0, 2} {
		before := w.boss.Today().Time().AddDate(0, 0, days)
		dropped, err := d.DropFiles(t.Context(), w.boss, before)
		if err != nil || dropped != want {
			t.Errorf("before %s: %d, %v", before, dropped, err)
		}
	}
	for _, path := range []string{one, two} {
		if _, err := os.Stat(path); !os.IsNotExist(err) {
			t.Errorf("%s is still there", path)
		}
	}
	all, err := w.boss.Imports(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.Plan(t.Context(), w.boss, all[0].ID, nil); fleet.KindOf(err) != fleet.NotFound {
		t.Errorf("its plan: %v", err)
	}
}
