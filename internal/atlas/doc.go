// Package atlas has Pakistan's tree of places as data: the country, its eight
// provinces and territories, its districts and its tehsils, under their official
// codes, in English and Urdu, with the spellings that people type. Where each
// fact comes from stands in the data files.
//
// Schools, stores and workshops are not here: they are brought in by those who
// know them.
package atlas
