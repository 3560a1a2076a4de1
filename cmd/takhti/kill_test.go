package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

const killedRows = 20_000

// The program is killed in the middle of an import, at no particular moment.
// After the next start all of its devices are there, or none.
func TestKilledImportsAreAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	list := filepath.Join(dir, "list.csv")
	mustRun(t, "mkrows", list, fmt.Sprint(killedRows))
	importInto := func(data string) *exec.Cmd {
		mustRun(t, "seed", data)
		return exec.CommandContext(t.Context(), program(), "import", "shipment", list, "--shipment", "S-9", "--to", "PK603-STORE", "--data", data)
	}
	undisturbed := importInto(filepath.Join(dir, "whole"))
	began := time.Now()
	if out, err := undisturbed.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	whole := time.Since(began)
	outcomes := map[int64]int{}
	for round := range 6 {
		data := filepath.Join(dir, fmt.Sprint(round))
		killed := importInto(data)
		if err := killed.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(whole/4 + rand.N(whole))
		_ = killed.Process.Kill() // it may have ended
		_ = killed.Wait()
		mustRun(t, program(), "verify", "--data", data)
		imported := devices(t, data) - 12
		if imported != 0 && imported != killedRows {
			t.Errorf("round %d: %d of %d devices are there", round, imported, killedRows)
		}
		outcomes[imported]++
	}
	t.Logf("%d times none were there, %d times all", outcomes[0], outcomes[killedRows])
}

// A server that is asked to stop in the middle of an import finishes it, or has not
// begun it. Each round has a register of its own, as the next start would go on with
// what was not begun.
func TestStoppedImportsAreAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	for round := range 4 {
		data := filepath.Join(dir, fmt.Sprint(round))
		mustRun(t, "seed", data)
		token := adminToken(t, data)
		c := serveChild(t, data, token)
		plan := uploadRows(t, c, fmt.Sprintf("S-%d", round), killedRows)
		answered := make(chan error, 1)
		go func() {
			_, err := c.client.CommitImport(t.Context(), plan.ID, takhti.Commit{Digest: plan.Digest})
			answered <- err
		}()
		time.Sleep(rand.N(500 * time.Millisecond))
		began := time.Now()
		// On a slow machine the import may be cut off after 10 seconds: that, too, is all or nothing.
		if err := c.end(); err != nil && !strings.Contains(c.log.String(), "were cut off") {
			t.Errorf("the server did not stop well: %v\n%s", err, c.log.String())
		}
		t.Logf("stopped after %s", time.Since(began).Round(time.Millisecond))
		there := devices(t, data) - 12
		switch err := <-answered; {
		case there != 0 && there != killedRows:
			t.Errorf("round %d: %d of %d devices are there", round, there, killedRows)
		case err == nil && there == 0:
			t.Errorf("round %d: the import was acknowledged, and is not there", round)
		}
		mustRun(t, program(), "verify", "--data", data)
	}
}

func devices(t *testing.T, data string) int64 {
	t.Helper()
	var counts takhti.Counts
	if err := json.Unmarshal(mustRun(t, program(), "counts", "--json", "--data", data), &counts); err != nil {
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
