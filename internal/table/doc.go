// Package table keeps typed records with the indexes and counters declared for
// them, over a [kv.Store]. A [Table] is a value: it says how a record becomes
// bytes and which entries and counts follow from it. [Table.Put] and
// [Table.Delete] are the only writers; they apply the difference between the old
// and the new record, so whatever is derived always agrees with the records.
//
// A table named "device" owns the keys whose first part is
//
//	device                  ID → record
//	device.by_serial        parts → ID, in a unique index
//	device.by_place         parts, ID → nothing, in a plain one
//	device.status_at        scope, dims → counter: how many records count there now
//	device.status_at.daily  scope, day, dims → counter: by how much that day changed it
//	seq                     "device" → counter: the last ID given out
//
// A count as of a past day is today's counter minus the ledger's days since.
//
// The package knows nothing of devices, people or permissions, and keeps no
// journal: who calls Put writes down what it returns.
package table
