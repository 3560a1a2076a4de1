package registry

import (
	"context"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// Gate finds out who is asking. It alone reads without a scope, and only
// internal/auth may use it.
type Gate struct{ reg *Register }

// Gate opens the gate.
func (r *Register) Gate() Gate { return Gate{reg: r} }

// User reads the account with the name; ok is false when there is none. A
// disabled one is returned as well.
func (g Gate) User(ctx context.Context, name string) (u fleet.User, ok bool, err error) {
	err = g.reg.view(ctx, func(r kv.Reader) error {
		u, ok, err = userByName(r, name)
		return err
	})
	return u, ok, err
}

// maxIdentities bounds how many identities are kept.
const maxIdentities = 4096

// identity is what a token was found to stand for. Every request asks for it.
type identity struct {
	token fleet.Token
	actor Actor
}

// Token finds the live token of the kind with the hash, and the actor it stands
// for; ok is false when there is none, it has ended, or its user is disabled.
func (g Gate) Token(ctx context.Context, kind fleet.TokenKind, hash []byte, now time.Time) (tok fleet.Token, a Actor, ok bool, err error) {
	i, ok, round := g.reg.identities.get(string(hash))
	if !ok {
		if i, ok, err = g.read(ctx, hash); err != nil || !ok {
			return tok, a, false, err
		}
		g.reg.identities.put(string(hash), i, round)
	}
	if i.token.Kind != kind || !i.token.Live(now) {
		return tok, a, false, nil
	}
	return i.token, i.actor, true, nil
}

// Holds says whether the token, by its number, is live and its user is not disabled.
func (g Gate) Holds(ctx context.Context, id uint64, now time.Time) (ok bool, err error) {
	err = g.reg.view(ctx, func(r kv.Reader) error {
		tok, found, err := tokens.Get(r, id)
		if err != nil || !found || !tok.Live(now) {
			return err
		}
		u, found, err := users.Get(r, uint64(tok.User))
		ok = found && !u.Disabled
		return err
	})
	return ok, err
}

// End is when the token with the number ends, if nobody ends it before.
func (g Gate) End(ctx context.Context, id uint64) (end time.Time, err error) {
	err = g.reg.view(ctx, func(r kv.Reader) error {
		tok, _, err := tokens.Get(r, id)
		end = time.Unix(tok.End(), 0).UTC()
		return err
	})
	return end, err
}

// read finds a token and whom it stands for; ok is false when there is none or
// its user is disabled.
func (g Gate) read(ctx context.Context, hash []byte) (i identity, ok bool, err error) {
	err = g.reg.view(ctx, func(r kv.Reader) error {
		var found bool
		if i.token, found, err = tokenByHash(r, hash); err != nil || !found {
			return err
		}
		u, _, err := users.Get(r, uint64(i.token.User))
		if err != nil || u.Disabled {
			return err
		}
		ok = true
		i.actor = Actor{User: u.ID, Name: u.Name, Grants: u.Grants, TokenID: i.token.ID}
		if i.token.Kind.ForPrograms() {
			i.actor.Grants = within(i.token.Grants, u.Grants)
		}
		return nil
	})
	return i, ok, err
}

// within are the grants that the user's own grants still cover, so that a token
// never outlives a role that its user lost.
func within(grants, own []fleet.Grant) (kept []fleet.Grant) {
	holder := Actor{Grants: own}
	for _, g := range grants {
		if holder.covers(g) {
			kept = append(kept, g)
		}
	}
	return kept
}
