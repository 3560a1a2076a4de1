package registry

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// Dimension is what counts are broken down by.
type Dimension uint8

// The dimensions.
const (
	ByStatus Dimension = iota + 1
	ByCondition
	ByModel
	ByShipment
	ByPlace // the places directly below the one asked for
)

var dimensionNames = [...]string{"", "status", "condition", "model", "shipment", "place"}

// String is the dimension's name in the API and in files.
func (d Dimension) String() string { return dimensionNames[d] }

// ParseDimensions reads names such as "place,status".
func ParseDimensions(text string) ([]Dimension, error) {
	var dims []Dimension
	for name := range strings.SplitSeq(text, ",") {
		i := slices.Index(dimensionNames[1:], strings.TrimSpace(name))
		if i < 0 {
			return nil, fleet.Invalidf("counts.by", "%q is not something to count by: use %s", name, strings.Join(dimensionNames[1:], ", ")).In("by")
		}
		dims = append(dims, Dimension(i+1))
	}
	return dims, nil
}

// CountQuery says what is to be counted.
type CountQuery struct {
	Place fleet.PlaceCode
	By    []Dimension // empty: by status
	AsOf  fleet.Date  // the end of that day; zero: now
}

// CountRow is one number, with the values of the dimensions asked for.
type CountRow struct {
	Place     *fleet.Place // devices below it; the place asked for itself: those directly at it
	Status    fleet.Status
	Condition fleet.Condition
	Model     string
	Shipment  string
	Count     int64
}

// Counts is the answer to a CountQuery. It is shared and must not be changed.
type Counts struct {
	Place fleet.Place
	AsOf  fleet.Date
	By    []Dimension
	Rows  []CountRow
	Total int64

	Delivered int64          // those that count towards the targets
	Targets   []fleet.Target // of the place as they are now, the earliest first

	ETag string // changes whenever any of the numbers does
}

// Has says whether the counts are broken down by d.
func (c *Counts) Has(d Dimension) bool { return slices.Contains(c.By, d) }

// Counts counts devices from the counters, never from the devices. Answers are
// kept until a commit changes a counter of the place.
func (s Session) Counts(ctx context.Context, q CountQuery) (*Counts, error) {
	today := fleet.DateOf(s.reg.now())
	if q.AsOf == 0 {
		q.AsOf = today
	}
	if q.AsOf > today {
		return nil, fleet.Invalidf("counts.future", "%s has not come yet", q.AsOf).In("as_of")
	}
	if len(q.By) == 0 {
		q.By = []Dimension{ByStatus}
	}
	if slices.Contains(q.By, ByShipment) && (slices.Contains(q.By, ByModel) || slices.Contains(q.By, ByCondition)) {
		return nil, fleet.Invalidf("counts.by_together", "shipments can be counted by place and status, not by model or condition").In("by")
	}
	place, err := s.Place(ctx, q.Place)
	if err != nil {
		return nil, err
	}
	key := fmt.Sprintf("%x %v %d", place.Path, q.By, q.AsOf)
	if kept, ok := s.reg.counts.get(key); ok {
		return kept, nil
	}
	mark := s.reg.counts.mark()
	var counts *Counts
	err = s.reg.viewNamed(ctx, func(r kv.Reader, n names) error {
		counts, err = countAt(r, n, place, q, today)
		return err
	})
	if err == nil {
		s.reg.counts.put(key, place.Path, counts, mark)
	}
	return counts, err
}

// combination is one set of values of the counted dimensions, as numbers.
type combination struct {
	place     fleet.Path
	status    fleet.Status
	condition fleet.Condition
	model     fleet.ModelID
	shipment  fleet.ShipmentID
}

func countAt(r kv.Reader, n names, place fleet.Place, q CountQuery, today fleet.Date) (*Counts, error) {
	count := newCounting(r, n, q, today)
	if err := count.add(atPlace(nil, place.Path), ""); err != nil {
		return nil, err
	}
	if slices.Contains(q.By, ByPlace) {
		// The place's own numbers less those of its children are the devices directly at it.
		if err := count.add(childrenOf(nil, place.Path), place.Path); err != nil {
			return nil, err
		}
	}
	c := &Counts{Place: place, AsOf: q.AsOf, By: q.By, Delivered: count.delivered}
	var err error
	if c.Targets, err = targetsOf(r, place.Path); err != nil {
		return nil, err
	}
	if err := count.fill(c); err != nil {
		return nil, err
	}
	c.ETag = etag(c)
	return c, nil
}

// counting adds up counters, grouped by the dimensions asked for.
type counting struct {
	r     kv.Reader
	names names
	q     CountQuery
	today fleet.Date
	by    [len(dimensionNames)]bool // by Dimension
	sums  map[combination]int64

	// Counters of one group lie together, so they are added up before sums has them.
	run  combination
	from fleet.Path // the place that the run is taken away from, if any
	sum  int64

	delivered int64 // of those at the place asked for and below it
}

const usualGroups = 128 // of a province's districts by status

func newCounting(r kv.Reader, n names, q CountQuery, today fleet.Date) *counting {
	c := &counting{r: r, names: n, q: q, today: today, sums: make(map[combination]int64, usualGroups)}
	for _, d := range q.By {
		c.by[d] = true
	}
	return c
}

// add adds the counters whose scope begins with scope, and takes them away from
// the place from, unless that is empty.
func (c *counting) add(scope kv.Tuple, from fleet.Path) error {
	name := "status_at"
	if c.by[ByShipment] {
		name = "shipment_at"
	}
	c.from = from
	prefix := append(devices.Count(name), scope...)
	for pair, err := range c.r.Scan(prefix, prefix.End()) {
		if err == nil {
			err = c.addPair(pair, false)
		}
		if err != nil {
			return err
		}
	}
	if c.q.AsOf != c.today {
		if err := c.takeLater(append(devices.Ledger(name), scope...)); err != nil {
			return err
		}
	}
	c.endRun()
	return nil
}

// takeLater takes away what the days after the one asked for brought: for every
// place under the prefix it goes straight to the first of those days.
func (c *counting) takeLater(prefix kv.Tuple) error {
	return eachLedger(c.r, prefix, c.q.AsOf+1, func(pair kv.Pair) error { return c.addPair(pair, true) })
}

// eachLedger calls fn for the ledger entries of day from and later, place by place.
func eachLedger(r kv.Reader, prefix kv.Tuple, from fleet.Date, fn func(kv.Pair) error) error {
	for lo, end := []byte(prefix), prefix.End(); ; {
		scope, err := firstScope(r, lo, end)
		if err != nil || scope == nil {
			return err
		}
		for pair, err := range r.Scan(scope.Clone().Uint(uint64(from)), scope.End()) {
			if err != nil {
				return err
			}
			if err := fn(pair); err != nil {
				return err
			}
		}
		lo = scope.End()
	}
}

// firstScope is the table name and place of the first ledger entry in a range.
func firstScope(r kv.Reader, lo, hi []byte) (kv.Tuple, error) {
	for pair, err := range r.Scan(lo, hi) {
		if err != nil {
			return nil, err
		}
		key := kv.NewPartReader(pair.Key)
		scope := kv.Key(key.Str()).Uint(key.Uint()).Str(key.Str())
		return scope, key.Err()
	}
	return nil, nil
}

// addPair adds a counter, or takes away what a ledger says of a later day.
func (c *counting) addPair(pair kv.Pair, ledger bool) error {
	key := kv.NewPartReader(pair.Key)
	key.Skip()
	key.Skip()
	group := combination{place: fleet.Path(key.Str())}
	n, err := kv.Count(pair.Val)
	if ledger {
		key.Skip() // the day
		n = -n
	}
	var shipment fleet.ShipmentID
	if c.by[ByShipment] {
		shipment = fleet.ShipmentID(key.Uint())
	}
	status := fleet.Status(key.Uint())
	if c.by[ByStatus] {
		group.status = status
	}
	if c.from == "" && status.Delivered() {
		c.delivered += n
	}
	if c.by[ByShipment] {
		group.shipment = shipment
	} else {
		condition, model := fleet.Condition(key.Uint()), fleet.ModelID(key.Uint())
		if c.by[ByCondition] {
			group.condition = condition
		}
		if c.by[ByModel] {
			group.model = model
		}
	}
	if err != nil || key.Err() != nil {
		return cmp.Or(err, key.Err())
	}
	if group != c.run {
		c.endRun()
		c.run = group
	}
	c.sum += n
	return nil
}

func (c *counting) endRun() {
	if c.sum == 0 {
		return
	}
	c.sums[c.run] += c.sum
	if c.from != "" {
		c.run.place = c.from
		c.sums[c.run] -= c.sum
	}
	c.run, c.sum = combination{}, 0
}

// fill turns the sums into rows, in the order of the dimensions' own values.
func (c *counting) fill(counts *Counts) error {
	groups := make([]combination, 0, len(c.sums))
	for g, n := range c.sums {
		if n != 0 {
			groups = append(groups, g)
		}
	}
	slices.SortFunc(groups, func(a, b combination) int {
		if byPlace := cmp.Compare(a.place, b.place); byPlace != 0 {
			return byPlace
		}
		return cmp.Or(cmp.Compare(a.shipment, b.shipment), cmp.Compare(a.status, b.status),
			cmp.Compare(a.condition, b.condition), cmp.Compare(a.model, b.model))
	})
	known := map[fleet.Path]*fleet.Place{}
	for _, g := range groups {
		row := CountRow{Status: g.status, Condition: g.condition, Count: c.sums[g]}
		counts.Total += row.Count
		if err := c.name(&row, g, counts.Has(ByPlace), known); err != nil {
			return err
		}
		counts.Rows = append(counts.Rows, row)
	}
	return nil
}

// name finds the names of what a row's numbers stand for.
func (c *counting) name(row *CountRow, g combination, byPlace bool, known map[fleet.Path]*fleet.Place) error {
	if byPlace && known[g.place] == nil {
		p, _, err := c.names.place(g.place)
		if err != nil {
			return err
		}
		known[g.place] = &p
	}
	row.Place = known[g.place]
	if g.model != 0 {
		m, err := named(c.names, models, uint64(g.model))
		if err != nil {
			return err
		}
		row.Model = m.Name
	}
	if g.shipment != 0 {
		s, err := named(c.names, shipments, uint64(g.shipment))
		if err != nil {
			return err
		}
		row.Shipment = s.Number
	}
	return nil
}

// etag is a digest of all that the counts say.
func etag(c *Counts) string {
	said := make(kv.Tuple, 0, 64*(len(c.Rows)+1)).
		Str(string(c.Place.Code)).Uint(uint64(c.Place.Version)).Uint(uint64(c.AsOf)).Uint(uint64(c.Total))
	for _, d := range c.By {
		said = said.Uint(uint64(d))
	}
	for i := range c.Rows {
		row := &c.Rows[i]
		if row.Place != nil {
			said = said.Str(string(row.Place.Code))
		}
		said = said.Uint(uint64(row.Status)).Uint(uint64(row.Condition)).Str(row.Model).Str(row.Shipment).Uint(uint64(row.Count))
	}
	said = said.Uint(uint64(c.Delivered))
	for _, t := range c.Targets {
		said = said.Uint(uint64(t.By)).Uint(uint64(t.Devices))
	}
	sum := sha256.Sum256(said)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// devicesAt is how many devices there are at a place and below it.
func devicesAt(r kv.Reader, p fleet.Path) (total int64, err error) {
	err = eachBalance(r, devices.Count("status_at"), p, func(_ *kv.PartReader, n int64) { total += n })
	return total, err
}
