package workbook

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Options say how a file is to be read and what is to become of it.
type Options struct {
	Kind     Kind
	SkipBad  bool             // import the good rows of a file that has bad ones
	Shipment string           // its number, for lists whose rows do not name one
	Supplier string           // of a new shipment
	To       fleet.PlaceCode  // where a shipment goes; the place in which schools lie whose rows name none
	Date     fleet.Date       // the day of a count whose rows do not say it; today's, when this does not either
	Reading  registry.Reading // how the file is to be read, where that was chosen
	Limits   Limits
	Progress func(rows int) // called now and then as rows are read; may be nil
	Checking func(rows int) // called when all of them are; may be nil
}

// Plan is what a file would change in the register: shown first, then done by
// [Apply]. It is made anew from the file each time; its digest tells whether
// what is done is what was shown.
type Plan struct {
	Kind      Kind
	FileName  string
	SHA256    string // of the file, in hex
	Digest    []byte
	Rows      int // of the list, good and bad
	New       int
	Changed   int
	Unchanged int
	LeftOut   int // rows with a problem, or of which it was decided; they are imported in no case
	Unsettled int // those of them that nothing was decided about
	Problems  []Problem
	Groups    []Group // the problems by cause, also those that were decided about
	Notes     []string

	// Destination is where the shipment goes, such as Lahore (PK601); empty for
	// places, and where the rows name shipments that the register has.
	Destination string
	// Differences are the first of the changes, field by field: that of the shipment,
	// if there is one, then those of the rows that change what is there.
	Differences []Difference

	skipBad  bool
	results  []string // what changes come to that is not in themselves
	steps    []step
	rows     []registry.ImportRow // in the order of the file
	limits   Limits
	bad      map[Position]bool // the rows left out; true for those that are unsettled
	heads    []sheetHeader
	remember []registry.Layout
}

// step is a change, and the row it stems from.
type step struct {
	change registry.Change
	effect effect
	at     Position // zero for what belongs to no row: the shipment
	row    int      // in Plan.rows: the one in hand when it was added; -1 before the first
	head   *header  // of that row
	value  string   // by which the row is known: a serial, a code
}

// effect is what a step does to the row's subject.
type effect uint8

const (
	creates effect = iota + 1
	alters
	supports // it makes what other rows stand on
)

// NewPlan reads a file, works out what it would change and tries those changes
// without making them. An error means that the file as a whole cannot be used;
// what is wrong with single rows is in the plan's problems.
func NewPlan(ctx context.Context, s registry.Session, f File, o Options) (*Plan, error) {
	if !s.MayAnywhere(fleet.RunImports) {
		return nil, fleet.Forbiddenf("forbidden", "your role does not allow imports")
	}
	o.Date = dated(s, o.Kind, o.Date)
	sum, err := hashOf(f)
	if err != nil {
		return nil, err
	}
	g, err := newGazetteer(ctx, s)
	if err != nil {
		return nil, err
	}
	blank := Plan{Kind: o.Kind, FileName: f.Name, SHA256: sum, skipBad: o.SkipBad, limits: o.Limits.withDefaults()}
	m := planner{ctx: ctx, session: s, gazetteer: g, options: o}
	turned, err := m.make(blank, f)
	if len(turned) > 0 {
		// The last row told that dates of the first may be wrong: read them again.
		m = planner{ctx: ctx, session: s, gazetteer: g, options: o, turned: turned}
		_, err = m.make(blank, f)
	}
	if err != nil {
		return nil, err
	}
	return m.Plan, nil
}

// make makes the plan, unless columns turn out to hold dates that a spreadsheet may
// have turned round, which its reading did not know of.
func (m *planner) make(blank Plan, f File) (turned map[dateColumn]bool, err error) {
	blank.bad = map[Position]bool{}
	m.Plan, m.models = &blank, map[fleet.ModelID]string{}
	m.rehearsal = rehearse(m.ctx, m.session)
	defer m.rehearsal.end()
	r, err := m.read(f)
	if err != nil {
		return nil, err
	}
	if m.turned == nil && m.checker != nil {
		if turned = m.checker.suspects(); len(turned) > 0 {
			return turned, nil
		}
	}
	m.Rows = r.rows
	m.exclude(r)
	if m.options.Checking != nil {
		m.options.Checking(r.rows)
	}
	if err := m.preview(r); err != nil {
		return nil, err
	}
	m.prune()
	m.noteTehsils(r)
	if err := m.compare(); err != nil {
		return nil, err
	}
	r.account()
	m.finish(r, m.options.Reading.Decisions)
	return nil, nil
}

// read reads the rows of the file and plans each.
func (m *planner) read(f File) (*report, error) {
	switch m.options.Kind {
	case Places:
		return m.places(f)
	case Devices:
		return m.devices(f)
	case Updates:
		return m.updates(f)
	case Handouts:
		return m.handouts(f)
	case Models:
		return m.modelList(f)
	case Delivery:
		return m.delivery(f)
	case StockTakes:
		return m.stockTake(f)
	case Targets:
		return m.targets(f)
	case Accounts:
		return m.accounts(f)
	}
	return nil, fleet.Invalidf("workbook.kind", "%s cannot be imported", m.options.Kind).In("kind")
}

// dated is the day of a list, which of a count is today's where none is given.
func dated(s registry.Session, k Kind, day fleet.Date) fleet.Date {
	if k == StockTakes && day == 0 {
		return s.Today()
	}
	return day
}

// planner makes one plan.
type planner struct {
	*Plan
	ctx       context.Context
	session   registry.Session
	gazetteer *gazetteer
	models    map[fleet.ModelID]string
	options   Options
	turned    map[dateColumn]bool // columns whose dates may be turned round, once all of the file was read
	checker   *checker            // of the row in hand
	rehearsal *rehearsal

	anew     int               // the row with which the rehearsal was begun anew last
	carried  []registry.Change // what later rows stand on
	entwined bool              // some steps are not of new devices alone
}

// setting is how the plan's file is read.
func (m *planner) setting(k Kind) (setting, error) {
	how, err := settingOf(m.ctx, m.session, k, m.options.Limits, m.options.Reading)
	how.turned = m.turned
	return how, err
}

// settingOf is how the session's files of a kind are read, with what was remembered.
func settingOf(ctx context.Context, s registry.Session, k Kind, l Limits, r registry.Reading) (setting, error) {
	how := setting{kind: k, limits: l, reading: r}
	actor := s.Actor()
	if from := actor.ImportsFrom(); len(from) > 0 {
		how.scope = from[0]
	}
	var err error
	how.remembered, err = s.Layouts(ctx, k.String(), how.scope)
	return how, err
}

// leave notes that the checker's row is left out, if it is.
func (m *planner) leave(c *checker) {
	if c.bad && !c.readsOn() {
		m.bad[c.at] = !c.left
	}
}

// exclude leaves out the rows that were decided to go with later ones.
func (m *planner) exclude(r *report) {
	if m.checker == nil {
		return
	}
	for _, f := range m.checker.excluded {
		m.bad[Position{f.Sheet, f.Row}] = false
		r.explain(f)
	}
}

func (m *planner) add(s step) {
	if s.at != (Position{}) {
		s.head = m.checker.head
	}
	s.row = len(m.rows) - 1
	m.rehearsePart(&s)
	m.steps = append(m.steps, s)
	m.rehearsal.add(s.change)
}

// rehearsedRows is after how many rows the rehearsal is begun anew.
const rehearsedRows = 4096

// rehearsePart begins the rehearsal anew every now and then while all steps are of new
// devices, which touch one another in nothing but what was compared already: their
// serials and their tags.
func (m *planner) rehearsePart(s *step) {
	_, device := s.change.(*registry.PackedDevice)
	switch {
	case s.effect == supports:
		m.carried = append(m.carried, s.change)
	case s.effect != creates || !device:
		m.entwined = true
	case !m.entwined && s.row-m.anew >= rehearsedRows:
		m.anew = s.row
		m.rehearsal.anew(slices.Clone(m.carried))
	}
}

// tick reports progress.
func (m *planner) tick() error {
	const often = 1000
	n := m.checker.report.rows
	if n%often != 0 {
		return nil
	}
	if m.options.Progress != nil {
		m.options.Progress(n)
	}
	return m.ctx.Err()
}

// preview takes the changes that [Apply] could not make out of the plan, each with
// its reason at its row.
func (m *planner) preview(r *report) error {
	errs, err := m.rehearsal.errors()
	if err != nil {
		return err
	}
	kept := m.steps[:0]
	for i, s := range m.steps {
		switch {
		case errs[i] == nil:
			kept = append(kept, s)
		case fleet.KindOf(errs[i]) == 0:
			return errs[i] // not a rule's answer
		case s.at == Position{}:
			return errs[i]
		default:
			m.refuse(r, s, errs[i])
		}
	}
	m.steps = slices.DeleteFunc(kept, func(s step) bool {
		_, out := m.bad[s.at]
		return out && s.effect != supports
	})
	return nil
}

// refuse leaves out a row whose change cannot be made.
func (m *planner) refuse(r *report, s step, err error) {
	f := m.refused(s, err)
	d := m.checker.decisions[f.cause]
	if d.Do == LeaveOut {
		r.settled(f.cause, f.Problem, f.offers, d)
		r.explain(f.Problem)
	} else {
		r.add(f)
	}
	m.bad[s.at] = d.Do != LeaveOut
}

// finish counts, sorts and signs.
func (p *Plan) finish(r *report, made []registry.Decision) {
	p.settle(r)
	for _, unsettled := range p.bad {
		if unsettled {
			p.Unsettled++
		}
	}
	r.needless(made)
	p.Problems, p.Notes, p.Groups, p.heads, p.remember = r.problems, r.notes, r.groups.list(), r.heads, r.remember
	slices.SortStableFunc(p.Problems, byPlace(r.sheets))
	p.Digest = p.sign()
}

// Refused is why the plan cannot be applied, nil when it can.
func (p *Plan) Refused() error {
	if p.Unsettled == 0 || p.skipBad {
		return nil
	}
	return fleet.Invalidf("import.problems", "nothing was imported: %s of %d %s a problem. Correct the file, or import it without these rows",
		plural(p.Unsettled, "row", "rows"), p.Rows, hasHave(p.Unsettled))
}

func hasHave(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}

// Shown refuses the plan unless it is the one whose digest was shown.
func (p *Plan) Shown(digest []byte) error {
	if bytes.Equal(p.Digest, digest) {
		return nil
	}
	return fleet.Conflictf("import.changed", "the register has changed since this import was shown: look at it again")
}

// Changes are the plan's changes in the order in which they are made.
func (p *Plan) Changes() []registry.Change {
	all := make([]registry.Change, len(p.steps))
	for i, s := range p.steps {
		all[i] = unpacked(s.change)
	}
	return all
}

// unpacked is the change itself of one that is held in few bytes.
func unpacked(c registry.Change) registry.Change {
	if packed, is := c.(*registry.PackedDevice); is {
		if device, err := packed.Unpack(); err == nil {
			return device
		}
	}
	return c
}

func hashOf(f File) (string, error) {
	h := sha256.New()
	if _, err := io.Copy(h, io.NewSectionReader(f.Data, 0, f.Size)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
