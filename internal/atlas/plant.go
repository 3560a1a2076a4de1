package atlas

import (
	"context"

	"github.com/takhti-edu/takhti/internal/registry"
)

// Plant puts the tree into a register that has no places yet, and leaves every
// other one as it is. There are a few hundred places, so it is one request: a
// register has the whole tree or nothing of it.
func Plant(ctx context.Context, s registry.Session) error {
	if _, planted, err := s.Home(ctx); err != nil || planted {
		return err
	}
	c, err := Load()
	if err != nil {
		return err
	}
	var changes []registry.Change
	for p := range c.Places() {
		changes = append(changes, registry.SavePlace{Parent: p.Parent, Place: p.Place})
	}
	_, err = s.Apply(ctx, registry.Request{}, changes...)
	return err
}
