package registry

import (
	"sync"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// maxIdentities bounds how many identities are kept.
const maxIdentities = 4096

// identity is what a token was found to stand for.
type identity struct {
	token fleet.Token
	actor Actor
}

// identityCache keeps who stands behind a token, as every request asks for it,
// until a commit changes any token or account.
type identityCache struct {
	mu    sync.RWMutex
	round uint64 // raised when what is kept is dropped
	kept  map[string]identity
}

// get finds what is kept. round is to be given to put by those who have to read.
func (c *identityCache) get(hash []byte) (found identity, ok bool, round uint64) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	found, ok = c.kept[string(hash)]
	return found, ok, c.round
}

// put keeps what was read since get, unless it may be stale already.
func (c *identityCache) put(hash []byte, i identity, round uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if round != c.round {
		return
	}
	if c.kept == nil || len(c.kept) >= maxIdentities {
		c.kept = map[string]identity{}
	}
	c.kept[string(hash)] = i
}

func (c *identityCache) drop() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.round++
	c.kept = nil
}
