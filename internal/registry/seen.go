package registry

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

func seenKey(token uint64) kv.Tuple { return kv.Key("seen").Uint(token) }

// markSeen notes when tokens were last used. It stands beside the records and
// leaves no journal entries: using the register is no change of it.
type markSeen struct{ at map[uint64]time.Time }

// Name is the change's name; no journal entry has it.
func (markSeen) Name() string { return "mark_seen" }

func (c markSeen) apply(t *tx) error {
	for id, at := range c.at {
		if err := t.w.Put(seenKey(id), binary.AppendVarint(nil, at.Unix())); err != nil {
			return err
		}
	}
	return nil
}

// MarkSeen notes when sessions and tokens were last used, by their numbers. It is
// one commit, so that it is to be called with many, and seldom.
func (g Gate) MarkSeen(ctx context.Context, at map[uint64]time.Time) error {
	_, err := g.reg.As(Actor{}).Apply(ctx, Request{}, markSeen{at: at})
	return err
}

// Seen is when the session or token was last used as far as was noted; zero: never.
func (g Gate) Seen(ctx context.Context, token uint64) (at time.Time, err error) {
	err = g.reg.view(ctx, func(r kv.Reader) error {
		val, err := r.Get(seenKey(token))
		if err != nil || val == nil {
			return err
		}
		unix, n := binary.Varint(val)
		if n <= 0 {
			return fmt.Errorf("%w: when token %d was last used cannot be read", kv.ErrCorrupt, token)
		}
		at = time.Unix(unix, 0).UTC()
		return nil
	})
	return at, err
}

// OwnSessions reads the actor's sessions that were not ended, without their
// hashes. Whether they were left alone for too long is for internal/auth to say.
func (s Session) OwnSessions(ctx context.Context) (all []fleet.Token, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		for _, kind := range []fleet.TokenKind{fleet.SessionToken, fleet.PhoneToken} {
			list, err := tokensOf(r, s.actor.User, kind)
			if err != nil {
				return err
			}
			for _, tok := range list {
				if tok.Live(s.reg.now()) {
					tok.Hash = nil
					all = append(all, tok)
				}
			}
		}
		return nil
	})
	return all, err
}

// EndSessions ends the sessions of a user who is the actor or administered by it,
// all but the actor's own present one.
type EndSessions struct{ User string }

// Name is the change's name in the journal.
func (EndSessions) Name() string { return "end_sessions" }

func (c EndSessions) apply(t *tx) error {
	if err := t.mayKeepAccount(); err != nil {
		return err
	}
	u, err := t.user(c.User, true)
	if err != nil {
		return err
	}
	for _, kind := range []fleet.TokenKind{fleet.SessionToken, fleet.PhoneToken, fleet.StepToken} {
		list, err := tokensOf(t.w, u.ID, kind)
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].ID == t.actor.TokenID {
				continue
			}
			if err := t.revoke(&list[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
