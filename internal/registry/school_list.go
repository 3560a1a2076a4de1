package registry

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// SchoolAccount is a school and what it signs in with.
type SchoolAccount struct {
	School fleet.Place
	User   fleet.User  // without secrets; the zero value: it has no account
	PIN    bool        // it has one
	Card   fleet.Token // without its hash; the zero value: it has none
	Phones int         // that are signed in with the card
}

// SchoolAccounts reads the schools at a place for who may issue their cards, in
// the order of the tree, at most so many after one of them.
func (s Session) SchoolAccounts(ctx context.Context, at, after fleet.PlaceCode, most int) (all []SchoolAccount, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		from, err := s.issuing(r, at)
		if err != nil {
			return err
		}
		last, err := s.issuingAfter(r, after)
		if err != nil {
			return err
		}
		schools, err := schoolsAt(r, from, last, most)
		if err != nil {
			return err
		}
		for _, school := range schools {
			a, err := s.schoolAccount(r, school)
			if err != nil {
				return err
			}
			all = append(all, a)
		}
		return nil
	})
	return all, err
}

// issuing is the path of a place where the actor may issue cards.
func (s Session) issuing(r kv.Reader, code fleet.PlaceCode) (fleet.Path, error) {
	p, err := findPlace(r, s.actor, code)
	if err == nil && !s.actor.May(fleet.IssueCards, p.Path) {
		err = fleet.Forbiddenf("forbidden", "your role does not allow this here")
	}
	return p.Path, err
}

func (s Session) issuingAfter(r kv.Reader, code fleet.PlaceCode) (fleet.Path, error) {
	if code == "" {
		return "", nil
	}
	return s.issuing(r, code)
}

// OwnSchool is the school whose account the actor is; ok is false for everybody else.
func (s Session) OwnSchool(ctx context.Context) (school fleet.Place, ok bool, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		u, found, err := users.Get(r, uint64(s.actor.User))
		if err != nil || !found || u.School == 0 {
			return err
		}
		school, ok, err = places.Get(r, uint64(u.School))
		return err
	})
	return school, ok, err
}

func (s Session) schoolAccount(r kv.Reader, school fleet.Place) (a SchoolAccount, err error) {
	a.School = school
	u, ok, err := userOfSchool(r, school.ID())
	if err != nil || !ok {
		return a, err
	}
	a.User, a.PIN = u.WithoutSecrets(), u.Password != ""
	a.Card, a.Phones, err = cardOf(r, u.ID, s.reg.now())
	return a, err
}

// schoolsAt reads the schools at a place, in the order of the tree, after the one that a
// page before ended with; at most so many.
func schoolsAt(r kv.Reader, at fleet.Path, after fleet.Path, most int) (all []fleet.Place, err error) {
	key := places.Index("by_path").Open(string(at))
	from := key
	if after != "" {
		from = places.Index("by_path").Str(string(after)).End()
	}
	for id, err := range places.IDs(r, from, key.End()) {
		if err != nil {
			return nil, err
		}
		p, _, err := places.Get(r, id)
		if err != nil {
			return nil, err
		}
		if p.Kind != fleet.School {
			continue
		}
		if all = append(all, p); len(all) == most {
			return all, nil
		}
	}
	return all, nil
}

// SchoolsSignIn says whether any school has an account that the actor administers.
func (s Session) SchoolsSignIn(ctx context.Context) (any bool, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		key := users.Index("by_school")
		for id, err := range users.IDs(r, key, key.End()) {
			if err != nil {
				return err
			}
			u, _, err := users.Get(r, id)
			if err != nil {
				return err
			}
			if any = s.actor.administers(&u); any {
				return nil
			}
		}
		return nil
	})
	return any, err
}
