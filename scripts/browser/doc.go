// Package browser holds tests that use the pages as people do, in a real Chromium:
//
//	scripts/test browser
//
// It is a module of its own, so that who builds the register needs nothing of it.
package browser
