package api

import (
	"context"
	"net/http"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) passwords() {
	add(a, operation{
		Route: Route{http.MethodPost, "/me/password", fleet.Read},
		id:    "change-password", summary: "Change your own password", status: http.StatusNoContent,
		about: "It takes the present one. All your sessions end; your tokens stay.",
		sdk:   `err := c.ChangePassword(ctx, current, next)`,
	}, a.changePassword)
	add(a, operation{
		Route: Route{http.MethodPost, "/users/{name}/password", fleet.EditUsers},
		id:    "set-password", summary: "Give a user whom you administer a new password", status: http.StatusNoContent,
		about: "All sessions of the user end; the user's tokens stay. Your own password is changed at /me/password.",
		sdk:   `err := c.SetPassword(ctx, "lahore.officer", password)`,
	}, a.setPassword)
}

type (
	changePasswordIn struct {
		Keyed
		Body takhti.PasswordChange
	}
	setPasswordIn struct {
		OnUser
		Body takhti.NewPassword
	}
	// doneOut is the answer to a write that has nothing to tell.
	doneOut struct {
		Replayed string `header:"Idempotent-Replayed"`
	}
)

func (a *api) changePassword(ctx context.Context, in *changePasswordIn) (*doneOut, error) {
	s := a.session(ctx)
	q, err := a.secretRequest(ctx, in.Key, "change password", nil, in.Body.Current, in.Body.Next)
	if err != nil {
		return nil, err
	}
	// Once it is changed, the present password is another one.
	if _, again, err := s.Earlier(ctx, q); err != nil || again {
		return &doneOut{replayed(again)}, err
	}
	u, err := a.Auth.VerifyOwn(ctx, s, auth.Own{User: s.Actor().Name, Current: in.Body.Current})
	if err != nil {
		return nil, err
	}
	change, err := a.Auth.PasswordChange(ctx, u, in.Body.Current, in.Body.Next)
	if err != nil {
		return nil, err
	}
	_, err = s.Apply(ctx, q, change)
	return &doneOut{}, err
}

func (a *api) setPassword(ctx context.Context, in *setPasswordIn) (*doneOut, error) {
	hash, err := a.Auth.HashPassword(ctx, in.Body.Password)
	if err != nil {
		return nil, err
	}
	q, err := a.secretRequest(ctx, in.Key, "set password", in.Name, in.Body.Password)
	if err != nil {
		return nil, err
	}
	receipt, err := a.session(ctx).Apply(ctx, q, registry.SetPassword{User: in.Name, Password: hash})
	return &doneOut{replayed(receipt.Repeated)}, err
}
