package boltkv

import (
	"os"
	"sync"
	"time"
)

// Stats tells how a store is doing, for its metrics.
type Stats struct {
	FileBytes    int64
	FreeBytes    int64 // within the file, to be used before it grows
	Readers      int   // views that run
	OldestReader time.Duration
}

// Stats gives the state of the moment.
func (s *Store) Stats() Stats {
	var st Stats
	if info, err := os.Stat(s.path); err == nil {
		st.FileBytes = info.Size()
	}
	st.FreeBytes = int64(s.db.Stats().FreeAlloc)
	st.Readers, st.OldestReader = s.readers.oldest(s.opts.now())
	return st
}

// readers knows since when views run: a forgotten one makes the file grow.
type readers struct {
	mu    sync.Mutex
	since map[*reader]time.Time
}

func (rs *readers) begin(r *reader, now time.Time) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	if rs.since == nil {
		rs.since = make(map[*reader]time.Time)
	}
	rs.since[r] = now
}

func (rs *readers) end(r *reader) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	delete(rs.since, r)
}

func (rs *readers) oldest(now time.Time) (count int, age time.Duration) {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for _, since := range rs.since {
		age = max(age, now.Sub(since))
	}
	return len(rs.since), age
}
