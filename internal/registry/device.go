package registry

import (
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

func absentDevice(s fleet.Serial) error {
	return fleet.NotFoundf("device.not_found", "there is no device %s in the register", s).In("serial")
}

func deviceBySerial(r kv.Reader, serial fleet.Serial) (fleet.Device, bool, error) {
	id, ok, err := devices.Lookup(r, devices.Index("by_serial").Str(string(serial)))
	if err != nil || !ok {
		return fleet.Device{}, false, err
	}
	return devices.Get(r, id)
}

// device reads a device that the actor may do a to. Not there and out of scope
// are the same answer.
func (t *tx) device(serial fleet.Serial, a fleet.Action) (fleet.Device, fleet.Place, error) {
	d, ok, err := deviceBySerial(t.w, serial)
	if err != nil {
		return d, fleet.Place{}, err
	}
	if !ok || !t.actor.seesDevice(&d) {
		return d, fleet.Place{}, absentDevice(serial)
	}
	if err := t.allow(a, d.Place, fleet.Forbiddenf("forbidden", "device %s is on its way to a place that is not yours", serial)); err != nil {
		return d, fleet.Place{}, err
	}
	at, err := t.placeAt(d.Place)
	return d, at, err
}

// stepDevice takes a device that the actor may do a to one step further.
func (t *tx) stepDevice(serial fleet.Serial, a fleet.Action, step func(fleet.Device, fleet.Place) (fleet.Device, error)) error {
	d, at, err := t.device(serial, a)
	if err != nil {
		return err
	}
	t.touch(d.Place) // which the step may change
	if d, err = step(d, at); err != nil {
		return err
	}
	return t.saveDevice(&d)
}

func (t *tx) saveDevice(d *fleet.Device) error {
	t.touch(d.Place)
	return save(t, devices, d)
}

// CorrectDevice brings a device's description to that of Device: tag, MAC,
// model, carton, lot, line, PO, price, funding and warranty.
type CorrectDevice struct {
	Serial fleet.Serial
	Device fleet.Device
	Model  string // the model's name; it is added when new
}

// Name is the change's name in the journal.
func (CorrectDevice) Name() string { return "correct_device" }

func (c CorrectDevice) apply(t *tx) error {
	d, _, err := t.device(c.Serial, fleet.EditDevices)
	if err != nil {
		return err
	}
	if c.Device.Model, err = t.model(c.Model); err != nil {
		return err
	}
	if d, err = d.CorrectTo(c.Device, t.now); err != nil {
		return err
	}
	return t.saveDevice(&d)
}

// model finds a model by its name, or adds it.
func (t *tx) model(name string) (fleet.ModelID, error) {
	if name == "" {
		return 0, nil
	}
	if id, known := t.modelCache[name]; known {
		return id, nil
	}
	m, ok, err := modelByName(t.w, name)
	if err == nil && !ok {
		m, err = t.addModel(name)
	}
	if err == nil {
		t.modelCache[name] = m.ID
	}
	return m.ID, err
}

func (t *tx) addModel(name string) (fleet.Model, error) {
	if err := (SaveModel{Model: fleet.Model{Name: name}}).apply(t); err != nil {
		return fleet.Model{}, err
	}
	m, _, err := modelByName(t.w, name)
	return m, err
}

// DispatchDevice sends a device to another place.
type DispatchDevice struct {
	Serial fleet.Serial
	To     fleet.PlaceCode
}

// Name is the change's name in the journal.
func (DispatchDevice) Name() string { return "dispatch_device" }

func (c DispatchDevice) apply(t *tx) error {
	return t.stepDevice(c.Serial, fleet.SendGoods, func(d fleet.Device, _ fleet.Place) (fleet.Device, error) {
		to, err := t.place(c.To)
		if err == nil {
			err = t.allow(fleet.SendGoods, to.Path, absentPlace(c.To))
		}
		if err != nil {
			return d, err
		}
		return d.Dispatch(to.Path, t.now)
	})
}

// AcceptDevice records that a device in transit has arrived.
type AcceptDevice struct{ Serial fleet.Serial }

// Name is the change's name in the journal.
func (AcceptDevice) Name() string { return "accept_device" }

func (c AcceptDevice) apply(t *tx) error {
	return t.stepDevice(c.Serial, fleet.AcceptGoods, func(d fleet.Device, at fleet.Place) (fleet.Device, error) {
		return d.Accept(at.Kind, t.now)
	})
}

// RefuseDevice sends a device in transit back to where it came from.
type RefuseDevice struct{ Serial fleet.Serial }

// Name is the change's name in the journal.
func (RefuseDevice) Name() string { return "refuse_device" }

func (c RefuseDevice) apply(t *tx) error {
	return t.stepDevice(c.Serial, fleet.AcceptGoods, func(d fleet.Device, _ fleet.Place) (fleet.Device, error) {
		return d.Refuse(t.now)
	})
}

// AssignDevice gives a device at a school to a holder there.
type AssignDevice struct {
	Serial fleet.Serial
	Holder fleet.Holder
}

// Name is the change's name in the journal.
func (AssignDevice) Name() string { return "assign_device" }

func (c AssignDevice) apply(t *tx) error {
	if err := t.impersonal("holder", "the holder's name", c.Holder.Label); err != nil {
		return err
	}
	return t.stepDevice(c.Serial, fleet.HandOut, func(d fleet.Device, _ fleet.Place) (fleet.Device, error) {
		if err := t.holdsNone(c.Holder.Mark); err != nil {
			return d, err
		}
		return d.Assign(c.Holder, t.now)
	})
}

// ReturnDevice takes a device back from its holder.
type ReturnDevice struct{ Serial fleet.Serial }

// Name is the change's name in the journal.
func (ReturnDevice) Name() string { return "return_device" }

func (c ReturnDevice) apply(t *tx) error {
	return t.stepDevice(c.Serial, fleet.HandOut, func(d fleet.Device, _ fleet.Place) (fleet.Device, error) {
		return d.Return(t.now)
	})
}

// RetireDevice takes a device out of use for good.
type RetireDevice struct{ Serial fleet.Serial }

// Name is the change's name in the journal.
func (RetireDevice) Name() string { return "retire_device" }

func (c RetireDevice) apply(t *tx) error {
	return t.stepDevice(c.Serial, fleet.EditDevices, func(d fleet.Device, _ fleet.Place) (fleet.Device, error) {
		return d.Retire(t.now)
	})
}
