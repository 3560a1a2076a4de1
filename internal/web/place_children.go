package web

import (
	"bytes"
	"encoding/csv"
	"sort"
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// children are the places directly below one, with their numbers by status.
type children struct {
	place  fleet.Place
	asOf   fleet.Date
	now    bool
	sorted string
	rows   []childRow
	total  childRow // of all rows
	most   int64    // the largest total of a row
	shown  []fleet.Status
	from   int  // where the page begins
	aimed  bool // some of the places have targets
}

// childRow is one of the places; the place itself stands for what is directly at it.
type childRow struct {
	place    fleet.Place
	itself   bool
	byStatus registry.StatusCounts
	target   fleet.Target // the one that is due next, or was last; zero: none
}

// The orders in which the places can be shown.
const (
	sortedByDevices = "devices"
	sortedByName    = "name"
)

func (v *visit) children(place fleet.Place, asOf fleet.Date, sorted string) (children, error) {
	c := children{place: place, asOf: asOf, now: asOf == fleet.DateOf(v.now), sorted: sorted}
	below, err := v.session.Children(v.ctx, place.Path)
	if err != nil || len(below) == 0 {
		return c, err
	}
	counts, err := v.session.Counts(v.ctx, registry.CountQuery{
		Place: place.Code, AsOf: asOf, By: []registry.Dimension{registry.ByPlace, registry.ByStatus},
	})
	if err != nil {
		return c, err
	}
	c.fill(below, counts)
	c.sort()
	return c, v.aim(&c)
}

// aim finds the targets of the places.
func (v *visit) aim(c *children) error {
	paths := make([]fleet.Path, 0, len(c.rows))
	for i := range c.rows {
		paths = append(paths, c.rows[i].place.Path)
	}
	targets, err := v.session.TargetsOf(v.ctx, paths...)
	for i := range c.rows {
		if row := &c.rows[i]; !row.itself {
			row.target = dueAt(targets[row.place.Path], c.asOf)
			c.aimed = c.aimed || row.target.ID != 0
		}
	}
	return err
}

// dueAt is the first of the targets that is not due before the day, or else the last.
func dueAt(targets []fleet.Target, day fleet.Date) (due fleet.Target) {
	for _, due = range targets {
		if due.By >= day {
			break
		}
	}
	return due
}

// missing is how many devices the place lacks of its target.
func (row childRow) missing() int64 {
	var delivered int64
	for _, s := range fleet.Statuses() {
		if s.Delivered() {
			delivered += row.byStatus[s]
		}
	}
	return row.target.Missing(delivered)
}

func (c *children) fill(below []fleet.Place, counts *registry.Counts) {
	at := map[fleet.Path]registry.StatusCounts{}
	for _, row := range counts.Rows {
		n := at[row.Place.Path]
		n[row.Status] += row.Count
		at[row.Place.Path] = n
		c.total.byStatus[row.Status] += row.Count
	}
	for _, p := range below {
		c.rows = append(c.rows, childRow{place: p, byStatus: at[p.Path]})
	}
	if own := at[c.place.Path]; own.Total() > 0 {
		c.rows = append(c.rows, childRow{place: c.place, itself: true, byStatus: own})
	}
	for _, row := range c.rows {
		c.most = max(c.most, row.byStatus.Total())
	}
	for _, s := range fleet.Statuses() {
		if c.total.byStatus[s] != 0 {
			c.shown = append(c.shown, s)
		}
	}
}

func (c *children) sort() {
	sort.SliceStable(c.rows, func(i, j int) bool {
		a, b := &c.rows[i], &c.rows[j]
		if more := a.byStatus.Total() - b.byStatus.Total(); more != 0 && c.sorted != sortedByName {
			return more > 0
		}
		return a.place.Name < b.place.Name
	})
}

// childrenPage is how many places one page shows.
const childrenPage = 200

// page are the rows that the page shows.
func (c children) page() []childRow {
	from := min(c.from, len(c.rows))
	return c.rows[from:min(from+childrenPage, len(c.rows))]
}

// more says whether there are rows after those of the page.
func (c children) more() bool { return c.from+childrenPage < len(c.rows) }

// address is that of the same table, sorted or begun otherwise.
func (c children) address(sorted string, from int) string {
	asOf, start := "", ""
	if !c.now {
		asOf = c.asOf.String()
	}
	if from > 0 {
		start = strconv.Itoa(from)
	}
	if sorted == sortedByDevices {
		sorted = ""
	}
	return address(placeAddress(c.place.Code), "as_of", asOf, "sort", sorted, "from", start)
}

// devices is the address of the devices behind a number; what is directly at a
// place cannot be listed apart from what lies below it.
func (c children) devices(row childRow, s fleet.Status) string {
	if row.itself {
		return ""
	}
	return devicesBehind(c.now, row.place.Code, s)
}

// shares are the parts of a row's bar.
func (row childRow) shares() []share {
	var all []share
	for _, s := range fleet.Statuses() {
		all = append(all, share{name: s.String(), count: row.byStatus[s]})
	}
	return all
}

// table is the whole list as a file that other programs read.
func (c children) table() (download, error) {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	head := []string{"as_of", "code", "place", "kind"}
	for _, s := range fleet.Statuses() {
		head = append(head, s.String())
	}
	_ = w.Write(append(head, "total")) // a buffer takes everything
	for _, row := range c.rows {
		line := []string{c.asOf.String(), inert(string(row.place.Code)), inert(row.place.Name), row.place.Kind.String()}
		for _, s := range fleet.Statuses() {
			line = append(line, strconv.FormatInt(row.byStatus[s], 10))
		}
		_ = w.Write(append(line, strconv.FormatInt(row.byStatus.Total(), 10)))
	}
	w.Flush()
	return download{name: "takhti-counts.csv", kind: "text/csv; charset=utf-8", data: out.Bytes()}, w.Error()
}

// inert keeps a spreadsheet from taking a text for a formula.
func inert(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}

// of is the address of a place below, on the same day.
func (c children) of(p fleet.Place) string {
	if c.now {
		return placeAddress(p.Code)
	}
	return address(placeAddress(p.Code), "as_of", c.asOf.String())
}

// ariaSort is the attribute of a column's heading.
func ariaSort(by bool, direction string) string {
	if by {
		return direction
	}
	return "none"
}
