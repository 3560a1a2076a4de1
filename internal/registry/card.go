package registry

import (
	"strconv"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// maxPhones bounds how many phones a card can sign in: those of a school's staff.
const maxPhones = 20

// IssueCard gives a school a sign-in card. It replaces the one that the school
// has, which ends, and with it the phones that it signed in. The receipt's
// reference is the card's number.
type IssueCard struct {
	School  fleet.PlaceCode
	Hash    []byte // SHA-256 of the card's secret
	Phones  uint8  // how many it may sign in at once
	Expires time.Time
}

// Name is the change's name in the journal.
func (IssueCard) Name() string { return "issue_card" }

func (c IssueCard) apply(t *tx) error {
	u, err := t.accountToIssueFor(c.School)
	if err != nil {
		return err
	}
	return t.issueCard(&u, &c)
}

func (t *tx) issueCard(u *fleet.User, c *IssueCard) error {
	if c.Phones < 1 || c.Phones > maxPhones {
		return fleet.Invalidf("card.phones", "a card can sign in 1 to %d phones, not %d", maxPhones, c.Phones).In("phones")
	}
	if err := t.endCards(u); err != nil {
		return err
	}
	id, err := tokens.NextID(t.w)
	if err != nil {
		return err
	}
	t.result(strconv.FormatUint(id, 10))
	return save(t, tokens, &fleet.Token{
		ID: id, Kind: fleet.CardToken, Hash: c.Hash, User: u.ID, By: t.actor.User, Phones: c.Phones,
		Created: t.now.Unix(), Expires: c.Expires.Unix(),
	})
}

func (t *tx) endCards(u *fleet.User) error {
	return t.revokeAll(u.ID, fleet.CardToken, fleet.PhoneToken)
}

// RevokeCard ends a school's card, and the phones that it signed in.
type RevokeCard struct{ School fleet.PlaceCode }

// Name is the change's name in the journal.
func (RevokeCard) Name() string { return "revoke_card" }

func (c RevokeCard) apply(t *tx) error {
	school, err := t.schoolToIssueFor(c.School)
	if err != nil {
		return err
	}
	u, found, err := userOfSchool(t.w, school.ID())
	if err != nil || !found {
		return err
	}
	return t.endCards(&u)
}

// The answers to a card that signs no phone in.
var (
	ErrCard = &fleet.Error{
		Kind: fleet.NotFound, Code: "card.ended",
		Message: "this card is not valid any more: a newer one was printed, it was taken back, or it has expired; ask the district office for a new one",
	}
	ErrCardFull = &fleet.Error{
		Kind: fleet.Conflict, Code: "card.full",
		Message: "as many phones are signed in with this card as it is for: sign out on one of them, or ask the district office for a new card",
	}
)

// phoneIdle is how long a phone stays signed in by card without being used, in seconds.
const phoneIdle = 30 * 24 * 60 * 60

// UseCard signs a phone in as the school of a card; the actor is the account that
// the card is for.
type UseCard struct {
	Card    []byte // SHA-256 of the card's secret
	Hash    []byte // SHA-256 of the new session's secret
	Expires time.Time
}

// Name is the change's name in the journal.
func (UseCard) Name() string { return "sign_in_by_card" }

func (c UseCard) apply(t *tx) error {
	card, _, ok, err := t.presented(c.Card, fleet.CardToken)
	if err != nil {
		return err
	}
	if !ok {
		return ErrCard
	}
	phones, err := phonesOf(t.w, &card, t.now)
	if err != nil {
		return err
	}
	if phones >= int(card.Phones) {
		return ErrCardFull
	}
	id, err := tokens.NextID(t.w)
	if err != nil {
		return err
	}
	err = save(t, tokens, &fleet.Token{
		ID: id, Kind: fleet.PhoneToken, Hash: c.Hash, User: card.User, Card: card.ID, Idle: phoneIdle,
		Created: t.now.Unix(), Expires: c.Expires.Unix(),
	})
	if err != nil {
		return err
	}
	return t.forgetTokens()
}

// phonesOf is how many phones are signed in with the card.
func phonesOf(r kv.Reader, card *fleet.Token, now time.Time) (n int, err error) {
	phones, err := tokensOf(r, card.User, fleet.PhoneToken)
	for i := range phones {
		if phones[i].Card == card.ID && phones[i].Live(now) {
			n++
		}
	}
	return n, err
}

// cardOf is the card that an account has, without its hash, and how many phones
// are signed in with it.
func cardOf(r kv.Reader, u fleet.UserID, now time.Time) (card fleet.Token, phones int, err error) {
	all, err := tokensOf(r, u, fleet.CardToken)
	if err != nil {
		return card, 0, err
	}
	for i := range all {
		if all[i].Live(now) {
			card = all[i]
			card.Hash = nil
			phones, err = phonesOf(r, &card, now)
		}
	}
	return card, phones, err
}
