package registry

import (
	"sync"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// maxKept bounds the answers that are kept.
const maxKept = 4096

// countCache keeps answers until a commit changes a counter they stand on.
type countCache struct {
	mu      sync.RWMutex
	commits uint64
	dropped map[fleet.Path]uint64 // the commit by which each place last changed
	all     uint64                // the commit by which everything may have
	kept    map[string]keptCounts
}

type keptCounts struct {
	counts *Counts
	place  fleet.Path
	commit uint64
}

func (c *countCache) get(key string) (*Counts, bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	k, ok := c.kept[key]
	if !ok || max(c.dropped[k.place], c.all) > k.commit {
		return nil, false
	}
	return k.counts, true
}

// mark is to be taken before reading what is then put.
func (c *countCache) mark() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.commits
}

func (c *countCache) put(key string, place fleet.Path, counts *Counts, mark uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil || len(c.kept) >= maxKept {
		c.kept = map[string]keptCounts{}
	}
	c.kept[key] = keptCounts{counts: counts, place: place, commit: mark}
}

// drop makes the answers about the touched places stale. A place's counters
// change whenever those of one below it do, and both are touched.
func (c *countCache) drop(touched touchedPlaces) {
	if len(touched) == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.commits++
	if c.dropped == nil {
		c.dropped = map[fleet.Path]uint64{}
	}
	for p := range touched {
		c.dropped[p] = c.commits
	}
}

func (c *countCache) dropAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.commits++
	c.all, c.kept = c.commits, nil
}
