// Package registry is the register: the one door through which data changes,
// and the scoped queries through which it is read.
//
// All that alters data is a [Change] given to [Session.Apply]. One writer takes
// the changes that wait, runs each on a savepoint of one transaction, drops
// those that fail, and commits the rest with one sync; a caller learns of its
// change only after that. A change writes records and journal entries; indexes
// and counters follow from the records inside internal/table.
//
// Reading goes through [Register.As]: an actor sees the places it has a role at,
// and what is outside does not exist for it. The one exception is [Gate], which
// finds out who is asking.
//
// The package owns every key: the tables of schema.go, the journal (journal,
// journal.by_subject, journal.tail), receipts (receipt) and the register's own
// facts (meta). `takhti schema` draws them.
package registry
