package takhti

import (
	"context"
	"time"
)

// SignInOrder says what a school is to sign in with from now on.
type SignInOrder struct {
	PIN    bool  `json:"pin,omitempty" doc:"A new PIN, beside the EMIS code; the one before ends"`
	Card   bool  `json:"card,omitempty" doc:"A new card that signs phones in; the one before ends, and its phones are signed out"`
	Phones uint8 `json:"phones,omitempty" maximum:"20" doc:"How many phones the card may sign in at once; 3 when left out"`
}

// SchoolSignIn is what a school signs in with. It is told once and never again.
type SchoolSignIn struct {
	Place       string     `json:"place" example:"PK6-37330250"`
	Name        string     `json:"name"`
	EMIS        string     `json:"emis" example:"37330250"`
	PIN         string     `json:"pin,omitempty" example:"482915"`
	Card        string     `json:"card,omitempty" doc:"The address that the card's QR code is to hold, after https:// and the host; all of it in capitals" example:"/C/4QJXNV…"`
	CardExpires *time.Time `json:"card_expires,omitempty"`
}

// IssueSignIn gives a school a new PIN, a new sign-in card or both, and an account
// if it has none.
func (c *Client) IssueSignIn(ctx context.Context, school string, order SignInOrder) (SchoolSignIn, error) {
	return post[SchoolSignIn](ctx, c, at("places", school, "sign-in"), order)
}

// RevokeCard ends a school's sign-in card, and the phones that it signed in.
func (c *Client) RevokeCard(ctx context.Context, school string) error {
	return c.tell(ctx, at("places", school, "sign-in", "revoke"), nil)
}
