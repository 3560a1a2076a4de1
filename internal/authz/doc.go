// Package authz holds tests only: the matrix of who may do what where, over every
// route that the program serves.
//
// Two provinces are seeded in which each place has a word of its own in all that is
// about it. Every route is asked by every role, by who has the key of a feed alone, and
// by those who are nobody any more, about a place of their own, above, below, beside
// and far from it, about what was or is in part elsewhere, and about what is not there;
// what is expected is worked out from the words of the contract, apart from the code
// (expect_test.go). No answer may hold the word of a place that the asker has no
// business with. What is elsewhere is answered as what is nowhere, for hardly more
// reads of the store.
//
// That it can fail is shown by scripts/authz-mutants, which takes the checks out of the
// program, and the needs of the routes, one at a time. A new route needs a line in recipes_api_test.go or recipes_web_test.go: without one
// the test fails. The outcome is testdata/authz_matrix.csv, one line for each route,
// asker and position of the reference, and is to be read like code; write it anew with
// go test ./internal/authz -update.
package authz
