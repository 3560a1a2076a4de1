package auth

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"strings"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

const (
	// cardLife is how long phones can be signed in with a card: a school year,
	// and some time to hand out the next one.
	cardLife = 400 * 24 * time.Hour
	// phoneLife is how long a phone stays signed in.
	phoneLife = 180 * 24 * time.Hour
	// UsualPhones is how many phones a card is for when nobody says how many.
	UsualPhones = 3
)

// CardPath is where the addresses of cards begin. They are in capitals, as the
// QR code of such an address is coarser, and easier to read from paper.
const CardPath = "/C/"

// Card is a sign-in card that was made. Its secret is told this once.
type Card struct {
	Secret  string
	Expires time.Time
}

// Path is the address that the card's QR code leads to, on whatever host the
// register has.
func (c Card) Path() string { return CardPath + c.Secret }

// cardAlphabet writes secrets in capitals and digits.
var cardAlphabet = base32.StdEncoding.WithPadding(base32.NoPadding)

// PrepareCard completes a change that issues a card. It makes nothing: that is for
// the change, which may be one of many.
func (s *Service) PrepareCard(c *registry.IssueCard) Card {
	var b [secretSize]byte
	rand.Read(b[:]) // never fails
	card := Card{Secret: cardAlphabet.EncodeToString(b[:]), Expires: s.now().Add(cardLife).Truncate(time.Second)}
	c.Hash, c.Expires = digest(card.Secret), card.Expires
	if c.Phones == 0 {
		c.Phones = UsualPhones
	}
	return card
}

// CardSchool is the school that a card signs phones in as; [registry.ErrCard] when
// it does so no more. Looking signs nobody in.
func (s *Service) CardSchool(ctx context.Context, secret string) (fleet.Place, error) {
	_, school, err := s.card(ctx, secret)
	return school, err
}

func (s *Service) card(ctx context.Context, secret string) (registry.Actor, fleet.Place, error) {
	a, school, ok, err := s.gate.Card(ctx, cardDigest(secret))
	if err == nil && !ok {
		err = registry.ErrCard
	}
	a.Via = registry.ViaCard
	return a, school, err
}

// cardDigest is what is kept of a card's secret, however somebody typed it.
func cardDigest(secret string) []byte { return digest(strings.ToUpper(secret)) }

// UseCard signs a phone in with a card. The secret is for its cookie, as with
// [Service.SignIn].
func (s *Service) UseCard(ctx context.Context, card, from string) (secret string, expires time.Time, err error) {
	a, _, err := s.card(ctx, card)
	if err != nil {
		return "", expires, err
	}
	a.Address = addressOf(from)
	secret, expires = sessionSecret(), s.now().Add(phoneLife)
	_, err = s.reg.As(a).Apply(ctx, registry.Request{}, registry.UseCard{
		Card: cardDigest(card), Hash: digest(secret), Expires: expires,
	})
	return secret, expires, err
}

// Order says what a school is to be given.
type Order struct {
	School fleet.Place
	PIN    bool
	Card   bool
	Phones uint8 // that the card is for; zero: [UsualPhones]
}

// Issued is what a school was given. Its secrets are told this once.
type Issued struct {
	School fleet.Place
	PIN    string // empty: it has the one it had
	Card   Card   // the zero value: it has the one it had
}

// IssueSchools gives schools new PINs, new cards or both, all of them or none, and
// an account to those that have none. The request's digest must stand for what is
// asked, as the secrets are others each time; repeated, it is refused with
// card.made. Each PIN takes as long as signing in does: they are hashed one after
// another, so that people can sign in meanwhile.
func (s *Service) IssueSchools(ctx context.Context, by registry.Session, q registry.Request, orders ...Order) ([]Issued, error) {
	if q.ID != "" { // before the work
		if _, again, err := by.Earlier(ctx, q); err != nil || again {
			return nil, errors.Join(err, errIssued(again))
		}
	}
	issued, changes := make([]Issued, 0, len(orders)), make([]registry.Change, 0, 2*len(orders))
	for _, o := range orders {
		given, made, err := s.prepare(ctx, o)
		if err != nil {
			return nil, err
		}
		issued, changes = append(issued, given), append(changes, made...)
	}
	receipt, err := by.Apply(ctx, q, changes...)
	if err == nil {
		err = errIssued(receipt.Repeated)
	}
	if err != nil {
		return nil, err
	}
	return issued, nil
}

// prepare makes the secrets of an order, and the changes that give them.
func (s *Service) prepare(ctx context.Context, o Order) (given Issued, changes []registry.Change, err error) {
	given.School = o.School
	if o.PIN {
		given.PIN = NewPIN(o.School.EMIS)
		hash, err := s.HashPIN(ctx, given.PIN, o.School.EMIS)
		if err != nil {
			return given, nil, err
		}
		changes = append(changes, registry.SetPIN{School: o.School.Code, PIN: hash})
	}
	if o.Card {
		change := registry.IssueCard{School: o.School.Code, Phones: o.Phones}
		given.Card = s.PrepareCard(&change)
		changes = append(changes, change)
	}
	return given, changes, nil
}

// errIssued is the answer to who asks for the same secrets again.
func errIssued(again bool) error {
	if !again {
		return nil
	}
	return fleet.Conflictf("card.made", "these PINs and cards were made before; they were shown then and are not kept: make new ones")
}

// HandOver ends all that stands in a school's name and gives it a new PIN and a new
// card. A session of the school itself must give the current PIN; one of the
// district's office, none.
func (s *Service) HandOver(ctx context.Context, by registry.Session, q registry.Request, school fleet.Place, own bool, current string) (Issued, error) {
	change := registry.HandOver{IssueCard: registry.IssueCard{School: school.Code}}
	given := Issued{School: school, PIN: NewPIN(school.EMIS), Card: s.PrepareCard(&change.IssueCard)}
	var err error
	if own {
		if change.Verified, err = s.verifyPIN(ctx, by, current); err != nil {
			return Issued{}, err
		}
	}
	if change.PIN, err = s.HashPIN(ctx, given.PIN, school.EMIS); err != nil {
		return Issued{}, err
	}
	receipt, err := by.Apply(ctx, q, change)
	if err == nil {
		err = errIssued(receipt.Repeated)
	}
	if err != nil {
		return Issued{}, err
	}
	return given, nil
}
