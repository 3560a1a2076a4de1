package fleet

import (
	"slices"
	"strings"
	"time"
)

// UserID numbers the users.
type UserID uint32

// Role is what a user may do within a scope.
type Role uint8

// The roles.
const (
	Viewer     Role = iota + 1 // reads
	SchoolRole                 // its own school: faults, assignments, receipt, stock-takes
	WorkshopRole
	Officer  // shipments, imports, consignments within a district
	Manager  // the same for a province, and its accounts
	Ministry // reads all, and sets the targets
	Auditor  // reads all, and the journal
	Admin    // runs the register
)

var roles = vocabulary[Role]{
	code: "user.role", field: "role", what: "a role",
	names: []string{"", "viewer", "school", "workshop", "officer", "manager", "ministry", "auditor", "admin"},
}

// Roles are all roles.
func Roles() []Role { return roles.all() }

func (r Role) String() string { return roles.name(r) }

// ParseRole reads a role's name.
func ParseRole(s string) (Role, error) { return roles.parse(s) }

// Grant is a role at a place and everything below it.
type Grant struct {
	Role  Role `cbor:"1,keyasint"`
	Place Path `cbor:"2,keyasint"`
}

// User is an account.
type User struct {
	ID       UserID  `cbor:"1,keyasint"`
	Version  uint32  `cbor:"2,keyasint"`
	Name     string  `cbor:"3,keyasint"` // signs in with it; lower case, unique
	FullName string  `cbor:"4,keyasint,omitempty"`
	Password string  `cbor:"5,keyasint,omitempty"` // argon2id, PHC form; empty: cannot sign in with one
	Grants   []Grant `cbor:"6,keyasint"`
	Disabled bool    `cbor:"7,keyasint,omitempty"`
	Created  int64   `cbor:"8,keyasint"`           // Unix seconds
	School   PlaceID `cbor:"9,keyasint,omitempty"` // whose account it is: it signs in by EMIS code, and its password is a PIN

	Factor   *SecondFactor `cbor:"15,keyasint,omitempty"` // nil: none was set up
	Identity *Identity     `cbor:"23,keyasint,omitempty"` // elsewhere, to sign in with as well; nil: none
}

// Check says what is wrong with the facts of an account.
func (u *User) Check() error {
	return checkTexts("user.text_long", fieldText{"full_name", "the full name", u.FullName, maxText})
}

// Administers says whether the user can run the whole register.
func (u *User) Administers() bool {
	return !u.Disabled && slices.Contains(u.Grants, Grant{Role: Admin})
}

// WithoutSecrets is the account without what proves that somebody is its owner.
func (u User) WithoutSecrets() User {
	u.Password = ""
	if u.Factor != nil {
		u.Factor = u.Factor.withoutSecrets()
	}
	return u
}

// ParseUserName normalises the name a user signs in with: lower case, with Latin
// digits, as EMIS codes are typed on Urdu keyboards too.
func ParseUserName(text string) (string, error) {
	n := strings.ToLower(strings.Map(LatinDigit, strings.TrimSpace(text)))
	if len(n) < 3 || len(n) > 60 || strings.Trim(n, "abcdefghijklmnopqrstuvwxyz0123456789-._@") != "" {
		return "", Invalidf("user.name", "%s is not a user name: use 3 to 60 of a–z, 0–9 and - . _ @", quoted(text)).In("name")
	}
	return n, nil
}

// Token is a secret that stands for a user, or for a program: what a browser
// holds in its cookie after signing in, or what the API is called with. Only the
// secret's SHA-256 is kept.
type Token struct {
	ID      uint64    `cbor:"1,keyasint"`
	Version uint32    `cbor:"2,keyasint"`
	Kind    TokenKind `cbor:"3,keyasint"`
	Hash    []byte    `cbor:"4,keyasint"`
	User    UserID    `cbor:"5,keyasint"`           // who signed in, or who made it
	Name    string    `cbor:"6,keyasint,omitempty"` // what it is for
	Prefix  string    `cbor:"7,keyasint,omitempty"` // its first characters, to recognise it by
	Grants  []Grant   `cbor:"8,keyasint,omitempty"` // of those for programs: what it may do, never more than its user
	Created int64     `cbor:"9,keyasint"`           // Unix seconds, as the next two
	Expires int64     `cbor:"10,keyasint"`
	Revoked int64     `cbor:"11,keyasint,omitempty"`
	Phones  uint8     `cbor:"12,keyasint,omitempty"` // sign-in cards: how many phones may be signed in with it at once
	Card    uint64    `cbor:"13,keyasint,omitempty"` // phones: the card that they were signed in with
	Idle    uint32    `cbor:"16,keyasint,omitempty"` // sessions: seconds without use after which it ends; zero: never
	By      UserID    `cbor:"17,keyasint,omitempty"` // invitations: who invited; zero: the operator
	From    string    `cbor:"18,keyasint,omitempty"` // sessions: the address that it was begun from
	Sealed  []byte    `cbor:"19,keyasint,omitempty"` // half sign-ins: for whoever has the secret, see internal/auth
	Stepped bool      `cbor:"20,keyasint,omitempty"` // sessions: a second step was passed, too
}

// Check says what is wrong with the facts of a token.
func (t *Token) Check() error {
	if t.Kind.ForPrograms() && strings.TrimSpace(t.Name) == "" {
		return Invalidf("token.incomplete", "give the token a name: what it is for").In("name")
	}
	if t.Kind == FeedToken && slices.ContainsFunc(t.Grants, func(g Grant) bool { return g.Role != Viewer }) {
		return Invalidf("token.feed_role", "a feed key only reads counts: its role is viewer").In("role")
	}
	return checkTexts("token.name_long", fieldText{"name", "the token's name", t.Name, maxText})
}

// TokenKind says what a token is for.
type TokenKind uint8

// The kinds of token.
const (
	SessionToken    TokenKind = 1
	APIToken        TokenKind = 2
	CardToken       TokenKind = 3 // a sign-in card: signs phones in as its school
	PhoneToken      TokenKind = 4 // the session of a phone that was signed in with a card
	InvitationToken TokenKind = 5 // its holder may choose the account's password, once
	FeedToken       TokenKind = 6 // a feed key: its address gives counts to spreadsheets, and opens nothing else
	StepToken       TokenKind = 7 // a sign-in by the right password, which awaits its second step
)

// ForPrograms says whether tokens of the kind are made for programs: they have a name
// and grants of their own.
func (k TokenKind) ForPrograms() bool { return k == APIToken || k == FeedToken }

// End is when the token ended, or is to, in Unix seconds.
func (t *Token) End() int64 {
	if t.Revoked != 0 {
		return min(t.Revoked, t.Expires)
	}
	return t.Expires
}

// Live says whether the token can still be used.
func (t *Token) Live(now time.Time) bool { return t.Revoked == 0 && now.Unix() < t.Expires }
