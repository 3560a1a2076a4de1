package takhti

import "context"

// Reading is how a workbook is to be read where its sender chooses otherwise than
// the server would, and what they decide about its problems. The zero Reading leaves
// everything to the server.
type Reading struct {
	Sheets    []SheetReading `json:"sheets,omitempty" nullable:"false" doc:"Of the sheets about which something is chosen"`
	Decisions []Decision     `json:"decisions,omitempty" nullable:"false"`
}

// NoHeader as the header of a sheet says that its list begins with the first row.
const NoHeader = -1

// SheetReading is what is chosen for one sheet.
type SheetReading struct {
	Name    string          `json:"name" doc:"Empty: of all sheets of which nothing else is said" example:"Packing list"`
	Skip    bool            `json:"skip,omitempty" doc:"The sheet is not read"`
	Header  int             `json:"header,omitempty" doc:"The last row that names the columns; 0: the one that is found; -1: there is none"`
	Columns []ColumnReading `json:"columns,omitempty" nullable:"false" doc:"Those whose meaning is chosen"`
}

// ColumnReading is what a column is said to hold.
type ColumnReading struct {
	Column int    `json:"column" doc:"From one" example:"2"`
	Means  string `json:"means" doc:"One of the facts of the outline; empty: it is not imported" example:"serial_number"`
}

// Decision settles all problems of one cause.
type Decision struct {
	Cause string `json:"cause" doc:"Of a group of problems" example:"district.unknown|district|lahor"`
	Do    string `json:"do" doc:"One of the group's choices" example:"use"`
	Value string `json:"value,omitempty" doc:"What to read instead, for use" example:"Lahore"`
}

// Group is the problems of one cause, which one decision settles.
type Group struct {
	Cause    string    `json:"cause" example:"district.unknown|district|lahor"`
	Code     string    `json:"code" example:"district.unknown"`
	Fact     string    `json:"fact,omitempty" doc:"What the column holds; empty when whole rows are meant" example:"district"`
	Value    string    `json:"value,omitempty" doc:"What all the cells hold, where it is the same" example:"Lahor"`
	Message  string    `json:"message" doc:"Of the first of the problems"`
	Cell     string    `json:"cell" doc:"Of the first of the problems" example:"Sheet1!B17"`
	Rows     int       `json:"rows" doc:"How many rows it is about"`
	Choices  []string  `json:"choices" nullable:"false" doc:"What can be decided, the likeliest first"`
	Offers   []string  `json:"offers,omitempty" nullable:"false" doc:"What may be meant instead, the likeliest first"`
	Decision *Decision `json:"decision,omitempty" doc:"What was decided"`

	Suggestion string `json:"suggestion,omitempty" doc:"The first of the offers, where it is likely to be meant" example:"Lahore"`
}

// Outline is how a workbook is understood.
type Outline struct {
	Sheets []SheetOutline `json:"sheets" nullable:"false"`
	Facts  []Fact         `json:"facts" nullable:"false" doc:"What the columns of such a list can hold"`
}

// Fact is something that a column of a list can hold.
type Fact struct {
	Name   string `json:"name" example:"serial_number"`
	Header string `json:"header" doc:"What an export calls the column" example:"Serial Number"`
	Needed bool   `json:"needed" doc:"A list must have it, or another of those that are needed"`
}

// SheetOutline is how one sheet is understood.
type SheetOutline struct {
	Name    string          `json:"name"`
	Hidden  bool            `json:"hidden" doc:"Hidden sheets are never read"`
	Read    bool            `json:"read" doc:"Its rows are taken for the list"`
	Header  int             `json:"header" doc:"The last row that names the columns; 0: none does"`
	Origin  string          `json:"origin,omitempty" doc:"found, remembered or chosen"`
	Missing []string        `json:"missing,omitempty" nullable:"false" doc:"What the list needs and no column holds"`
	Unclear string          `json:"unclear,omitempty" doc:"Why the columns cannot be told apart"`
	Columns []ColumnOutline `json:"columns" nullable:"false"`
}

// ColumnOutline is how one column is understood.
type ColumnOutline struct {
	Column  int      `json:"column" doc:"From one"`
	Header  string   `json:"header" doc:"What the file calls it"`
	Means   string   `json:"means,omitempty" doc:"The fact that it holds; empty: it is not imported"`
	Sure    string   `json:"sure,omitempty" doc:"chosen, remembered, sure, likely or unsure"`
	Guess   string   `json:"guess,omitempty" doc:"The needed fact that its cells look like, where no column has it"`
	Samples []string `json:"samples,omitempty" nullable:"false" doc:"The first of its cells"`
}

// ImportOutline says how the workbook of an import is understood.
func (c *Client) ImportOutline(ctx context.Context, id string) (Outline, error) {
	return get[Outline](ctx, c, at("imports", id, "outline"), nil)
}

// ReadImport says how the workbook of an import that was not carried out is to be
// read from now on, and returns its plan.
func (c *Client) ReadImport(ctx context.Context, id string, r Reading) (Import, error) {
	return post[Import](ctx, c, at("imports", id, "reading"), r)
}
