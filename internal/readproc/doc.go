// Package readproc reads and marks spreadsheets with package sheet in a process of
// its own, so that a file which makes that run out of memory, run for ever or crash
// takes that process and nothing else.
//
// A [Program] starts the process, which must end in [Serve]; a [Book] asks it for
// one sheet after the other, or for a copy with marks, and gets the rows or the copy
// over a pipe. The process may have so much memory and processor time and no more,
// opens no files, writes nothing but that pipe, and ends with whoever started it. On systems other than Linux less of that can be had; see
// [Limits].
//
// What comes over the pipe is checked like anything that a stranger sent. A pass
// over a sheet ends with the number of rows in it, a copy with that of its bytes, or
// both with the reader's refusal; what ends in any other way ends with an [Error],
// never with fewer rows or a shorter copy.
package readproc
