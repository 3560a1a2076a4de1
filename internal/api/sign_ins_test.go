package api_test

import (
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

func TestSchoolsAreGivenWhatTheySignInWith(t *testing.T) {
	w := newWorld(t)
	officer, ctx := w.as("lahore.officer"), t.Context()
	const school = "PK6-35200001"
	given := must(officer.IssueSignIn(ctx, school, takhti.SignInOrder{PIN: true, Card: true}))(t)
	if given.Place != school || given.EMIS != "35200001" || len(given.PIN) != 6 || !strings.HasPrefix(given.Card, "/C/") || given.CardExpires == nil {
		t.Fatalf("%+v", given)
	}
	if only := must(officer.IssueSignIn(ctx, school, takhti.SignInOrder{PIN: true}))(t); only.PIN == "" || only.Card != "" {
		t.Errorf("%+v", only)
	}
	if err := officer.RevokeCard(ctx, school); err != nil {
		t.Error(err)
	}
	_, err := officer.IssueSignIn(ctx, school, takhti.SignInOrder{})
	wantCode(t, err, "card.nothing")
	_, err = officer.IssueSignIn(ctx, "PK6-35100001", takhti.SignInOrder{PIN: true})
	wantCode(t, err, "place.not_found")
	wantCode(t, officer.RevokeCard(ctx, "PK6-35100001"), "place.not_found")
}
