package workbook

import (
	"context"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/sheet"
)

// Language is that of a template's headers and instructions.
type Language uint8

// The languages.
const (
	English Language = iota + 1
	Urdu
)

// ParseLanguage reads a language's short name; without one it is English.
func ParseLanguage(s string) (Language, error) {
	switch s {
	case "", "en":
		return English, nil
	case "ur":
		return Urdu, nil
	}
	return 0, fleet.Invalidf("template.lang", "%q is not a language of templates: use en or ur", s).In("lang")
}

// in is the text in the language.
func (l Language) in(texts [2]string) string { return texts[l-1] }

// WriteTemplate writes a workbook to fill in and import: a sheet with the names of
// the columns and with lists to choose from, among them the districts that the actor
// sees and the models of the register; and a sheet that says how to fill it in.
func WriteTemplate(ctx context.Context, w io.Writer, s registry.Session, k Kind, l Language) error {
	if !s.MayAnywhere(fleet.RunImports) {
		return fleet.Forbiddenf("forbidden", "your role does not allow imports")
	}
	if len(tables[k].needs) == 0 {
		return fleet.Invalidf("workbook.kind", "%s cannot be imported, so there is no template for them", k).In("kind")
	}
	choices, err := choicesOf(ctx, s, l)
	if err != nil {
		return err
	}
	t := &template{out: sheet.NewWriter(w), kind: k, lang: l, columns: templateColumns(k), choices: choices}
	for _, part := range []func() error{t.list, t.instructions, t.lists, t.out.Close} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// templateColumns are those of a list that can be filled in: the needed ones first.
func templateColumns(k Kind) []column {
	columns := slices.DeleteFunc(slices.Clone(tables[k].columns), func(c column) bool { return slices.Contains(tables[k].left, c.id) })
	sort.SliceStable(columns, func(i, j int) bool { return needRank(k, columns[i].id) < needRank(k, columns[j].id) })
	return columns
}

// needRank is small for what a list must have.
func needRank(k Kind, id columnID) int {
	for _, n := range tables[k].needs {
		if n.any[0] == id {
			return 0
		}
	}
	return 1
}

// name is what the column is called in a language: in Urdu by the first Urdu name
// that an import knows it by.
func (c *column) name(l Language) string {
	if l == Urdu {
		if i := slices.IndexFunc(c.names, isUrdu); i >= 0 {
			return c.names[i]
		}
	}
	return c.header
}

func isUrdu(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.Is(unicode.Arabic, r)
}

// choices are the texts that can be chosen in the cells of a column.
type choices map[columnID][]string

// free are columns in which other texts than those of the list may stand, too.
var free = []columnID{colModel}

// choicesOf are the actor's own places, the models of the register and the words
// that an import knows.
func choicesOf(ctx context.Context, s registry.Session, l Language) (choices, error) {
	g, err := newGazetteer(ctx, s)
	if err != nil {
		return nil, err
	}
	models, err := s.Models(ctx)
	if err != nil {
		return nil, err
	}
	c := choices{
		colProvince:    offeredNames(g.below(nil, fleet.Province), l),
		colDistrict:    offeredNames(g.below(nil, fleet.District), l),
		colKind:        {fleet.School.String(), fleet.Store.String(), fleet.Workshop.String(), fleet.Tehsil.String()},
		colLevel:       levels.named(l, "primary", "middle", "high", "higher_secondary"),
		colGender:      genders.named(l, "boys", "girls", "mixed"),
		colElectricity: answers.named(l, "yes", "no"),
		colInternet:    answers.named(l, "yes", "no"),
		colState:       states.named(l, "active", "closed", "merged"),
		colRole:        roleWords.named(l, "officer", "manager", "viewer", "school", "workshop", "ministry", "auditor"),
		colCondition:   comings.named(l, "received", "damaged", "missing"),
	}
	for _, m := range models {
		c[colModel] = append(c[colModel], m.Name)
	}
	slices.Sort(c[colModel])
	return c, nil
}

// offeredNames are the names of places, and the codes of those that share their name.
func offeredNames(places []*node, l Language) []string {
	count := map[string]int{}
	name := func(n *node) string {
		if l == Urdu && n.NameUrdu != "" {
			return n.NameUrdu
		}
		return n.Name
	}
	for _, n := range places {
		count[name(n)]++
	}
	names := make([]string, 0, len(places))
	for _, n := range places {
		if text := name(n); count[text] == 1 {
			names = append(names, text)
		} else {
			names = append(names, string(n.Code))
		}
	}
	slices.Sort(names)
	return names
}

// named are words for values: in Urdu the first Urdu one, in English as an export
// writes it.
func (w words) named(l Language, values ...string) []string {
	names := make([]string, len(values))
	for i, value := range values {
		names[i] = strings.ToUpper(value[:1]) + strings.ReplaceAll(value[1:], "_", " ")
		if at := slices.IndexFunc(w[value], isUrdu); l == Urdu && at >= 0 {
			names[i] = w[value][at]
		}
	}
	return names
}

// templateRows is how many rows are prepared for being filled in; more may be.
const templateRows = 5000

// template is a workbook to fill in.
type template struct {
	out     *sheet.Writer
	kind    Kind
	lang    Language
	columns []column
	choices choices
	listed  []columnID // the columns with choices, in the order of the sheet of lists
}

// The sheets of a template.
var (
	listName         = [2]string{"List", "فہرست"}
	instructionsName = [2]string{"How to fill it in", "ہدایات"}
)

const listsName = "Lists"

// list makes the sheet that is filled in.
func (t *template) list() error {
	// Excel keeps zeros, long numbers and dates in texts as they are typed.
	text, header := t.out.Style(sheet.Style{Format: "@"}), t.out.Style(headerStyle)
	s := sheet.NewSheet{Name: t.lang.in(listName), Frozen: 1, RightToLeft: t.lang == Urdu}
	names := make([]sheet.Value, len(t.columns))
	for i, c := range t.columns {
		name := c.name(t.lang)
		names[i] = sheet.Value{Kind: sheet.Text, Text: name, Style: header}
		column := sheet.NewColumn{Width: max(c.width, float64(utf8.RuneCountInString(name)+3))}
		if c.isText() {
			column.Style = text
		}
		s.Columns = append(s.Columns, column)
		if len(t.choices[c.id]) > 0 {
			s.Choices = append(s.Choices, t.choice(i+1, c.id))
		}
	}
	if err := t.out.Sheet(s); err != nil {
		return err
	}
	return t.out.Row(1, names)
}

// isText says whether the column's cells are texts. Dates are: as such, Excel does
// not take the day for the month.
func (c *column) isText() bool { return c.form == formText || c.form == formCode || c.form == formDate }

// choice lets the cells of a column be chosen from a list.
func (t *template) choice(column int, id columnID) sheet.Choice {
	t.listed = append(t.listed, id)
	from := "$" + sheet.ColumnName(len(t.listed)) + "$"
	c := sheet.Choice{
		Cells: sheet.CellName(column, 2) + ":" + sheet.CellName(column, templateRows+1),
		From:  listsName + "!" + from + "2:" + from + strconv.Itoa(len(t.choices[id])+1),
	}
	if !slices.Contains(free, id) {
		c.Refusal = t.lang.in(chooseText)
	}
	return c
}

// lists makes the hidden sheet of what can be chosen.
func (t *template) lists() error {
	if err := t.out.Sheet(sheet.NewSheet{Name: listsName, Hidden: true}); err != nil {
		return err
	}
	if err := t.out.Row(1, []sheet.Value{{Kind: sheet.Text, Text: listsTitle}}); err != nil {
		return err
	}
	for i, more := 0, true; more; i++ {
		row := make([]sheet.Value, len(t.listed))
		more = false
		for j, id := range t.listed {
			if all := t.choices[id]; i < len(all) {
				row[j] = sheet.Value{Kind: sheet.Text, Text: all[i]}
				more = more || i+1 < len(all)
			}
		}
		if err := t.out.Row(i+2, row); err != nil {
			return err
		}
	}
	return nil
}
