package registry

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// tx is one request in the making: what a change's apply works on.
type tx struct {
	w       kv.Writer
	actor   *Actor
	now     time.Time
	day     uint64
	change  string // the name of the one being applied
	note    string // that its entries are to have
	journal journalTail
	receipt Receipt
	touched touchedPlaces
	sealed  bool // a token or an account was written
	named   bool // a place, a model or a shipment was
	trial   bool // nothing of it is kept

	confirmed bool // texts may hold numbers of people; always so when changes are only tried

	placeCache map[fleet.PlaceID]fleet.Place
	modelCache map[string]fleet.ModelID // by name as written
	// Shipments are kept here while their lines come in and saved once, at the
	// end, or every line would write its shipment again.
	shipments    map[fleet.ShipmentID]fleet.Shipment
	lastShipment fleet.ShipmentID // that was asked for
}

// forget drops what was read of a change that is taken back.
func (t *tx) forget() {
	clear(t.placeCache)
	clear(t.modelCache)
}

// touchedPlaces are the places whose counters a transaction changed.
type touchedPlaces map[fleet.Path]struct{}

func begin(w kv.Writer, a *Actor, requestID string, now time.Time) (*tx, error) {
	tail, err := readTail(w)
	return &tx{
		w: w, actor: a, now: now, day: uint64(fleet.DateOf(now)), journal: tail,
		receipt:    Receipt{Request: requestID, Time: now},
		confirmed:  true,
		touched:    touchedPlaces{},
		placeCache: map[fleet.PlaceID]fleet.Place{},
		modelCache: map[string]fleet.ModelID{},
		shipments:  map[fleet.ShipmentID]fleet.Shipment{},
	}, err
}

func (t *tx) apply(c Change) error {
	t.change = c.Name()
	return c.apply(t)
}

// finish saves what was kept back and the journal's end.
func (t *tx) finish() error {
	if err := t.saveShipments(); err != nil {
		return err
	}
	return t.journal.write(t.w)
}

// saveShipments saves the shipments that were kept back.
func (t *tx) saveShipments() error {
	ids := make([]fleet.ShipmentID, 0, len(t.shipments))
	for id := range t.shipments {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		s := t.shipments[id]
		if err := save(t, shipments, &s); err != nil {
			return err
		}
	}
	clear(t.shipments)
	return nil
}

// allow refuses what the actor may not do at the place: as absent when it cannot
// even see the place, which is what the given error says.
func (t *tx) allow(a fleet.Action, at fleet.Path, absent error) error {
	switch {
	case t.actor.May(a, at):
		return nil
	case !t.actor.sees(at):
		return absent
	}
	return fleet.Forbiddenf("forbidden", "your role does not allow this here")
}

// save writes a record, its consequences and its journal entry. A record that
// did not change writes nothing.
func save[T any](t *tx, tbl *table.Table[T], rec *T) error {
	written, err := tbl.Put(t.w, t.day, rec)
	return t.saved(tbl, written, placeOf(rec), err)
}

// add is save for a record whose ID was just given out.
func add[T any](t *tx, tbl *table.Table[T], rec *T) error {
	written, err := tbl.Add(t.w, t.day, rec)
	return t.saved(tbl, written, placeOf(rec), err)
}

func (t *tx) saved(tbl table.Any, written table.Written, at fleet.Path, err error) error {
	if err != nil {
		return explainTaken(err)
	}
	if written.Same {
		return nil
	}
	return t.record(tbl, written, at)
}

// record journals what was written of a record, which belongs to the place.
func (t *tx) record(tbl table.Any, written table.Written, at fleet.Path) error {
	t.sealed = t.sealed || tbl == users || tbl == tokens
	t.named = t.named || isNamed(tbl)
	if t.trial && fitsEntry(written) {
		return nil // no change that is tried reads the journal
	}
	return t.journalled(t.journal.append(t.w, entryOf(t, tbl, written, at)))
}

// journalled notes for the receipt that an entry was made.
func (t *tx) journalled(seq uint64, err error) error {
	if t.receipt.First == 0 {
		t.receipt.First = seq
	}
	t.receipt.Last = seq
	return err
}

// fitsEntry says whether a journal entry can surely hold what was written, with all
// that it has besides.
func fitsEntry(w table.Written) bool { return len(w.Before)+len(w.After) < kv.MaxValue/2 }

// taken gives the code and the sentence for each unique index.
var taken = map[string]struct{ code, message, field string }{
	"device.by_serial":   {"serial.taken", "serial %s is already in the register", "serial"},
	"device.by_tag":      {"tag.taken", "asset tag %s is already on another device", "asset_tag"},
	"place.by_code":      {"place.code_taken", "place code %s is already in use", "code"},
	"model.by_name":      {"model.taken", "model %s is already in the register", "model"},
	"shipment.by_number": {"shipment.taken", "shipment %s is already in the register", "shipment"},
	"user.by_name":       {"user.taken", "user %s already exists", "name"},
}

func explainTaken(err error) error {
	var clash *table.TakenError
	if !errors.As(err, &clash) {
		return err
	}
	t, ok := taken[clash.Table+"."+clash.Index]
	if !ok {
		return err
	}
	// The key is the index's name and the value, quoted.
	_, quoted, _ := strings.Cut(clash.Key, " ")
	value, err := strconv.Unquote(quoted)
	if err != nil {
		value = quoted
	}
	return fleet.Conflictf(t.code, t.message, value).In(t.field)
}

// impersonal warns of a free text that seems to hold the number of a person.
func (t *tx) impersonal(field, what, text string) error {
	if t.confirmed {
		return nil
	}
	return fleet.CheckImpersonal(field, what, text)
}

// touch notes that the counters at every level of the place changed.
func (t *tx) touch(p fleet.Path) {
	for depth := p.Depth(); depth > 0; depth-- {
		at := p.At(depth)
		if _, done := t.touched[at]; done {
			return
		}
		t.touched[at] = struct{}{}
	}
}

// result adds a reference to what the caller is given.
func (t *tx) result(ref string) { t.receipt.Refs = append(t.receipt.Refs, ref) }
