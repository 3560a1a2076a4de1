// Package readproc reads spreadsheets with package sheet in a process of its own,
// so that a file which makes the reader run out of memory, run for ever or crash
// takes that process and nothing else.
//
// A [Program] starts the process, which must end in [Serve]; a [Book] asks it for
// one sheet after the other and gets the rows over a pipe. The process may have so
// much memory and processor time and no more, opens no files, and ends with
// whoever started it. On systems other than Linux less of that can be had; see
// [Limits].
//
// What comes over the pipe is checked like anything that a stranger sent. A pass
// over a sheet ends with the number of rows in it, or with the reader's refusal;
// when it ends in any other way it ends with an [Error], never with fewer rows.
package readproc
