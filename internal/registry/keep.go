package registry

import (
	"context"
	"io"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// Dump writes the whole register, as it is at one moment, to w: a backup. It
// holds everything of everybody, so only who keeps the whole register may. While
// w takes it the database can reuse none of its space, and the store cannot be
// opened again: w is to be a file, never a client.
func (s Session) Dump(ctx context.Context, w io.Writer) (kv.Summary, error) {
	if err := s.mayKeep(); err != nil {
		return kv.Summary{}, err
	}
	s.Witness(Act{Kind: Exported, Subject: "register", Note: "backup"})
	_ = s.reg.writeActs(ctx) // a backup is possible even when the disk is full
	s.reg.storeMu.RLock()
	defer s.reg.storeMu.RUnlock()
	return kv.Dump(ctx, s.reg.store, w)
}

// Finding is one place where what is stored is not what it should be.
type Finding = table.Finding

// Verify proves the register as [Register.Verify] does, for who keeps it.
func (s Session) Verify(ctx context.Context, stage func(string), found func(Finding)) error {
	if err := s.mayKeep(); err != nil {
		return err
	}
	return s.reg.Verify(ctx, stage, found)
}

func (s Session) mayKeep() error {
	if s.actor.May(fleet.KeepRegister, "") {
		return nil
	}
	return fleet.Forbiddenf("forbidden", "only an administrator of the whole register may do this")
}
