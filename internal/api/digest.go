package api

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"github.com/takhti-edu/takhti/internal/registry"
)

// digestOf stands for what was asked for, where the changes that come of it
// depend on more than that. A request is repeated when its digest is the same.
func digestOf(what string, asked any) []byte {
	data, err := json.Marshal(asked)
	if err != nil {
		panic(err) // it came as JSON
	}
	sum := sha256.Sum256(append([]byte(what+"\n"), data...))
	return sum[:]
}

// secretRequest is the request under a key whose content has passwords, too. They
// make it another one, yet cannot be told from the digest that is kept.
func (a *api) secretRequest(ctx context.Context, key, what string, asked any, passwords ...string) (registry.Request, error) {
	q := registry.Request{ID: key, Digest: digestOf(what, asked)}
	if key == "" {
		return q, nil
	}
	for i, p := range passwords {
		salt := fmt.Sprintf("%s\n%d\n%d\n%s", what, a.session(ctx).Actor().User, i, key)
		sum, err := a.Auth.PasswordDigest(ctx, salt, p)
		if err != nil {
			return q, err
		}
		q.Digest = append(q.Digest, sum...)
	}
	return q, nil
}
