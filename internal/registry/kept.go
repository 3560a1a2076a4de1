package registry

import "sync"

// kept keeps what was read, since many requests ask for the same, until a commit
// makes it stale.
type kept[K comparable, V any] struct {
	most   int // bounds how many are kept
	mu     sync.RWMutex
	round  uint64 // raised when what is kept is dropped
	values map[K]V
}

// get finds what is kept. round is to be given to put by those who then begin a
// transaction to read it.
func (c *kept[K, V]) get(key K) (found V, ok bool, round uint64) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	found, ok = c.values[key]
	return found, ok, c.round
}

// now is the round to be given to put by a transaction that begins later.
func (c *kept[K, V]) now() uint64 {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.round
}

// put keeps what was read since the round, unless it may be stale already.
func (c *kept[K, V]) put(key K, v V, round uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if round != c.round {
		return
	}
	if c.values == nil || len(c.values) >= c.most {
		c.values = map[K]V{}
	}
	c.values[key] = v
}

func (c *kept[K, V]) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.round++
	c.values = nil
}
