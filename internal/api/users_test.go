package api_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

func TestUsersAreAdministered(t *testing.T) {
	w := newWorld(t)
	boss, ctx := w.as("boss"), t.Context()
	u := must(boss.AddUser(ctx, takhti.NewUser{
		Name: "Punjab.Manager", FullName: "A. Manager", Password: "slate and chalk",
		Grants: []takhti.Grant{{Role: takhti.RoleManager, Place: "PK6"}},
	}))(t)
	if u.Name != "punjab.manager" || u.Disabled || fmt.Sprint(u.Grants) != "[{manager PK6}]" {
		t.Fatalf("%+v", u)
	}
	manager := w.as("punjab.manager")
	_, err := manager.AddUser(ctx, takhti.NewUser{Name: "too.much", Grants: []takhti.Grant{{Role: takhti.RoleAdmin, Place: "PK6"}}})
	wantCode(t, err, "user.role_above")
	_, err = boss.AddUser(ctx, takhti.NewUser{Name: "weak", Password: "short", Grants: []takhti.Grant{{Role: takhti.RoleViewer}}})
	wantCode(t, err, "auth.password_short")

	found := map[string]bool{}
	for _, u := range must(manager.Users(ctx))(t) {
		found[u.Name] = true
	}
	if got := sorted(found); got != "chak77 kasur.officer lahore.officer punjab.manager" {
		t.Errorf("the manager administers %s", got)
	}
	officer := w.as("lahore.officer")
	if u := must(manager.DisableUser(ctx, "lahore.officer"))(t); !u.Disabled {
		t.Errorf("%+v", u)
	}
	if _, err := officer.Me(ctx); err == nil {
		t.Error("a disabled user's token still works")
	}
	if u := must(manager.EnableUser(ctx, "lahore.officer"))(t); u.Disabled {
		t.Errorf("%+v", u)
	}
	if u := must(manager.SetRoles(ctx, "lahore.officer", takhti.Grant{Role: takhti.RoleViewer, Place: "PK601"}))(t); fmt.Sprint(u.Grants) != "[{viewer PK601}]" {
		t.Errorf("%+v", u)
	}
	_, err = manager.SetRoles(ctx, "lahore.officer", takhti.Grant{Role: takhti.RoleAdmin, Place: "PK6"})
	wantCode(t, err, "user.role_above")
	_, err = manager.SetRoles(ctx, "punjab.manager", takhti.Grant{Role: takhti.RoleViewer, Place: "PK6"})
	wantCode(t, err, "user.own_roles")
	_, err = manager.DisableUser(ctx, "boss")
	wantCode(t, err, "user.not_found")
}

func TestTokensAreMadeAndRevoked(t *testing.T) {
	w := newWorld(t)
	officer, ctx := w.as("lahore.officer"), t.Context()
	made := must(officer.AddToken(ctx, takhti.NewToken{Name: "Power BI", Role: takhti.RoleViewer, Place: "PK601", Days: 30}))(t)
	if !strings.HasPrefix(made.Secret, "takhti_") || made.Expires != w.clock.AddDate(0, 0, 30) {
		t.Fatalf("%+v", made)
	}
	program := must(takhti.New(w.url, made.Secret, takhti.WithTries(1)))(t)
	if me := must(program.Me(ctx))(t); fmt.Sprint(me.Grants) != "[{viewer PK601}]" {
		t.Errorf("%+v", me)
	}
	_, err := program.ReportFault(ctx, takhti.NewFault{Serial: "LAH0000003", Category: takhti.FaultHinge})
	wantCode(t, err, "forbidden")
	_, err = program.AddToken(ctx, takhti.NewToken{Name: "more", Role: takhti.RoleOfficer, Place: "PK601"})
	wantCode(t, err, "user.role_above")
	_, err = officer.AddToken(ctx, takhti.NewToken{Name: "long", Role: takhti.RoleViewer, Place: "PK601", Days: 367})
	wantCode(t, err, "request.invalid")

	var mine takhti.Token
	for _, tok := range must(officer.Tokens(ctx))(t) {
		if tok.Name == "Power BI" {
			mine = tok
		}
	}
	if mine.User != "lahore.officer" || !strings.HasPrefix(made.Secret, mine.Prefix) || mine.Revoked != nil {
		t.Fatalf("%+v", mine)
	}
	wantCode(t, w.as("kasur.officer").RevokeToken(ctx, mine.ID), "token.not_found")
	if err := officer.RevokeToken(ctx, mine.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := program.Me(ctx); err == nil {
		t.Error("a revoked token still works")
	}
}
