package registry

import (
	"context"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// Account reads the account that somebody names who signs in: by its user name,
// or as a school by its EMIS code. Where schools of several provinces have the
// code, it takes the province's. A disabled one is returned as well.
func (g Gate) Account(ctx context.Context, name string, province fleet.PlaceCode) (u fleet.User, ok bool, err error) {
	err = g.reg.view(ctx, func(r kv.Reader) error {
		if u, ok, err = userByName(r, name); err != nil || ok {
			return err
		}
		u, ok, err = accountByEMIS(r, name, province)
		return err
	})
	return u, ok, err
}

// sameCode bounds how many schools with one EMIS code are looked at.
const sameCode = 100

// accountByEMIS finds the one school's account that the code can mean.
func accountByEMIS(r kv.Reader, emis string, province fleet.PlaceCode) (account fleet.User, found bool, err error) {
	within := fleet.Path("")
	if province != "" {
		p, ok, err := placeByCode(r, province)
		if err != nil || !ok {
			return account, false, err
		}
		within = p.Path
	}
	code := strings.ToUpper(strings.Map(fleet.LatinDigit, strings.TrimSpace(emis)))
	if code == "" {
		return account, false, nil
	}
	key, seen := places.Index("by_emis").Str(code), 0
	for id, err := range places.IDs(r, key, key.End()) {
		if seen++; err != nil || seen > sameCode {
			return account, false, err
		}
		u, ok, err := userOfSchool(r, fleet.PlaceID(id))
		if err != nil {
			return account, false, err
		}
		if !ok || len(u.Grants) == 0 || !within.Contains(u.Grants[0].Place) {
			continue
		}
		if found {
			return fleet.User{}, false, nil // it can mean either
		}
		account, found = u, true
	}
	return account, found, nil
}

// Provinces are the places below the country, which everybody knows.
func (g Gate) Provinces(ctx context.Context) (all []fleet.Place, err error) {
	err = g.reg.view(ctx, func(r kv.Reader) error {
		key := places.Index("by_parent").Str(string(fleet.Path("").Child(firstPlace)))
		all, err = recordsAt(r, places, key)
		return err
	})
	return all, err
}

// Card finds the live card with the hash, the account that it is for and its
// school; ok is false when it signs nobody in.
func (g Gate) Card(ctx context.Context, hash []byte) (a Actor, school fleet.Place, ok bool, err error) {
	_, a, ok, err = g.Token(ctx, fleet.CardToken, hash, g.reg.now())
	if err != nil || !ok || len(a.Grants) == 0 {
		return a, school, false, err
	}
	err = g.reg.view(ctx, func(r kv.Reader) error {
		school, ok, err = places.Get(r, uint64(a.Grants[0].Place.ID()))
		return err
	})
	return a, school, ok, err
}
