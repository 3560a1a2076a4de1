// Package demo makes up a country at work: in the real tree of provinces,
// districts and tehsils of Pakistan, invented schools, Chromebooks, shipments and
// eighteen months of what happens to them. [Fill] brings it into a register.
//
// Everything follows from [Options]: the same seed, numbers and day give the
// same country. Devices and events are computed when they are asked for, so five
// million of them need no more memory than their schools.
//
// The package has no door of its own into the register: lists come in as
// workbooks that it writes, all else as changes by accounts that may make them.
// It reads no clock but the one it is given. No person, phone number, firm or
// fault in it is real, and no child has a name.
package demo
