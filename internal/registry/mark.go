package registry

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// Mark is something small that internal/auth remembers beyond a restart, such as how
// often somebody tried to sign in. It is no record: it has no history, no index, and
// is worth nothing after a while.
type Mark struct {
	Key   []byte
	Value []byte // nil: nothing is remembered any more
}

func markKey(key []byte) kv.Tuple { return kv.Key("auth.mark").Str(string(key)) }

// keepMarks writes marks. It has no place in the journal.
type keepMarks struct{ marks []Mark }

// Name is the change's name.
func (keepMarks) Name() string { return "keep_marks" }

func (c keepMarks) apply(t *tx) error {
	if !t.actor.isOperator() {
		return fleet.Forbiddenf("forbidden", "your role does not allow this")
	}
	for _, m := range c.marks {
		var err error
		if m.Value == nil {
			err = t.w.Delete(markKey(m.Key))
		} else {
			err = t.w.Put(markKey(m.Key), m.Value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// KeepMarks writes the marks over those of the same keys.
func (g Gate) KeepMarks(ctx context.Context, marks []Mark) error {
	_, err := g.reg.As(Operator()).Apply(ctx, Request{}, keepMarks{marks})
	return err
}

// Marks reads all marks.
func (g Gate) Marks(ctx context.Context) (all []Mark, err error) {
	err = g.reg.view(ctx, func(r kv.Reader) error {
		prefix := kv.Key("auth.mark")
		for pair, err := range r.Scan(prefix, prefix.End()) {
			if err != nil {
				return err
			}
			key := kv.NewPartReader(pair.Key)
			key.Str()
			all = append(all, Mark{Key: []byte(key.Str()), Value: append([]byte{}, pair.Val...)})
		}
		return nil
	})
	return all, err
}
