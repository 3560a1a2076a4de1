package fleet

import (
	"bytes"
	"slices"
)

// SecondFactor is what somebody signs in with besides a password: the codes that
// an authenticator shows, and recovery codes on paper.
type SecondFactor struct {
	Secret   []byte   `cbor:"1,keyasint"` // of the codes, sealed under the password
	Salt     []byte   `cbor:"2,keyasint"` // by which the password opens it
	Step     int64    `cbor:"3,keyasint"` // the latest time step of which a code was used
	Recovery [][]byte `cbor:"4,keyasint"` // the recovery codes that are left, each as a salt and its hash
	Since    int64    `cbor:"5,keyasint"` // Unix seconds
}

// Use uses the code of a time step up. Each is good once, and so are all before it.
func (f SecondFactor) Use(step int64) (SecondFactor, bool) {
	if step <= f.Step {
		return f, false
	}
	f.Step = step
	return f, true
}

// UseRecovery uses up the recovery code with the hash.
func (f SecondFactor) UseRecovery(hash []byte) (SecondFactor, bool) {
	i := slices.IndexFunc(f.Recovery, func(left []byte) bool { return bytes.Equal(left, hash) })
	if i < 0 {
		return f, false
	}
	f.Recovery = slices.Delete(slices.Clone(f.Recovery), i, i+1)
	return f, true
}

// withoutSecrets leaves since when it is, and how many recovery codes are left.
func (f SecondFactor) withoutSecrets() *SecondFactor {
	return &SecondFactor{Since: f.Since, Recovery: make([][]byte, len(f.Recovery))}
}
