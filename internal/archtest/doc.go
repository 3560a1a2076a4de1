// Package archtest holds the shape of the project as tests: which package may
// import which (house_test.go), and the budgets and habits of the code
// (habits_test.go). The tables in these files are the documentation; to change
// the shape, change the table and say why in the commit.
//
// It reads source files only and imports nothing of ours. Modules of their own
// inside the tree, such as the benches, are held to the rules on words alone.
package archtest
