package api_test

import (
	"testing"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func TestPasswordsAreChanged(t *testing.T) {
	w := newWorld(t)
	const first, second, third = "slate and chalk", "slate and cheese", "slate and chess"
	boss, ctx := w.as("boss"), t.Context()
	must(boss.AddUser(ctx, takhti.NewUser{Name: "new.user", Password: first, Grants: []takhti.Grant{{Role: takhti.RoleViewer, Place: "PK601"}}}))(t)
	opens := func(password string) bool {
		_, err := w.auth.SignIn(ctx, auth.Credentials{Name: "new.user", Password: password, From: "203.0.113.7"})
		return err == nil
	}
	user := w.as("new.user")
	_ = wantCode(t, user.ChangePassword(ctx, third, second), "auth.current")
	_ = wantCode(t, user.ChangePassword(ctx, first, "short"), "auth.password_short")
	_ = wantCode(t, user.SetPassword(ctx, "new.user", second), "forbidden")
	for range 2 { // the same under its key, though the first password is no longer the present one
		if err := user.ChangePassword(takhti.WithKey(ctx, "mine"), first, second); err != nil {
			t.Fatal(err)
		}
	}
	_ = wantCode(t, user.ChangePassword(takhti.WithKey(ctx, "mine"), first, third), "request.reused")
	if opens(first) || !opens(second) {
		t.Error("the changed password is not the one that opens")
	}

	for range 2 {
		if err := boss.SetPassword(takhti.WithKey(ctx, "reset"), "New.User", third); err != nil {
			t.Fatal(err)
		}
	}
	_ = wantCode(t, boss.SetPassword(takhti.WithKey(ctx, "reset"), "new.user", first), "request.reused")
	if opens(second) || !opens(third) {
		t.Error("the password that was set is not the one that opens")
	}
	_ = wantCode(t, boss.SetPassword(ctx, "boss", third), "user.own_password")
	_ = wantCode(t, boss.SetPassword(ctx, "nobody", third), "user.not_found")
}
