package registry

import (
	"errors"
	"fmt"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// undoing takes records back within one transaction.
type undoing struct {
	*tx
	needs   fleet.Action
	began   uint64 // the newest journal entry when it began: what it writes itself does not count
	tally   UndoTally
	kept    []ImportRow
	claimed map[fleet.Path]string // the places that something other than devices and places needs, and what
}

func (t *tx) undoing(i *Import) (*undoing, error) {
	u := &undoing{tx: t, needs: t.actor.undoing(i), began: t.journal.seq, claimed: map[fleet.Path]string{}}
	return u, u.claims(i.ID)
}

// undo takes one record back: it deletes what the import made, and puts back what it
// changed. What cannot be taken back is noted with its reason.
func (u *undoing) undo(r UndoRecord) error {
	u.change = UndoPart{}.Name()
	mark, tail := u.w.Savepoint(), u.journal
	err := u.byTable(r)
	if fleet.KindOf(err) != 0 {
		u.w.Rollback(mark)
		u.journal = tail
		u.forget()
	}
	u.w.Release(mark)
	if err == nil || fleet.KindOf(err) == 0 {
		return err
	}
	u.tally.Kept++
	subject, err2 := u.subject(r)
	u.kept = append(u.kept, ImportRow{Outcome: RowLeftOut, Subject: subject, Reason: reasonOf(err)})
	return err2
}

func (u *undoing) byTable(r UndoRecord) error {
	switch tables[r.table-1] {
	case devices:
		return undoOf(u, devices, r, u.dropDevice, u.restoreDevice)
	case places:
		return undoOf(u, places, r, u.dropPlace, u.restorePlace)
	case models:
		return undoOf(u, models, r, u.dropModel, u.restoreModel)
	case shipments:
		return undoOf(u, shipments, r, u.dropShipment, u.restoreShipment)
	case targets:
		return undoOf(u, targets, r, u.dropTarget, u.restoreTarget)
	case stockTakes:
		return undoOf(u, stockTakes, r, u.dropStockTake, u.restoreStockTake)
	case users:
		return u.keepAccount(r)
	}
	return nil // only moved with their place, and back again with it
}

// keepAccount refuses to take away an account that an import made: its name stands in
// the journal, and nobody else may have it. One that moved with its place moves back
// with it.
func (u *undoing) keepAccount(r UndoRecord) error {
	e, err := entryAt(u.w, r.first)
	if err == nil && e.Before == nil {
		err = fleet.Conflictf("undo.account", "accounts are not taken away again: disable it instead, on its page")
	}
	return err
}

// undoOf takes back a record of a table. drop deletes what the import made; restore
// puts back what was there before, given that as well, and says whether it differed.
func undoOf[T any](u *undoing, tbl *table.Table[T], r UndoRecord, drop func(T) error, restore func(r UndoRecord, now, before T) (bool, error)) error {
	now, ok, err := tbl.Get(u.w, r.id)
	if err != nil || !ok {
		return err
	}
	e, err := entryAt(u.w, r.first)
	if err != nil {
		return err
	}
	if e.Before == nil {
		if tbl != any(shipments) {
			if err := u.untouched(r); err != nil {
				return err
			}
		}
		if err := drop(now); err != nil {
			return err
		}
		written, err := tbl.Delete(u.w, u.day, r.id)
		if err != nil {
			return err
		}
		u.tally.Deleted++
		return u.record(tbl, written, placeOf(&now))
	}
	if e.Erased != 0 {
		return fleet.Conflictf("undo.erased", "what it was before has been erased from the journal")
	}
	before, err := tbl.Decode(e.Before)
	if err != nil {
		return err
	}
	differs, err := restore(r, now, before)
	if err == nil && differs {
		u.tally.Restored++
	}
	return err
}

// subject is what people call a record.
func (u *undoing) subject(r UndoRecord) (string, error) {
	var err error
	name := ""
	switch tables[r.table-1] {
	case devices:
		var d fleet.Device
		d, _, err = devices.Get(u.w, r.id)
		name = string(d.Serial)
	case places:
		var p fleet.Place
		p, _, err = places.Get(u.w, r.id)
		name = string(p.Code)
	case models:
		var m fleet.Model
		m, _, err = models.Get(u.w, r.id)
		name = m.Name
	case shipments:
		var s fleet.Shipment
		s, _, err = shipments.Get(u.w, r.id)
		name = s.Number
	case targets:
		var t fleet.Target
		if t, _, err = targets.Get(u.w, r.id); err == nil {
			name, err = u.codeOf(t.Place)
		}
	case users:
		var who fleet.User
		who, _, err = users.Get(u.w, r.id)
		name = who.Name
	case stockTakes:
		var s fleet.StockTake
		if s, _, err = stockTakes.Get(u.w, r.id); err == nil {
			name, err = u.codeOf(s.Place)
		}
	}
	return name, err
}

// codeOf is the code of the place that a record is for.
func (u *undoing) codeOf(at fleet.Path) (string, error) {
	p, _, err := places.Get(u.w, uint64(at.ID()))
	return string(p.Code), err
}

// within refuses what would change something outside the places where the actor may
// undo the import: where it is as well as where it was.
func (u *undoing) within(places ...fleet.Path) error {
	for _, at := range places {
		if !u.actor.May(u.needs, at) {
			return fleet.Forbiddenf("undo.outside", "it is, or was, at a place that is not yours")
		}
	}
	return nil
}

func (u *undoing) dropDevice(d fleet.Device) error {
	if err := u.within(d.Place); err != nil {
		return err
	}
	for _, err := range faults.IDs(u.w, faults.Index("by_device").Uint(uint64(d.ID)), faults.Index("by_device").Uint(uint64(d.ID)).End()) {
		if err != nil {
			return err
		}
		return fleet.Conflictf("undo.faults", "a fault of it was reported")
	}
	u.touch(d.Place)
	return u.recount(&d, 0)
}

// recount has the device's shipment count it otherwise.
func (u *undoing) recount(d *fleet.Device, as fleet.Arrival) error {
	if d.Shipment == 0 || d.Arrival == as {
		return nil
	}
	s, err := u.shipmentOf(d)
	if err != nil {
		return err
	}
	if s, err = s.Recount(d.Arrival, as); err != nil {
		return err
	}
	u.shipments[s.ID] = s
	return nil
}

// restoreDevice puts back what a device was. A place that the import moved is moved
// back by itself.
func (u *undoing) restoreDevice(r UndoRecord, now, before fleet.Device) (bool, error) {
	var err error
	before.Version, before.Changed = now.Version, now.Changed
	if before.Place, err = u.pathNow(before.Place); err != nil {
		return false, err
	}
	if before.From, err = u.pathNow(before.From); err != nil {
		return false, err
	}
	if before == now {
		return false, nil
	}
	if err := u.untouched(r); err != nil {
		return false, err
	}
	if err := u.within(now.Place, before.Place); err != nil {
		return false, err
	}
	if err := u.modelThere(before.Model); err != nil {
		return false, err
	}
	u.touch(now.Place)
	before.Changed = u.now.Truncate(1e9)
	if err := u.saveDevice(&before); err != nil {
		return false, err
	}
	return true, u.recount(&now, before.Arrival)
}

// pathNow is where the place that was at a path is now.
func (u *undoing) pathNow(was fleet.Path) (fleet.Path, error) {
	if was == "" {
		return "", nil
	}
	p, ok, err := places.Get(u.w, uint64(was.ID()))
	if err == nil && !ok {
		err = errPlaceGone
	}
	return p.Path, err
}

// modelThere refuses to put back a model that is gone.
func (u *undoing) modelThere(was fleet.ModelID) error {
	if was == 0 {
		return nil
	}
	_, ok, err := models.Get(u.w, uint64(was))
	if err == nil && !ok {
		err = errModelGone
	}
	return err
}

var (
	errPlaceGone = fleet.Conflictf("undo.place_gone", "the place where it was before is gone")
	errModelGone = fleet.Conflictf("undo.model_gone", "the model that it was of before is gone")
)

func (u *undoing) restoreModel(r UndoRecord, now, before fleet.Model) (bool, error) {
	before.Version = now.Version
	if before == now {
		return false, nil
	}
	if err := u.untouched(r); err != nil {
		return false, err
	}
	if !u.actor.May(fleet.EditModels, theCountry) {
		return false, fleet.Forbiddenf("undo.outside", "models are the whole country's")
	}
	return true, save(u.tx, models, &before)
}

func (u *undoing) dropModel(m fleet.Model) error {
	used := int64(0)
	err := eachCounter(u.w, devices.Count("status_at").Uint(1), func(dims *kv.PartReader, n int64) {
		dims.Uint() // the status
		dims.Uint() // the condition
		if fleet.ModelID(dims.Uint()) == m.ID {
			used += n
		}
	})
	if err == nil && used != 0 {
		err = fleet.Conflictf("undo.model_used", "%s of this model", are(used))
	}
	return err
}

func (u *undoing) dropShipment(s fleet.Shipment) error {
	if kept, ok := u.shipments[s.ID]; ok {
		s = kept
	}
	if err := u.within(s.Destination); err != nil {
		return err
	}
	if n := s.Lines + s.Over; n > 0 {
		return fleet.Conflictf("undo.shipment_used", "%s of this shipment", are(int64(n)))
	}
	delete(u.shipments, s.ID)
	return nil
}

// restoreShipment puts back what the import stated of a shipment. How many devices
// it has follows from them.
func (u *undoing) restoreShipment(r UndoRecord, now, before fleet.Shipment) (bool, error) {
	if kept, ok := u.shipments[now.ID]; ok {
		now = kept
	}
	if sameFacts(&now, &before) {
		return false, nil
	}
	e, err := entryAt(u.w, r.last)
	if err != nil {
		return false, err
	}
	if made, err := shipments.Decode(e.After); err != nil || !sameFacts(&now, &made) {
		return false, errors.Join(err, fleet.Conflictf("undo.later", "it was changed since"))
	}
	if now.Received+now.Over > 0 && now.Destination != before.Destination {
		return false, fleet.Conflictf("undo.shipment_received", "devices of this shipment were received where the import said")
	}
	to, err := u.pathNow(before.Destination)
	if err == nil {
		err = u.within(now.Destination, to)
	}
	if err != nil {
		return false, err
	}
	now.Supplier, now.Destination, now.File, now.FileName, now.Dispatched = before.Supplier, to, before.File, before.FileName, before.Dispatched
	u.shipments[now.ID] = now
	return true, nil
}

// sameFacts says whether two states of a shipment differ in nothing but how its
// devices came in.
func sameFacts(a, b *fleet.Shipment) bool {
	return a.Supplier == b.Supplier && a.Destination.ID() == b.Destination.ID() && a.File == b.File && a.FileName == b.FileName && a.Dispatched == b.Dispatched
}

// are begins a sentence on so many devices.
func are(n int64) string {
	if n == 1 {
		return "1 device is"
	}
	return fmt.Sprintf("%d devices are", n)
}
