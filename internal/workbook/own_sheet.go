package workbook

import (
	"context"
	"slices"
)

// remarksHeading is what the column is called in which a copy of a file says what
// is wrong with each row. An import passes it over.
const remarksHeading = "Problem (Takhti)"

var remarksKey = key(remarksHeading)

// isRemarks says whether a column is one of remarks, by its name.
func isRemarks(header string) bool { return key(header) == remarksKey }

// problemsTitle is the first text of the sheet that counts the problems.
const problemsTitle = "Problems found by Takhti"

// ownTitles are the first texts of sheets that we write beside a list: no list is
// looked for in them when the workbook comes back.
var ownTitles = []string{problemsTitle, instructionsTitle[0], instructionsTitle[1], listsTitle}

// isOwn says whether a sheet is one that we wrote beside a list, which its first
// cell tells.
func (t tab) isOwn(ctx context.Context) (bool, error) {
	for r, err := range t.rows(ctx) {
		return err == nil && r.number == 1 && slices.Contains(ownTitles, r.cell(0)), err
	}
	return false, nil
}
