// Package web is the register as pages: server-rendered, one file per page, and
// complete without JavaScript, of which there is none.
//
// A handler takes a [visit], which knows who asks, and returns a reply: a page or
// the address of one. One adapter, in page.go, writes replies and turns errors
// into pages. What a page shows is a struct of its own; every text comes from the
// catalogue in locales, whose keys go by screen.
//
// A form carries a key that makes sending it twice the same as sending it once.
// What was typed is shown again with what is wrong with it, and nothing is saved
// until a page says so and gives a reference.
//
// The package must not read or write but through the visitor's session, and holds
// no rule of its own: what may be done is asked of fleet and registry.
package web
