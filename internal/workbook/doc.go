// Package workbook turns spreadsheets into changes of the register, and the
// register into spreadsheets.
//
// In: package sheet reads the rows of an .xlsx, .csv or .tsv file, or says why it
// cannot; the header row is found; columns are recognised by one table of names;
// every cell becomes a typed fact or a [Problem] that names its sheet, row and
// column; the rows become a [Plan]. Out: an export uses the same table, so that
// exporting and importing the same file changes nothing; and a file goes back to its
// sender with its problems marked.
//
// An import is whole or it is refused: a file that is damaged, cut short or read
// only in part is an error, never fewer rows. The package writes nothing but
// through the register's session.
package workbook
