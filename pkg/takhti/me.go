package takhti

import "context"

// Me is whom the token stands for.
type Me struct {
	Name   string    `json:"name" example:"lahore.officer"`
	Grants []Grant   `json:"grants" nullable:"false" doc:"What it may do, and where"`
	Home   *PlaceRef `json:"home,omitempty" doc:"The highest place it has a role at; what lists and counts are of when no place is given"`
}

// Grant is a role at a place and everything below it.
type Grant struct {
	Role  Role   `json:"role"`
	Place string `json:"place" doc:"The place's code; empty: everywhere" example:"PK601"`
}

// Me tells whom the client's token stands for.
func (c *Client) Me(ctx context.Context) (Me, error) { return get[Me](ctx, c, "/me", nil) }
