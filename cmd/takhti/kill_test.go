package main

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

// The real program is killed in the middle of an import, each time a little
// later. After the next start all of its devices are there, or none.
func TestAKilledImportIsAllOrNothing(t *testing.T) {
	const rows = 2000
	dir := t.TempDir()
	list := filepath.Join(dir, "list.csv")
	mustRun(t, "mkrows", list, fmt.Sprint(rows))
	outcomes := map[int64]int{}
	for round := range 6 {
		data := filepath.Join(dir, fmt.Sprint(round))
		mustRun(t, "seed", data)
		before := devices(t, data)
		killed := exec.CommandContext(t.Context(), "takhti", "import", "shipment", list, "--shipment", "S-9", "--to", "PK603-STORE", "--data", data)
		if err := killed.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(25*(round+1)) * time.Millisecond)
		_ = killed.Process.Kill() // it may have ended
		_ = killed.Wait()
		mustRun(t, "takhti", "verify", "--data", data)
		imported := devices(t, data) - before
		if imported != 0 && imported != rows {
			t.Errorf("round %d: %d of %d devices are there", round, imported, rows)
		}
		outcomes[imported]++
	}
	t.Logf("%d times none were there, %d times all", outcomes[0], outcomes[rows])
}

func devices(t *testing.T, data string) int64 {
	t.Helper()
	var counts takhti.Counts
	if err := json.Unmarshal(mustRun(t, "takhti", "counts", "--json", "--data", data), &counts); err != nil {
		t.Fatal(err)
	}
	return counts.Total
}

// mustRun runs one of the programs that scripts use.
func mustRun(t testing.TB, name string, args ...string) []byte {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return out
}
