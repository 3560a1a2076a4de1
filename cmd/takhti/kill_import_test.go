package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

// partVariable has this test's own takhti import so many rows at a time; the real
// program knows nothing of it.
const partVariable = "TAKHTI_TEST_PART"

// killedImport is a list whose import is cut off by killing the server.
type killedImport struct {
	name       string
	rows, part int // of a part, as the program has them or, where it is this test's own, is told to
	rounds     int
}

// killedImports are a list that goes in at once and one that goes in by parts.
func killedImports(t *testing.T) []killedImport {
	rounds := 3
	if text := os.Getenv("TAKHTI_CRASH_ROUNDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("TAKHTI_CRASH_ROUNDS is %q, want a number of rounds", text)
		}
		rounds = (n + 1) / 2
	}
	if os.Getenv("TAKHTI_BINARY") != "" {
		return []killedImport{{"at once", 10_000, 50_000, rounds}, {"in parts", 120_000, 12_500, rounds}}
	}
	return []killedImport{{"at once", 5_000, 50_000, rounds}, {"in parts", 6_000, 1_000, rounds}}
}

// A server is killed at no particular moment of an import. Right after, all of it is
// there, or none, or whole parts; after the next start all of it is, without anybody
// asking for it, unless the order itself had not been taken.
func TestKilledImportsGoOnByThemselves(t *testing.T) {
	for _, k := range killedImports(t) {
		t.Run(k.name, func(t *testing.T) {
			t.Setenv(partVariable, strconv.Itoa(k.part))
			outcomes := map[string]int{}
			var whole time.Duration // how long it takes when nobody disturbs it
			for round := range k.rounds {
				k.round(t, round, &whole, outcomes)
			}
			t.Logf("undisturbed it took %s; %v", whole.Round(time.Millisecond), outcomes)
		})
	}
}

// round imports into a register of its own; the first is not disturbed.
func (k killedImport) round(t *testing.T, round int, whole *time.Duration, outcomes map[string]int) {
	t.Helper()
	dir := t.TempDir()
	defer func() { _ = os.RemoveAll(dir) }() // many of them would fill the disk
	data := filepath.Join(dir, "d")
	mustRun(t, "seed", data)
	token, before := adminToken(t, data), devices(t, data)
	c := serveChild(t, data, token)
	plan := uploadRows(t, c, "S-9", k.rows)
	if began := time.Now(); round == 0 {
		if _, err := c.client.CommitImport(t.Context(), plan.ID, takhti.Commit{Digest: plan.Digest}); err != nil {
			t.Fatal(err)
		}
		*whole = time.Since(began)
	} else {
		k.cutOff(t, c, plan, *whole)
	}
	c.kill()
	there := devices(t, data) - before
	if there != int64(k.rows) && there%int64(k.part) != 0 {
		t.Errorf("round %d: %d of %d devices are there", round, there, k.rows)
	}
	state := k.settled(t, data, token, plan)
	now := devices(t, data) - before
	if state == takhti.ImportApplied && now != int64(k.rows) || state == takhti.ImportPlanned && now != 0 {
		t.Errorf("round %d: the import is %s, and %d of %d devices are there", round, state, now, k.rows)
	}
	outcomes[fmt.Sprintf("%d of %d parts, then %s", (there+int64(k.part)-1)/int64(k.part), (k.rows+k.part-1)/k.part, state)]++
	mustRun(t, program(), "verify", "--data", data)
}

// cutOff orders the import and waits for a while that it may need.
func (k killedImport) cutOff(t *testing.T, c *child, plan takhti.Import, whole time.Duration) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { // it is cut off
		_, _ = c.client.CommitImport(ctx, plan.ID, takhti.Commit{Digest: plan.Digest})
	}()
	time.Sleep(rand.N(5*whole/4 + time.Millisecond))
}

// settled starts the server again and waits until the import is not under way.
func (k killedImport) settled(t *testing.T, data, token string, plan takhti.Import) takhti.ImportState {
	t.Helper()
	c := serveChild(t, data, token)
	defer c.stop()
	for deadline := time.Now().Add(5 * time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		i, err := c.client.Import(t.Context(), plan.ID)
		if err != nil {
			t.Fatal(err)
		}
		if i.State == takhti.ImportApplying {
			continue
		}
		if i.State == takhti.ImportApplied && (i.Rows != k.rows || i.New != k.rows) {
			t.Errorf("of %d rows %d are said to be new, %d changed, %d unchanged, %d left out", i.Rows, i.New, i.Changed, i.Unchanged, i.LeftOut)
		}
		return i.State
	}
	t.Fatalf("import %s does not come to an end", plan.ID)
	return ""
}
