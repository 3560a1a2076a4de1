// Package auth finds out who is asking: by user name and password, by an account
// at a provider of OpenID Connect such as Google, by the secret that a browser holds
// in its cookie after signing in, by an API token, or by the key of a feed.
// The answer is a [registry.Actor], which travels in the request's context.
//
// Secrets are made here and leave once; what is kept is a password's argon2id
// hash and a secret's SHA-256. Accounts and tokens are records of the register
// and change through its door only.
//
// The package must not decide what an actor may do: that is the register's part.
// Nor does it keep anybody out for good: a wrong guess costs the guesser time.
package auth
