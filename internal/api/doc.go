// Package api serves the JSON API under /api/v1, its OpenAPI document at
// /openapi.json and a page about it at /docs, and counts for spreadsheets at /feeds.
//
// An operation is a plain function from a typed request to a typed answer; the
// types of both are those of the Go client, pkg/takhti, and there is one file for
// each noun. Every operation is registered with the action that it needs, so that
// nobody without a role for that gets as far as its handler. What the actor sees
// and may do where is decided by the register alone, through [registry.Session].
//
// Errors are converted in one place, errors.go, into problem documents. The
// package must not read the register but through a session, nor tell a client
// the text of an error that is not in the vocabulary of [fleet.Error].
package api
