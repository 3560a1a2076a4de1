package api

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"sync"

	"github.com/takhti-edu/takhti/internal/registry"
)

// maxBodies bounds the answers that are kept.
const maxBodies = 1024

// countBodies keeps the bytes of answers to counts. The register gives out the
// same counts until a number changes, so they are known by their address.
type countBodies struct {
	mu   sync.RWMutex
	kept map[*registry.Counts]countBody
}

type countBody struct {
	json []byte
	etag string
}

// of is the answer for the counts.
func (b *countBodies) of(c *registry.Counts) (countBody, error) {
	b.mu.RLock()
	body, ok := b.kept[c]
	b.mu.RUnlock()
	if ok {
		return body, nil
	}
	data, err := countsJSON(c)
	if err != nil {
		return countBody{}, err
	}
	sum := sha256.Sum256(data)
	body = countBody{json: data, etag: `W/"` + hex.EncodeToString(sum[:12]) + `"`}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kept == nil || len(b.kept) >= maxBodies {
		b.kept = map[*registry.Counts]countBody{}
	}
	b.kept[c] = body
	return body, nil
}

// matches says whether an If-None-Match names the tag. The tag is a weak one,
// because an answer may be compressed on its way.
func matches(header, etag string) bool {
	for have := range strings.SplitSeq(header, ",") {
		have = strings.TrimSpace(have)
		if have == "*" || strings.TrimPrefix(have, "W/") == strings.TrimPrefix(etag, "W/") {
			return true
		}
	}
	return false
}
