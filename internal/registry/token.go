package registry

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// AddToken makes a session when somebody signed in, an API token or a feed key. A
// user's token never allows more than the user itself, nor outlives the token that it
// is made with. The receipt's reference is the token's number.
type AddToken struct {
	Kind    fleet.TokenKind
	User    string
	Hash    []byte // SHA-256 of the secret
	Label   string // what it is for
	Prefix  string // the secret's first characters, to recognise it by
	Grants  []UserGrant
	Expires time.Time
	Idle    time.Duration // sessions: how long without use ends it; zero: nothing does
	From    string        // sessions: the address that they are begun from
	Stepped bool          // sessions: a second step was passed, too
	Sealed  []byte        // half sign-ins: for whoever has the secret
	// Verified is, for a session, the password's hash that let the user in. One
	// that is no longer the account's is refused, see [ErrPasswordChanged]. It
	// stays out of what is kept: no record holds it, nor a request's digest.
	Verified string `cbor:"-"`
	// With says in the journal, of a session, how the user signed in: password,
	// pin, card, google.
	With string `cbor:"-"`
}

// Name is the change's name in the journal.
func (c AddToken) Name() string {
	switch c.Kind {
	case fleet.SessionToken:
		return "sign_in"
	case fleet.StepToken:
		return "sign_in_by_password"
	}
	return "add_token"
}

func (c AddToken) apply(t *tx) error {
	u, err := t.user(c.User, true)
	if err != nil {
		return err
	}
	if u.Disabled {
		return disabledUser(&u)
	}
	if err := t.mayKeepAccount(); err != nil {
		return err
	}
	if !c.Kind.ForPrograms() && c.Verified != u.Password {
		return ErrPasswordChanged
	}
	if err := t.mayLast(&c); err != nil {
		return err
	}
	// The actor may itself be a token, which allows less than its user.
	if _, err := t.grants(c.Grants, fleet.Read); err != nil {
		return err
	}
	holder := *t
	holder.actor = &Actor{User: u.ID, Name: u.Name, Grants: u.Grants}
	grants, err := holder.grants(c.Grants, fleet.Read)
	if err != nil {
		return err
	}
	if c.Kind.ForPrograms() && len(grants) == 0 {
		return fleet.Invalidf("token.incomplete", "give the token a role at a place").In("role")
	}
	id, err := tokens.NextID(t.w)
	if err != nil {
		return err
	}
	tok := fleet.Token{
		ID: id, Kind: c.Kind, Hash: c.Hash, User: u.ID, Name: c.Label, Prefix: c.Prefix, Grants: grants,
		Created: t.now.Unix(), Expires: c.Expires.Unix(),
		Idle: uint32(c.Idle / time.Second), From: c.From, Stepped: c.Stepped, Sealed: c.Sealed,
	}
	if err := tok.Check(); err != nil {
		return err
	}
	t.result(strconv.FormatUint(id, 10))
	t.note = c.With
	err = save(t, tokens, &tok)
	t.note = ""
	if err != nil {
		return err
	}
	return t.forgetTokens()
}

// mayLast refuses a token that outlives the one it is made with.
func (t *tx) mayLast(c *AddToken) error {
	if !c.Kind.ForPrograms() || t.actor.TokenID == 0 {
		return nil
	}
	with, ok, err := tokens.Get(t.w, t.actor.TokenID)
	if err != nil || !ok || with.Kind != fleet.APIToken || c.Expires.Unix() <= with.Expires {
		return err
	}
	return fleet.Invalidf("token.outlives", "a token made with another one ends no later than that: at %s",
		time.Unix(with.Expires, 0).UTC().Format(time.RFC3339)).In("expires")
}

// What ended stays to be looked at for a while. It is deleted when new tokens and
// sessions are made, a few with each, so that none of them takes long.
const (
	keptAfterEnd  = 90 * 24 * time.Hour
	forgottenEach = 20
)

// forgetTokens deletes tokens and sessions that ended long ago. Their users'
// sign-ins stay in the journal.
func (t *tx) forgetTokens() error {
	key := tokens.Index("by_end")
	before := key.Clone().Uint(uint64(max(t.now.Add(-keptAfterEnd).Unix(), 0)))
	var ended []uint64
	for id, err := range tokens.IDs(t.w, key, before) {
		if err != nil {
			return err
		}
		if ended = append(ended, id); len(ended) == forgottenEach {
			break
		}
	}
	t.change = "forget_token"
	for _, id := range ended {
		written, err := tokens.Delete(t.w, t.day, id)
		if err != nil {
			return err
		}
		if err := errors.Join(t.record(tokens, written, ""), t.w.Delete(seenKey(id))); err != nil {
			return err
		}
	}
	return nil
}

// RevokeToken ends a session, an API token or a feed key, or a card with all phones that it
// signed in. A phone may end no other session than a phone's.
type RevokeToken struct{ ID uint64 }

// Name is the change's name in the journal.
func (RevokeToken) Name() string { return "revoke_token" }

func (c RevokeToken) apply(t *tx) error {
	absent := fleet.NotFoundf("token.not_found", "there is no token %d", c.ID)
	tok, ok, err := tokens.Get(t.w, c.ID)
	if err != nil {
		return err
	}
	if !ok {
		return absent
	}
	u, _, err := users.Get(t.w, uint64(tok.User))
	if err != nil {
		return err
	}
	if tok.User != t.actor.User && !t.actor.administers(&u) {
		return absent
	}
	if tok.Kind != fleet.PhoneToken {
		if err := t.mayKeepAccount(); err != nil {
			return err
		}
	}
	if tok.Kind == fleet.CardToken {
		return t.endCards(&u) // there is never more than one
	}
	return t.revoke(&tok)
}

func (t *tx) revoke(tok *fleet.Token) error {
	if tok.Revoked != 0 {
		return nil
	}
	tok.Revoked = t.now.Unix()
	return save(t, tokens, tok)
}

// revokeAll ends all that a user holds of the kinds.
func (t *tx) revokeAll(u fleet.UserID, kinds ...fleet.TokenKind) error {
	for _, kind := range kinds {
		list, err := tokensOf(t.w, u, kind)
		if err != nil {
			return err
		}
		for i := range list {
			if err := t.revoke(&list[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func tokensOf(r kv.Reader, u fleet.UserID, kind fleet.TokenKind) ([]fleet.Token, error) {
	return recordsAt(r, tokens, tokens.Index("by_user").Uint(uint64(u)).Uint(uint64(kind)))
}

func tokenByHash(r kv.Reader, hash []byte) (tok fleet.Token, ok bool, err error) {
	id, ok, err := tokens.Lookup(r, tokens.Index("by_hash").Str(string(hash)))
	if err != nil || !ok {
		return tok, false, err
	}
	return tokens.Get(r, id)
}

// presented is the live token of the kind with the hash, which is the actor's own, and
// its user; ok is false when there is none, or the user is disabled.
func (t *tx) presented(hash []byte, kind fleet.TokenKind) (tok fleet.Token, u fleet.User, ok bool, err error) {
	tok, ok, err = tokenByHash(t.w, hash)
	if err != nil || !ok || tok.Kind != kind || !tok.Live(t.now) || tok.User != t.actor.User {
		return tok, u, false, err
	}
	u, ok, err = users.Get(t.w, uint64(tok.User))
	return tok, u, ok && !u.Disabled, err
}

// OwnedToken is a token without its hash, and whose it is.
type OwnedToken struct {
	fleet.Token
	Owner string
}

// Tokens reads the API tokens and feed keys of the users that the actor administers,
// and its own.
func (s Session) Tokens(ctx context.Context) (all []OwnedToken, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		list, err := recordsAt(r, tokens, tokens.Index("for_programs"))
		if err != nil {
			return err
		}
		var u fleet.User // whose tokens are being read: they lie together
		for _, tok := range list {
			if u.ID != tok.User {
				if u, _, err = users.Get(r, uint64(tok.User)); err != nil {
					return err
				}
			}
			if u.ID == s.actor.User || s.actor.administers(&u) {
				tok.Hash = nil
				all = append(all, OwnedToken{Token: tok, Owner: u.Name})
			}
		}
		return nil
	})
	return all, err
}

// programTokens are the user's tokens for programs.
func programTokens(r kv.Reader, u fleet.UserID) ([]fleet.Token, error) {
	return recordsAt(r, tokens, tokens.Index("for_programs").Uint(uint64(u)))
}
