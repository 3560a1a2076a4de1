package takhti

import (
	"context"
	"strconv"
	"time"
)

// User is an account.
type User struct {
	Name     string    `json:"name" example:"lahore.officer"`
	FullName string    `json:"full_name,omitempty"`
	Grants   []Grant   `json:"grants" nullable:"false"`
	Disabled bool      `json:"disabled"`
	Created  time.Time `json:"created"`
}

// NewUser describes an account that is to be made.
type NewUser struct {
	Name     string  `json:"name" example:"lahore.officer"`
	FullName string  `json:"full_name,omitempty" maxLength:"100"`
	Password string  `json:"password,omitempty" doc:"At least 10 characters; without one the user cannot sign in" example:"slate and chalk 1947"`
	Grants   []Grant `json:"grants" nullable:"false" minItems:"1" maxItems:"50"`
}

// NewRoles are given to a user in the place of those it has.
type NewRoles struct {
	Grants []Grant `json:"grants" nullable:"false" minItems:"1" maxItems:"50"`
}

// NewPassword is given to a user.
type NewPassword struct {
	Password string `json:"password" doc:"At least 10 characters" example:"slate and chalk 1947"`
}

// PasswordChange is a change of one's own password.
type PasswordChange struct {
	Current string `json:"current" doc:"The present one" example:"slate and chalk 1947"`
	Next    string `json:"next" doc:"At least 10 characters" example:"mango tree by the canal"`
}

// Token is an API token or a feed key, without its secret.
type Token struct {
	ID       uint64     `json:"id"`
	Feed     bool       `json:"feed,omitempty" doc:"It is a feed key"`
	Name     string     `json:"name" doc:"What it is for" example:"Power BI"`
	User     string     `json:"user" doc:"Whom it acts for"`
	Prefix   string     `json:"prefix" doc:"The secret's first characters, to recognise it by"`
	Grants   []Grant    `json:"grants" nullable:"false"`
	Created  time.Time  `json:"created"`
	Expires  time.Time  `json:"expires"`
	Revoked  *time.Time `json:"revoked,omitempty"`
	LastUsed *time.Time `json:"last_used,omitempty" doc:"To the minute; absent: never"`
}

// NewToken describes an API token or a feed key that is to be made.
type NewToken struct {
	Feed  bool   `json:"feed,omitempty" doc:"Make a feed key: the address that it is a part of gives counts to a spreadsheet, as CSV, and opens nothing else. Its role is viewer"`
	Name  string `json:"name" maxLength:"100" doc:"What it is for" example:"Power BI"`
	User  string `json:"user,omitempty" doc:"Whom it acts for; yourself when left out"`
	Role  Role   `json:"role"`
	Place string `json:"place,omitempty" doc:"The code of the place; empty: everywhere" example:"PK6"`
	Days  int    `json:"days,omitempty" minimum:"1" maximum:"366" doc:"How long it lives; when left out 365, or as long as the token that it is made with"`
}

// TokenSecret is a new token. The secret is told once and never again.
type TokenSecret struct {
	Secret  string    `json:"secret"`
	Expires time.Time `json:"expires"`
	Feed    string    `json:"feed,omitempty" doc:"Of a feed key: the address of the feed, on whatever host the server has" example:"/feeds/feed_…/counts.csv"`
}

// Users reads the accounts that the token's user administers.
func (c *Client) Users(ctx context.Context) ([]User, error) {
	page, err := get[Page[User]](ctx, c, "/users", nil)
	return page.Items, err
}

// AddUser makes an account.
func (c *Client) AddUser(ctx context.Context, u NewUser) (User, error) {
	return post[User](ctx, c, "/users", u)
}

// EnableUser lets a user in again.
func (c *Client) EnableUser(ctx context.Context, name string) (User, error) {
	return post[User](ctx, c, at("users", name, "enable"), nil)
}

// DisableUser keeps a user out and ends its sessions and tokens.
func (c *Client) DisableUser(ctx context.Context, name string) (User, error) {
	return post[User](ctx, c, at("users", name, "disable"), nil)
}

// SetRoles replaces a user's roles, and ends its sessions and the API tokens that
// may do more than the new ones.
func (c *Client) SetRoles(ctx context.Context, name string, grants ...Grant) (User, error) {
	return post[User](ctx, c, at("users", name, "roles"), NewRoles{grants})
}

// SetPassword gives a user whom the token's user administers a new password, and
// ends the user's sessions. One's own is changed with [Client.ChangePassword].
func (c *Client) SetPassword(ctx context.Context, name, password string) error {
	return c.tell(ctx, at("users", name, "password"), NewPassword{password})
}

// ChangePassword replaces the password of the token's own user, and ends the
// user's sessions.
func (c *Client) ChangePassword(ctx context.Context, current, next string) error {
	return c.tell(ctx, "/me/password", PasswordChange{current, next})
}

// Tokens reads the API tokens and feed keys of the token's user and of those it
// administers.
func (c *Client) Tokens(ctx context.Context) ([]Token, error) {
	page, err := get[Page[Token]](ctx, c, "/tokens", nil)
	return page.Items, err
}

// AddToken makes an API token or a feed key. Its secret is told once: when the answer got lost
// on the way, the error has the code token.made and names the token, which is to be
// revoked.
func (c *Client) AddToken(ctx context.Context, t NewToken) (TokenSecret, error) {
	return post[TokenSecret](ctx, c, "/tokens", t)
}

// RevokeToken ends an API token or a feed key.
func (c *Client) RevokeToken(ctx context.Context, id uint64) error {
	return c.tell(ctx, at("tokens", strconv.FormatUint(id, 10), "revoke"), nil)
}
