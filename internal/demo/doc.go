// Package demo makes up a country at work: the real tree of provinces,
// districts and tehsils of Pakistan, and in it invented schools, Chromebooks,
// shipments and eighteen months of what happens to them.
//
// Everything follows from [Options]: the same seed, numbers and day give the
// same country. Devices and events are computed when they are asked for, so five
// million of them need no more memory than their schools.
//
// Nothing here reads a clock, a file or the network. No person, phone number,
// firm or fault in it is real, and no child has a name.
package demo
