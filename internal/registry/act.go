package registry

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// ActKind is a kind of act that changes no record and is journalled all the same.
type ActKind uint8

// The kinds of acts.
const (
	SignInFailed ActKind = iota + 1 // the actor has the name that was tried; Note: with what, as in [AddToken.With]
	TokenUsed                       // an API token was presented; Subject: its prefix or name
	Denied                          // something was asked that the actor may not do; Subject: the route
	Exported                        // a list was sent; Subject: the list, Note: the format
	Downloaded                      // another file with data was; Subject: the file
	ActsLost                        // so many acts could not be kept
)

var actNames = [...]string{
	SignInFailed: "sign_in_failed", TokenUsed: "token_used", Denied: "denied",
	Exported: "export", Downloaded: "download", ActsLost: "acts_lost",
}

// String is the name by which the journal calls the act.
func (k ActKind) String() string { return actNames[k] }

// Act is something that was done, or tried, and changed no record.
type Act struct {
	Kind    ActKind
	Subject string     // what it was about, in a form that reads well in the journal
	Note    string     // how it was done, or why not
	Place   fleet.Path // that it concerned; empty: that of all of the actor's grants
	Request string     // the request's ID, if it has one
}

// Witness journals an act. It does not wait: the entry is written with the next
// commit. Acts of one kind by one account from one network are written one by one
// only once in a while, and counted in between, see [actWindow]; what strangers do
// is bounded besides, so that nobody can fill the disk with failures.
//
// An actor who is not known has no user, and the name that was given, if any.
func (s Session) Witness(a Act) {
	e := Entry{
		User: s.actor.User, Via: s.actor.Via, Request: clip(a.Request), Change: a.Kind.String(), Place: a.Place,
		Details: Details{Actor: clip(s.actor.Name), Address: s.actor.Address, Subject: clip(a.Subject), Note: clip(a.Note)},
	}
	if e.Place == "" {
		e.Place = homeOf(s.actor.Grants)
	}
	s.reg.acts.add(a.Kind, e, s.reg.now())
}

// clip bounds what strangers may have put in a text.
func clip(text string) string {
	const most = 200
	if len(text) > most {
		text = text[:most]
		for len(text) > 0 && !utf8.RuneStart(text[len(text)-1]) {
			text = text[:len(text)-1]
		}
	}
	return strings.ToValidUTF8(text, "�")
}

// witnessed writes acts to the journal.
type witnessed []Entry

// Name is not used: an act has a name of its own.
func (witnessed) Name() string { return "witnessed" }

func (c witnessed) apply(t *tx) error {
	for _, e := range c {
		e.Time = t.now
		if _, err := t.journal.append(t.w, e); err != nil {
			return err
		}
	}
	return nil
}

// actorKey is who acts, as far as repeated acts are counted together.
type actorKey struct {
	kind          ActKind
	user          fleet.UserID
	name          string
	network       netip.Prefix
	subject, note string
}

func keyOf(kind ActKind, e *Entry) actorKey {
	k := actorKey{kind: kind, user: e.User, name: e.Actor, network: fleet.NetworkOf(e.Address), note: e.Note}
	if kind != Denied { // whoever knocks on many doors fills no more lines than at one
		k.subject = e.Subject
	}
	return k
}
