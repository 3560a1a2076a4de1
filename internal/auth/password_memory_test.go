package auth

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"
)

// Each hashing holds 19 MB. Two hundred who sign in at once must wait for their turn
// and not for the machine's memory to end.
func TestManySignInsAtOnceTakeTheMemoryOfTwo(t *testing.T) {
	w := newWorld(t)
	const attempts, limit = 200, 256 << 20 // of the 3,800 MB that all at once would take; two hold 38, the rest is garbage
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	var all sync.WaitGroup
	for n := range attempts {
		all.Go(func() {
			c := Credentials{Name: fmt.Sprintf("nobody-%d", n), Password: "a guess", From: fmt.Sprintf("198.51.%d.7", n)}
			_, err := w.SignIn(t.Context(), c)
			wantCode(t, err, "auth.wrong")
		})
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	most := uint64(0)
	for waiting := true; waiting; {
		select {
		case <-done:
			waiting = false
		case <-time.After(5 * time.Millisecond):
		}
		runtime.ReadMemStats(&now)
		most = max(most, now.HeapInuse-min(now.HeapInuse, before.HeapInuse))
	}
	if most > limit {
		t.Errorf("the heap grew by %d MB, want at most %d", most>>20, limit>>20)
	}
	t.Logf("the heap grew by %d MB", most>>20)
}
