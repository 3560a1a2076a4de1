package auth

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// Google is who is asked when no other issuer is named.
const Google = "https://accounts.google.com"

// OpenID says where people may sign in instead of here: at Google, or at another
// provider of OpenID Connect.
type OpenID struct {
	Issuer string // empty: [Google]
	Name   string // what pages call it; empty: Google
	// ClientID and Secret are what the provider knows this register by.
	ClientID string
	Secret   ClientSecret
	// Domains are the organisations whose accounts are taken, as the provider's claim
	// hd names them. Google's need at least one; empty, another's are all taken.
	Domains []string
	// Callback is the address here to which the provider sends people back.
	Callback string
	// TwoSteps says that the provider lets nobody of these organisations in by a
	// password alone, so that no second step is due here.
	TwoSteps bool
	// Transport carries requests to the provider; nil: the system's.
	Transport http.RoundTripper
}

// ClientSecret is not shown when it is printed or logged.
type ClientSecret string

func (ClientSecret) String() string { return "(secret)" }

// GoString implements [fmt.GoStringer].
func (ClientSecret) GoString() string { return "(secret)" }

// Check says what is wrong with the settings.
func (o *OpenID) Check() error {
	switch {
	case o.ClientID == "" || o.Secret == "":
		return fmt.Errorf("signing in elsewhere needs a client ID and the client's secret: give both")
	case !trustworthy(o.issuer()):
		return fmt.Errorf("the issuer %q is not an address that begins with https://", o.issuer())
	case !trustworthy(o.Callback):
		return fmt.Errorf("signing in elsewhere needs the public URL of this server, which begins with https://")
	case o.issuer() == Google && len(o.Domains) == 0:
		return fmt.Errorf("say of which domains Google accounts are taken, such as school.edu.pk: otherwise anybody's would be")
	case slices.Contains(o.Domains, ""):
		return fmt.Errorf("an allowed domain is empty")
	}
	return nil
}

func (o *OpenID) issuer() string {
	if o.Issuer == "" {
		return Google
	}
	return o.Issuer
}

func (o *OpenID) name() string {
	if o.Name == "" {
		return "Google"
	}
	return o.Name
}

// takes says whether accounts of the organisation are taken.
func (o *OpenID) takes(domain string) bool {
	return len(o.Domains) == 0 || domain != "" && slices.ContainsFunc(o.Domains, func(d string) bool { return strings.EqualFold(d, domain) })
}

// trustworthy says whether nobody between here and the address can read along.
func trustworthy(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	local := u.Hostname() == "localhost" || u.Hostname() == "127.0.0.1" || u.Hostname() == "::1"
	return u.Scheme == "https" || u.Scheme == "http" && local
}

// The answers to those who could not be signed in by their account elsewhere.
var (
	errAgain     = &fleet.Error{Kind: fleet.Unauthenticated, Code: "openid.again", Message: "this was begun in another browser or too long ago, or was done already: begin again"}
	errCancelled = &fleet.Error{Kind: fleet.Unauthenticated, Code: "openid.cancelled", Message: "you did not sign in there: begin again, or sign in with your password"}
	errRefused   = &fleet.Error{Kind: fleet.Unauthenticated, Code: "openid.refused", Message: "what came back cannot be trusted: begin again, and tell your administrator if it happens once more"}
	errDown      = &fleet.Error{Kind: fleet.Unavailable, Code: "openid.down", Message: "signing in elsewhere does not work at the moment: sign in with your password, or try again in a few minutes"}
	errDomain    = &fleet.Error{Kind: fleet.Forbidden, Code: "openid.domain", Message: "this is not an account of an organisation that is let in: choose the one that you have from your school or office"}
	errEmail     = &fleet.Error{Kind: fleet.Forbidden, Code: "openid.email", Message: "the e-mail address of this account was never confirmed: confirm it there first"}
	errSteps     = &fleet.Error{Kind: fleet.Forbidden, Code: "openid.steps", Message: "your account here needs a second step, of which this sign-in says nothing: sign in with your password and the code"}
	errDisabled  = &fleet.Error{Kind: fleet.Forbidden, Code: "openid.disabled", Message: "your account here is disabled: ask whoever administers it"}
)
