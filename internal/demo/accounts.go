package demo

import (
	"context"
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// SignIn is an account of the demo. Its password is no secret.
type SignIn struct {
	Role     fleet.Role
	User     string
	Password string
	Place    fleet.PlaceCode // where it has its role; empty: everywhere
}

// account is an account before its school is known.
type account struct {
	role  fleet.Role
	user  string // of schools, what comes before the EMIS code
	full  string
	place fleet.PlaceCode
}

const lahore fleet.PlaceCode = "PK617"

// accounts has one account for each role. The last one is made when all else is
// in the register: see [SignIns].
var accounts = []account{
	{fleet.Viewer, "viewer.sindh", "Demo viewer, Sindh", atlas.Sindh},
	{fleet.SchoolRole, "school.", "Demo school", ""},
	{fleet.WorkshopRole, "workshop.lahore", "Demo workshop, Lahore", lahore},
	{fleet.Officer, "officer.lahore", "Demo officer, Lahore", lahore},
	{fleet.Manager, "manager.punjab", "Demo manager, Punjab", atlas.Punjab},
	{fleet.Ministry, "ministry", "Demo ministry", atlas.CountryCode},
	{fleet.Auditor, "auditor", "Demo auditor", atlas.CountryCode},
	{fleet.Admin, "admin", "Demo administrator", ""},
}

// password says what it is worth.
func (a account) password() string { return "takhti-demo-" + a.role.String() }

func (a account) fits(u fleet.User) bool {
	name := u.Name
	if a.role == fleet.SchoolRole && strings.HasPrefix(name, a.user) {
		name = a.user
	}
	return name == a.user && u.FullName == a.full && len(u.Grants) == 1 && u.Grants[0].Role == a.role
}

// SignIns are the accounts of the demo that the register holds, one for each
// role; none when it holds no demo, or only a part of one.
func SignIns(ctx context.Context, reg *registry.Register) ([]SignIn, error) {
	s := reg.As(registry.Operator())
	users, err := s.Users(ctx)
	if err != nil {
		return nil, err
	}
	var list []SignIn
	for _, a := range accounts {
		i := slices.IndexFunc(users, a.fits)
		if i < 0 {
			return nil, nil
		}
		at := users[i].Grants[0].Place
		places, err := s.PlacesAt(ctx, at)
		if err != nil {
			return nil, err
		}
		list = append(list, SignIn{Role: a.role, User: users[i].Name, Password: a.password(), Place: places[at].Code})
	}
	return list, nil
}

// staff makes all accounts but the administrator's, and the cast of them.
func (f *filler) staff(ctx context.Context) error {
	f.progress("accounts", 0, 0)
	last := len(accounts) - 1
	school := f.world.showcase()
	for _, a := range accounts[:last] {
		if a.role == fleet.SchoolRole {
			place := &f.world.schools[school]
			a.user, a.place = a.user+strings.ToLower(place.EMIS), place.Code
		}
		if err := f.enrol(ctx, a); err != nil {
			return err
		}
	}
	users, err := f.operator.Users(ctx)
	if err != nil {
		return err
	}
	f.cast = f.newCast(users, school)
	return nil
}

func (f *filler) administrator(ctx context.Context) error {
	f.Clock.turn(f.world.opts.Now)
	return f.enrol(ctx, accounts[len(accounts)-1])
}

func (f *filler) enrol(ctx context.Context, a account) error {
	hash, err := f.Hash(ctx, a.password())
	if err != nil {
		return err
	}
	_, err = f.operator.Apply(ctx, registry.Request{}, registry.AddUser{
		User: a.user, FullName: a.full, Password: hash, Grants: []registry.UserGrant{{Role: a.role, Place: a.place}},
	})
	return err
}

// showcase is the school that the demo's school account is for: the one of
// Lahore, or else of the country, to which most has happened.
func (w *World) showcase() int {
	happened := make([]int, len(w.schools))
	for i := range w.consignments {
		if c := &w.consignments[i]; w.happened(c.accepted) {
			happened[c.school] += int(c.count)
		}
	}
	const fault = 100 // counts for more than any number of devices
	for _, e := range w.faultEvents() {
		happened[e.School] += fault
	}
	best, most := 0, -1
	for i, n := range happened {
		if n > 0 && w.schools[i].Parent[:districtCodeLen] == lahore {
			n += 1 << 30
		}
		if n > most {
			best, most = i, n
		}
	}
	return best
}
