package workbook

import (
	"fmt"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// accountRow is a row of a list of accounts. No password is among its facts: schools
// are given PINs and cards, and people choose their own when they are invited.
type accountRow struct {
	name, fullName string
	role           fleet.Role // zero: the row does not say
	at             destination
}

func (r accountRow) subject() string {
	return or(or(r.name, r.at.emis), or(string(r.at.code), r.at.name))
}

func parseAccount(c *checker) accountRow {
	r := accountRow{fullName: c.text(colFullName), at: c.destination()}
	if said := c.text(colUser); said != "" {
		name, err := fleet.ParseUserName(said)
		if err != nil {
			c.problem(colUser, said, err)
		}
		r.name = name
	}
	if word := c.word(colRole, "account.role", "role that a list can give", "Officer, Manager, Viewer, School, Workshop, Ministry or Auditor"); word != "" {
		r.role, _ = fleet.ParseRole(word) // the words stand for roles
	}
	u := fleet.User{FullName: r.fullName}
	if err := u.Check(); err != nil && !c.bad {
		c.breaks(err)
	}
	return r
}

// accountPlanner plans a list of accounts.
type accountPlanner struct{ *devicePlanner }

func (m *planner) accounts(f File) (*report, error) {
	p := accountPlanner{newDevicePlanner(m)}
	return listed(m, f, Accounts, parseAccount, accountRow.subject, p.plan)
}

func (p *accountPlanner) plan(c *checker, r accountRow) error {
	at, err := p.destination(c, r.at)
	switch {
	case err != nil || c.bad:
		return err
	case at == nil:
		c.problem(c.firstOf(colEMIS, colCode, colName, colDistrict), "", fleet.Invalidf("account.place_missing", "say at which place: the EMIS code of a school, a district or a province"))
		return nil
	case r.role == fleet.SchoolRole || r.role == 0 && r.name == "" && at.Kind == fleet.School:
		return p.school(c, r, at)
	case r.role == 0:
		c.problem(colRole, "", fleet.Invalidf("account.role_missing", "say which role: officer, manager, viewer, school, workshop, ministry or auditor"))
	case r.name == "":
		c.problem(colUser, "", fleet.Invalidf("account.name_missing", "say with which user name: only schools sign in without one"))
	default:
		return p.person(c, r, at)
	}
	return nil
}

// school opens the account of a school, whose name is not for the list to choose.
func (p *accountPlanner) school(c *checker, r accountRow, at *node) error {
	p.about(string(at.Code))
	if at.Kind != fleet.School {
		c.problem(colRole, "", fleet.Invalidf("account.no_school", "%s is a %s: the role school is for a school alone", at.Name, at.Kind))
		return nil
	}
	if r.name != "" && !strings.EqualFold(r.name, at.EMIS) && !strings.EqualFold(r.name, string(at.Code)) {
		c.problem(colUser, r.name, fleet.Invalidf("account.school_name", "a school signs in with its EMIS code: leave the user name empty"))
		return nil
	}
	if c.once(colEMIS, "account.school_twice", "the account of", string(at.Code), at.Name); c.bad {
		return nil
	}
	found, err := p.session.SchoolAccounts(p.ctx, at.Code, "", 1)
	switch {
	case err != nil && fleet.KindOf(err) == 0:
		return err
	case err == nil && len(found) == 1 && found[0].User.ID != 0:
		return nil
	}
	p.add(step{change: registry.OpenSchool{School: at.Code, FullName: r.fullName}, effect: creates, at: c.at, value: string(at.Code)})
	return nil
}

// person makes an account of somebody who is invited afterwards. One that is there
// with the same role at the same place is left as it is.
func (p *accountPlanner) person(c *checker, r accountRow, at *node) error {
	if c.once(colUser, "account.twice", "the user name", r.name, r.name); c.bad {
		return nil
	}
	old, err := p.session.User(p.ctx, r.name)
	switch {
	case err == nil && len(old.Grants) == 1 && old.Grants[0] == fleet.Grant{Role: r.role, Place: at.Path}:
		return nil
	case err == nil:
		return p.otherwise(c, &old)
	case fleet.KindOf(err) != fleet.NotFound:
		return err
	}
	p.add(step{
		change: registry.AddUser{User: r.name, FullName: r.fullName, Grants: []registry.UserGrant{{Role: r.role, Place: at.Code}}},
		effect: creates, at: c.at, value: r.name,
	})
	return nil
}

// otherwise refuses a row about an account that is there with other roles: those are
// never changed by a list.
func (p *accountPlanner) otherwise(c *checker, old *fleet.User) error {
	var has []string
	for _, g := range old.Grants {
		at := "everywhere"
		if g.Place != "" {
			n, err := p.gazetteer.at(g.Place)
			if err != nil {
				return err
			}
			at = fmt.Sprintf("at %s (%s)", n.Name, n.Code)
		}
		has = append(has, g.Role.String()+" "+at)
	}
	c.problem(colUser, old.Name, fleet.Conflictf("account.other_roles", "there is an account %s already, as %s, and a list does not change that: use another user name, or leave the row out",
		old.Name, or(strings.Join(has, ", "), "one without a role")))
	return nil
}

// accountTexts are what the row of an account says.
func accountTexts(u *registry.AddUser) map[columnID]string {
	texts := map[columnID]string{colUser: u.User, colFullName: u.FullName}
	for _, g := range u.Grants {
		texts[colRole], texts[colCode] = g.Role.String(), string(g.Place)
	}
	return texts
}
