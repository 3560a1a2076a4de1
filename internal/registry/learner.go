package registry

import (
	"github.com/takhti-edu/takhti/internal/fleet"
)

// errNoLearnerKey is for a register that was opened without a key.
var errNoLearnerKey = fleet.Conflictf("holder.id_key", "this register keeps no IDs of learners: give the class and the roll number alone").In("learner_id")

// MarkLearner makes the mark under which a learner's ID is kept, of which the register
// sees nothing else.
func (s Session) MarkLearner(id string) (fleet.LearnerMark, error) {
	if s.reg.learnerKey == nil {
		return "", errNoLearnerKey
	}
	key, err := s.reg.learnerKey()
	if err != nil {
		return "", err
	}
	return fleet.MarkLearner(key, id)
}

// holdsNone refuses a second device for a learner whose ID was given with the first. A
// device that the actor does not see is not there.
func (t *tx) holdsNone(mark fleet.LearnerMark) error {
	if mark == "" {
		return nil
	}
	held, err := recordsAt(t.w, devices, devices.Index("by_learner").Str(string(mark)))
	if err != nil {
		return err
	}
	for i := range held {
		if t.actor.seesDevice(&held[i]) {
			return fleet.Conflictf("holder.has_device", "the learner with this ID has device %s already: take it back first", held[i].Serial).In("learner_id")
		}
	}
	return nil
}
