package table

import (
	"errors"
	"fmt"
	"iter"
)

// Finding is one place where what is stored is not what it should be.
type Finding struct {
	Table  string
	Key    string // for people, such as device.by_serial "5CD3160ABC"
	What   string // completes a sentence that begins with Key
	Detail string
}

// What a finding says of its key.
const (
	isMissing    = "is missing"
	isWrong      = "is wrong"
	isSurplus    = "should not be there"
	isUnreadable = "cannot be read"
)

func (f Finding) String() string { return fmt.Sprintf("%s %s: %s", f.Key, f.What, f.Detail) }

// reporter takes a finding; its error means that the caller wants no more.
type reporter func(Finding) error

var errEnough = errors.New("no more findings are wanted")

// findings yields what check reports and, at the end, the error that kept it
// from going on.
func findings(check func(reporter) error) iter.Seq2[Finding, error] {
	return func(yield func(Finding, error) bool) {
		err := check(func(f Finding) error {
			if !yield(f, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(Finding{}, err)
		}
	}
}
