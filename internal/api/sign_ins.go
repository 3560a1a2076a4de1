package api

import (
	"context"
	"net/http"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) signIns() {
	add(a, operation{
		Route: Route{http.MethodPost, "/places/{code}/sign-in", fleet.IssueCards},
		id:    "issue-sign-in", summary: "Give a school a new PIN, a new sign-in card or both; they are told this once", status: http.StatusCreated,
		about: "A school without an account gets one. A new card ends the one before, and signs its phones out. Repeated under its key it is refused with code card.made, because the secrets are not kept.",
		sdk:   `s, err := c.IssueSignIn(ctx, "PK6-37330250", takhti.SignInOrder{PIN: true, Card: true})`,
	}, a.issueSignIn)
	add(a, operation{
		Route: Route{http.MethodPost, "/places/{code}/sign-in/revoke", fleet.IssueCards},
		id:    "revoke-card", summary: "End a school's sign-in card, and the phones that it signed in", status: http.StatusNoContent,
		sdk: `err := c.RevokeCard(ctx, "PK6-37330250")`,
	}, a.revokeCard)
}

// OnSchool names the school of an action.
type OnSchool struct {
	Keyed
	Code string `path:"code" maxLength:"100" doc:"The school's code, or its EMIS code where only one school in your scope has it" example:"PK6-37330250"`
}

type issueSignInIn struct {
	OnSchool
	Body takhti.SignInOrder
}

func (a *api) issueSignIn(ctx context.Context, in *issueSignInIn) (*answer[takhti.SchoolSignIn], error) {
	b, s := in.Body, a.session(ctx)
	if !b.PIN && !b.Card {
		return nil, fleet.Invalidf("card.nothing", "say what the school is to be given: a pin, a card or both").In("card")
	}
	school, err := s.Place(ctx, fleet.PlaceCode(in.Code))
	if err != nil {
		return nil, err
	}
	q := registry.Request{ID: in.Key, Digest: digestOf("issue sign-in", []any{school.Code, b})}
	made, err := a.Auth.IssueSchools(ctx, s, q, auth.Order{School: school, PIN: b.PIN, Card: b.Card, Phones: b.Phones})
	if err != nil {
		return nil, err
	}
	given := takhti.SchoolSignIn{Place: string(school.Code), Name: school.Name, EMIS: school.EMIS, PIN: made[0].PIN}
	if b.Card {
		expires := made[0].Card.Expires.UTC()
		given.Card, given.CardExpires = made[0].Card.Path(), &expires
	}
	return &answer[takhti.SchoolSignIn]{given}, nil
}

func (a *api) revokeCard(ctx context.Context, in *OnSchool) (*doneOut, error) {
	receipt, err := a.session(ctx).Apply(ctx, registry.Request{ID: in.Key}, registry.RevokeCard{School: fleet.PlaceCode(in.Code)})
	return &doneOut{replayed(receipt.Repeated)}, err
}
