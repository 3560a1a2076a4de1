package registry

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// SaveModel makes a model, or brings the one of that name to these facts. Models are
// the whole country's: who works below it may add one, and not alter what others use.
type SaveModel struct{ Model fleet.Model }

// Name is the change's name in the journal.
func (SaveModel) Name() string { return "save_model" }

func (c SaveModel) apply(t *tx) error {
	if !t.actor.May(fleet.AddModels, theCountry) {
		return fleet.Forbiddenf("forbidden", "your role does not allow adding models")
	}
	if err := c.Model.Check(); err != nil {
		return err
	}
	m := c.Model
	old, ok, err := modelByName(t.w, m.Name)
	if err != nil {
		return err
	}
	if ok && !t.actor.May(fleet.EditModels, theCountry) {
		return fleet.Forbiddenf("model.shared", "the model %s is in the register already, and is the whole country's: ask for the change where the register is kept", old.Name).In("model")
	}
	m.ID, m.Version = old.ID, old.Version
	if !ok {
		id, err := models.NextID(t.w)
		if err != nil {
			return err
		}
		m.ID = fleet.ModelID(id)
	}
	return save(t, models, &m)
}

func modelByName(r kv.Reader, name string) (fleet.Model, bool, error) {
	id, ok, err := models.Lookup(r, models.Index("by_name").Str(Fold(name)))
	if err != nil || !ok {
		return fleet.Model{}, false, err
	}
	return models.Get(r, id)
}

// Models reads all models; there are few.
func (s Session) Models(ctx context.Context) (all []fleet.Model, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		for m, err := range models.All(r) {
			if err != nil {
				return err
			}
			all = append(all, m)
		}
		return nil
	})
	return all, err
}
