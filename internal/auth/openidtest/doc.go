// Package openidtest is a provider of OpenID Connect for tests: a server on this
// machine with discovery, published keys, an address to sign in at that asks for no
// password, and one that gives an ID token for a code. It checks what a provider has
// to check: the client and its secret, the address that people are sent back to, the
// proof that belongs to a code (PKCE), and that a code is used once and in time.
//
// A test can have it say what is not so, see [Provider]: sign with keys that it
// does not publish, or not at all, and be out of reach. It must not be linked into
// the program.
package openidtest
