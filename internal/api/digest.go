package api

import (
	"crypto/sha256"
	"encoding/json"
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
