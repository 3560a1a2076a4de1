package auth

import (
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Witness journals what somebody did, or tried, that changed no record: see
// [registry.Session.Witness]. Whoever is not known is an actor without a user,
// with the name that they gave.
func (s *Service) Witness(a registry.Actor, act registry.Act) { s.reg.As(a).Witness(act) }

// SignInFailed journals that somebody at the address could not be let in under the
// name, by what they signed in with. What cannot be a name may be a password that
// was typed in the wrong field, and six digits a PIN: they are left out.
func (s *Service) SignInFailed(name, from, with string) {
	name, err := fleet.ParseUserName(name)
	if err != nil || len(name) == 6 && strings.Trim(name, "0123456789") == "" {
		name = ""
	}
	s.Witness(registry.Actor{Name: name, Via: viaWeb, Address: addressOf(from)}, registry.Act{Kind: registry.SignInFailed, Note: with})
}

// TokenUsed journals that the actor came with an API token.
func (s *Service) TokenUsed(a registry.Actor) {
	s.Witness(a, registry.Act{Kind: registry.TokenUsed, Subject: a.Token})
}

// TokenRefused journals that a request came with a token, or the like, that is not to
// be trusted.
func (s *Service) TokenRefused(r *http.Request, request, with string) {
	s.Witness(registry.Actor{Via: viaAPI, Address: Address(r)}, registry.Act{Kind: registry.SignInFailed, Note: with, Request: request})
}

// Denied journals that a request, by whoever its context has, was answered with
// the status.
func (s *Service) Denied(r *http.Request, route, request string, status int) {
	a, known := ActorOf(r.Context())
	if !known {
		a = registry.Actor{Via: viaWeb, Address: Address(r)}
	}
	s.Witness(a, registry.Act{Kind: registry.Denied, Subject: r.Method + " " + route, Note: strconv.Itoa(status), Request: request})
}

// Address is the network address that a request came from, in the form in which
// the journal has it: without port and zone, and without the form that an IPv4
// address has on an IPv6 socket. It is empty for what is no address.
func Address(r *http.Request) string { return addressOf(r.RemoteAddr) }

// Network is the network that a request came from, see [fleet.NetworkOf].
func Network(r *http.Request) netip.Prefix { return fleet.NetworkOf(r.RemoteAddr) }

// addressOf is the address in a text that may have a port.
func addressOf(from string) string {
	if addr := fleet.Address(from); addr.IsValid() {
		return addr.String()
	}
	return ""
}
