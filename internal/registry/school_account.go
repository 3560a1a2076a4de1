package registry

import (
	"fmt"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// ViaCard is how an actor came in who was signed in with a school's card. It may
// do what the school may, save for what concerns its account.
const ViaCard = "card"

// errByCard is the answer to a phone that would change its school's account.
var errByCard = &fleet.Error{
	Kind: fleet.Forbidden, Code: "card.account",
	Message: "this phone was signed in with the school's card: sign in with the EMIS code and the PIN to do this",
}

// mayKeepAccount refuses what concerns an account to who is in it by a card.
func (t *tx) mayKeepAccount() error {
	if t.actor.Via == ViaCard {
		return errByCard
	}
	return nil
}

// OpenSchool makes the account of a school that has none. It has no PIN yet.
type OpenSchool struct {
	School   fleet.PlaceCode
	FullName string // whose it is, where people should know; the school's name is known
}

// Name is the change's name in the journal.
func (OpenSchool) Name() string { return "open_school" }

func (c OpenSchool) apply(t *tx) error {
	school, err := t.schoolToIssueFor(c.School)
	if err != nil {
		return err
	}
	_, found, err := userOfSchool(t.w, school.ID())
	if err != nil {
		return err
	}
	if found {
		return fleet.Conflictf("school.has_account", "%s has an account already", school.Name).In("place")
	}
	_, err = t.openSchool(&school, c.FullName)
	return err
}

// OpenSchools makes the accounts of all schools at a place that have none. The
// receipt's references are the codes of those schools.
type OpenSchools struct{ Place fleet.PlaceCode }

// Name is the change's name in the journal.
func (OpenSchools) Name() string { return "open_schools" }

// maxOpened bounds the schools that one change opens accounts for: twice those of
// the largest district.
const maxOpened = 5_000

func (c OpenSchools) apply(t *tx) error {
	at, err := t.place(c.Place)
	if err != nil {
		return err
	}
	if err := t.allow(fleet.IssueCards, at.Path, absentPlace(c.Place)); err != nil {
		return err
	}
	schools, err := schoolsAt(t.w, at.Path, "", maxOpened+1)
	if err != nil {
		return err
	}
	if len(schools) > maxOpened {
		return fleet.Conflictf("school.too_many", "there are more than %d schools at %s: open the accounts of its parts one by one", maxOpened, at.Name)
	}
	for i := range schools {
		_, found, err := userOfSchool(t.w, schools[i].ID())
		if err != nil {
			return err
		}
		if found || schools[i].State != fleet.Active {
			continue
		}
		if _, err := t.openSchool(&schools[i], ""); err != nil {
			return err
		}
		t.result(string(schools[i].Code))
	}
	return nil
}

// SetPIN gives a school's account a new PIN, and signs out all who are in it by
// the old one; phones that were signed in with its card stay. A school without an
// account gets one.
type SetPIN struct {
	School fleet.PlaceCode
	PIN    string // argon2id, PHC form
}

// Name is the change's name in the journal.
func (SetPIN) Name() string { return "set_pin" }

func (c SetPIN) apply(t *tx) error {
	u, err := t.accountToIssueFor(c.School)
	if err != nil {
		return err
	}
	return t.setPassword(&u, c.PIN)
}

// ChangePIN replaces the PIN of the actor's own school. Whether the actor knows
// the present one is for internal/auth to verify, as with [ChangePassword].
type ChangePIN struct {
	PIN      string // argon2id, PHC form
	Verified string `cbor:"-"`
}

// Name is the change's name in the journal.
func (ChangePIN) Name() string { return "change_pin" }

func (c ChangePIN) apply(t *tx) error {
	u, err := t.ownSchool(c.Verified)
	if err != nil {
		return err
	}
	return t.setPassword(&u, c.PIN)
}

// HandOver is for a new head teacher: it ends all that stands in the school's
// name, sessions, phones, cards, tokens and the link to an account elsewhere, and
// gives a new PIN and a new card.
type HandOver struct {
	IssueCard
	PIN string // argon2id, PHC form
	// Verified is the hash of the PIN that the actor knew, where it is the school
	// itself; empty: an officer of the place does it.
	Verified string `cbor:"-"`
}

// Name is the change's name in the journal.
func (HandOver) Name() string { return "hand_over" }

func (c HandOver) apply(t *tx) error {
	u, err := t.toHandOver(&c)
	if err != nil {
		return err
	}
	if err := t.revokeAll(u.ID, fleet.APIToken, fleet.FeedToken, fleet.PhoneToken); err != nil {
		return err
	}
	u.Identity = nil
	if err := t.setPassword(&u, c.PIN); err != nil {
		return err
	}
	return t.issueCard(&u, &c.IssueCard)
}

func (t *tx) toHandOver(c *HandOver) (fleet.User, error) {
	if c.Verified == "" {
		return t.accountToIssueFor(c.School)
	}
	return t.ownSchool(c.Verified)
}

// schoolToIssueFor is a school that the actor may give what it signs in with.
func (t *tx) schoolToIssueFor(code fleet.PlaceCode) (fleet.Place, error) {
	p, err := t.place(code)
	if err != nil {
		return p, err
	}
	if p.Kind != fleet.School {
		return p, fleet.Invalidf("school.not_one", "%s is a %s: give the code of a school", p.Name, p.Kind).In("place")
	}
	return p, t.mayGive(fleet.SchoolRole, p.Path, fleet.IssueCards, absentPlace(code))
}

// accountToIssueFor is the account of such a school, which is made if need be.
func (t *tx) accountToIssueFor(code fleet.PlaceCode) (u fleet.User, err error) {
	school, err := t.schoolToIssueFor(code)
	if err != nil {
		return u, err
	}
	u, found, err := userOfSchool(t.w, school.ID())
	switch {
	case err != nil:
		return u, err
	case !found:
		return t.openSchool(&school, "")
	case u.Disabled:
		return u, disabledUser(&u)
	}
	return u, nil
}

// ownSchool is the account of the actor, who knew the PIN with this hash.
func (t *tx) ownSchool(verified string) (u fleet.User, err error) {
	if err := t.mayKeepAccount(); err != nil {
		return u, err
	}
	u, ok, err := users.Get(t.w, uint64(t.actor.User))
	switch {
	case err != nil:
		return u, err
	case !ok || u.School == 0:
		return u, fleet.Conflictf("user.no_school", "this is not the account of a school: change its password instead").In("user")
	case verified == "" || verified != u.Password:
		return u, ErrPasswordChanged
	}
	return u, nil
}

// openSchool makes a school's account. Its name is the school's code, which is
// the EMIS code with its province.
func (t *tx) openSchool(school *fleet.Place, fullName string) (fleet.User, error) {
	id, err := users.NextID(t.w)
	if err != nil {
		return fleet.User{}, err
	}
	name, err := t.nameForSchool(school)
	if err != nil {
		return fleet.User{}, err
	}
	u := fleet.User{
		ID: fleet.UserID(id), Name: name, FullName: fullName, School: school.ID(), Created: t.now.Unix(),
		Grants: []fleet.Grant{{Role: fleet.SchoolRole, Place: school.Path}},
	}
	if err := u.Check(); err != nil {
		return u, err
	}
	return u, save(t, users, &u)
}

// nameForSchool is the school's code, unless that cannot be the name of an
// account or is somebody else's.
func (t *tx) nameForSchool(school *fleet.Place) (string, error) {
	name, err := fleet.ParseUserName(string(school.Code))
	if err == nil {
		_, taken, err := userByName(t.w, name)
		if err != nil || !taken {
			return name, err
		}
	}
	return fmt.Sprintf("school-%d", school.ID()), nil
}

func userOfSchool(r kv.Reader, school fleet.PlaceID) (fleet.User, bool, error) {
	id, ok, err := users.Lookup(r, users.Index("by_school").Uint(uint64(school)))
	if err != nil || !ok {
		return fleet.User{}, false, err
	}
	return users.Get(r, id)
}
