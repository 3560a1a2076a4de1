package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

const (
	crashReporters  = 4
	crashImportRows = 300
	crashDevices    = 2000
	usualCrashes    = 8 // TAKHTI_CRASH_ROUNDS asks for more
)

// A server is killed again and again, at no particular moment, while schools
// report faults and an officer imports packing lists. Whatever was acknowledged is
// there after the next start; of an import all rows are there or none; and what is
// sent again under its key gets the answer of the first time.
func TestKilledServersLoseNothing(t *testing.T) {
	rounds := usualCrashes
	if text := os.Getenv("TAKHTI_CRASH_ROUNDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("TAKHTI_CRASH_ROUNDS is %q, want a number of rounds", text)
		}
		rounds = n
	}
	w := newCrashed(t)
	for range rounds {
		w.round()
		if t.Failed() {
			break
		}
	}
	t.Logf("%d kills: %d reports acknowledged, %d cut off; imports: %d acknowledged, %d cut off, of which %d are there",
		w.rounds, w.acknowledged, w.cutOff, w.importsDone, w.importsCut, w.importsCutButThere)
}

// crashed is a register whose server is killed, with what it acknowledged.
type crashed struct {
	t     *testing.T
	data  string
	token string

	mu      sync.Mutex
	reports []*crashReport // all that were sent
	imports map[string]*crashImport
	next    atomic.Int64

	rounds, acknowledged, cutOff                int
	importsDone, importsCut, importsCutButThere int
}

// crashReport is a fault that was reported under a key of its own.
type crashReport struct {
	key   string
	fault takhti.NewFault
	ref   string // empty until it was acknowledged
}

type crashImport struct{ acknowledged, known, there bool }

func newCrashed(t *testing.T) *crashed {
	dir := t.TempDir()
	w := &crashed{t: t, data: filepath.Join(dir, "d"), imports: map[string]*crashImport{}}
	mustRun(t, "seed", w.data)
	list := filepath.Join(dir, "list.csv")
	mustRun(t, "mkrows", list, strconv.Itoa(crashDevices))
	mustRun(t, program(), "import", "shipment", list, "--shipment", "S-CRASH", "--to", "PK603-STORE", "--data", w.data)
	mustRun(t, program(), "shipment", "receive", "S-CRASH", "--all", "--data", w.data)
	w.token = adminToken(t, w.data)
	return w
}

// round serves, kills, serves again, and compares.
func (w *crashed) round() {
	w.rounds++
	from := len(w.reports)
	w.crash(serveChild(w.t, w.data, w.token))

	again := serveChild(w.t, w.data, w.token)
	for _, r := range w.reports[from:] {
		w.checkReport(again.client, r)
	}
	w.checkImports(again.client)
	if w.rounds%10 == 0 { // what earlier crashes spared must stay
		for _, r := range w.reports {
			w.checkThere(again.client, r)
		}
	}
	again.stop()
	if out := mustRun(w.t, program(), "verify", "--data", w.data, "--json"); string(bytes.TrimSpace(out)) != `{"findings":0}` {
		w.t.Errorf("after kill %d, verify finds\n%s", w.rounds, out)
	}
}

// crash kills the server after some reports, while others and an import are on
// their way.
func (w *crashed) crash(c *child) {
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	enough, count := int64(1+rand.IntN(80)), atomic.Int64{}
	reached := make(chan struct{})
	var all sync.WaitGroup
	for range crashReporters {
		all.Go(func() {
			for w.report(ctx, c.client) {
				if count.Add(1) == enough {
					close(reached)
				}
			}
		})
	}
	all.Go(func() {
		for n := 0; w.importList(ctx, c.client, fmt.Sprintf("S-%d-%d", w.rounds, n)); n++ {
		}
	})
	<-reached
	time.Sleep(rand.N(20 * time.Millisecond)) // so that it is no particular moment
	c.kill()
	cancel()
	all.Wait()
}

// report reports one fault, and says whether the server acknowledged it.
func (w *crashed) report(ctx context.Context, c *takhti.Client) bool {
	categories := []takhti.FaultCategory{
		takhti.FaultScreen, takhti.FaultKeyboard, takhti.FaultTouchpad, takhti.FaultBattery,
		takhti.FaultCharging, takhti.FaultHinge, takhti.FaultCamera, takhti.FaultAudio,
	}
	n := int(w.next.Add(1)) - 1
	r := &crashReport{key: fmt.Sprintf("report %d", n), fault: takhti.NewFault{
		Serial: fmt.Sprintf("NX%06d", n/len(categories)%crashDevices), Category: categories[n%len(categories)], Note: fmt.Sprintf("note %d", n),
	}}
	w.mu.Lock()
	w.reports = append(w.reports, r)
	w.mu.Unlock()
	fault, err := c.ReportFault(takhti.WithKey(ctx, r.key), r.fault)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.cutOff++
		return false
	}
	w.acknowledged++
	r.ref = fault.Ref
	return true
}

// importList imports a packing list of its own, and says whether the server
// acknowledged it.
func (w *crashed) importList(ctx context.Context, c *takhti.Client, number string) bool {
	var list bytes.Buffer
	fmt.Fprintln(&list, "Serial Number,Model,School EMIS")
	for i := range crashImportRows {
		fmt.Fprintf(&list, "%s-%04d,Takhti 11,3733025%d\n", number, i, i%2)
	}
	plan, err := c.UploadImport(ctx, takhti.Upload{
		Kind: takhti.ImportShipment, FileName: number + ".csv", File: &list, Shipment: number, To: "PK603-STORE",
	})
	if err != nil {
		return false
	}
	i := &crashImport{}
	w.mu.Lock()
	w.imports[number] = i
	w.mu.Unlock()
	_, err = c.CommitImport(ctx, plan.ID, takhti.Commit{Digest: plan.Digest})
	i.acknowledged = err == nil
	return i.acknowledged
}

// checkReport sends a report again under its key, twice. Acknowledged or not, it
// is there once after that.
func (w *crashed) checkReport(c *takhti.Client, r *crashReport) {
	w.t.Helper()
	w.checkThere(c, r)
	for range 2 {
		again, err := c.ReportFault(takhti.WithKey(w.t.Context(), r.key), r.fault)
		switch {
		case err != nil:
			w.t.Errorf("kill %d: %s cannot be sent again: %v", w.rounds, r.key, err)
			return
		case r.ref == "":
			r.ref = again.Ref
		case again.Ref != r.ref:
			w.t.Errorf("kill %d: %s was acknowledged as %s, and sent again becomes %s", w.rounds, r.key, r.ref, again.Ref)
		}
	}
}

// checkThere looks for an acknowledged report.
func (w *crashed) checkThere(c *takhti.Client, r *crashReport) {
	w.t.Helper()
	if r.ref == "" {
		return
	}
	f, err := c.Fault(w.t.Context(), r.ref)
	if err != nil {
		w.t.Errorf("kill %d: %s, acknowledged as %s, is gone: %v", w.rounds, r.key, r.ref, err)
		return
	}
	times := 0
	for n := range slices.Values(f.Notes) {
		if n.Text == r.fault.Note {
			times++
		}
	}
	if times != 1 {
		w.t.Errorf("kill %d: %s is in %s %d times", w.rounds, r.key, r.ref, times)
	}
}

// checkImports counts the devices of every shipment: all or none.
func (w *crashed) checkImports(c *takhti.Client) {
	w.t.Helper()
	counts, err := c.Counts(w.t.Context(), takhti.CountQuery{By: []takhti.Dimension{takhti.ByShipment}})
	if err != nil {
		w.t.Fatal(err)
	}
	there := map[string]int64{}
	for _, row := range counts.Rows {
		there[row.Shipment] = row.Count
	}
	for number, i := range w.imports {
		n := there[number]
		switch {
		case n != 0 && n != crashImportRows:
			w.t.Errorf("kill %d: of import %s %d of %d rows are there", w.rounds, number, n, crashImportRows)
		case n == 0 && (i.acknowledged || i.there):
			w.t.Errorf("kill %d: import %s was acknowledged or there, and is gone", w.rounds, number)
		}
		if i.known {
			continue
		}
		i.known, i.there = true, n != 0
		switch {
		case i.acknowledged:
			w.importsDone++
		case i.there:
			w.importsCut, w.importsCutButThere = w.importsCut+1, w.importsCutButThere+1
		default:
			w.importsCut++
		}
	}
}
