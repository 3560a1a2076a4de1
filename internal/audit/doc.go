// Package audit makes the register's journal provable to people who do not trust
// whoever runs the register: it signs checkpoints of the journal's tree, keeps them
// beside the database and sends them elsewhere, and checks the journal and single
// entries against checkpoints.
//
// A checkpoint is a signed note (C2SP tlog-checkpoint): the log's name, the number of
// entries, the root hash, and an Ed25519 signature. The package owns two files beside
// the database: the private key, which it makes at first use, and the checkpoints, to
// which it only ever appends. It reads the journal, and never writes to it.
package audit
