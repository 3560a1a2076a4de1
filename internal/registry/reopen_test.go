package registry_test

import (
	"context"
	"errors"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// doubtful is a store whose next commit happens, but says that it is not known
// whether it did; from then on it refuses all use.
type doubtful struct {
	kv.Store
	armed, refuses bool
}

func (s *doubtful) Update(ctx context.Context, fn func(kv.Writer) error) error {
	if s.refuses {
		return kv.ErrClosed
	}
	err := s.Store.Update(ctx, fn)
	if err == nil && s.armed {
		s.refuses = true
		return kv.ErrUnknown
	}
	return err
}

func (s *doubtful) View(ctx context.Context, fn func(kv.Reader) error) error {
	if s.refuses {
		return kv.ErrClosed
	}
	return s.Store.View(ctx, fn)
}

func (s *doubtful) Close() error { return nil }

// After a commit of unknown outcome the store is opened again, at the next
// request if need be, and the request can be repeated without harm.
func TestACommitOfUnknownOutcomeCanBeRepeated(t *testing.T) {
	disk := memkv.New()
	store := &doubtful{Store: disk}
	tries := 0
	reopen := func() (kv.Store, error) {
		if tries++; tries < 3 {
			return nil, errors.New("the disk does not answer")
		}
		return &doubtful{Store: disk}, nil
	}
	reg, err := registry.Open(t.Context(), store, registry.Options{Reopen: reopen})
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	boss := reg.As(registry.Operator())
	store.armed = true
	ask := func() (registry.Receipt, error) {
		return boss.Apply(t.Context(), registry.Request{ID: "once"}, place("PK", "", fleet.Country, "Pakistan"))
	}
	if _, err := ask(); !errors.Is(err, kv.ErrUnknown) {
		t.Errorf("at first: %v", err)
	}
	if _, err := ask(); !errors.Is(err, kv.ErrClosed) {
		t.Errorf("while it cannot be opened: %v", err)
	}
	receipt, err := ask()
	if err != nil || !receipt.Repeated {
		t.Errorf("in the end: %+v, %v", receipt, err)
	}
	if tries != 3 {
		t.Errorf("opened again %d times, want 3", tries)
	}
}
