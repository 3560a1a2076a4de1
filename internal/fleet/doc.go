// Package fleet holds the nouns of the register and their rules: places,
// devices, shipments, assignments, faults, users and the errors they give.
//
// Everything here is a pure value: a rule takes what is, and returns what will
// be or an [Error]. The package reads no clock, writes nothing and imports
// nothing of ours, so every rule can be read, and tested, as a table.
package fleet
