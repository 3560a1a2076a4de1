package demo

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
)

// Limits and defaults of [Options].
const (
	MinDevices     = 10
	MaxDevices     = 5_000_000
	DefaultDevices = 6_000
	DefaultSchools = 3_200

	devicesPerSchool = 40 // in a country with more devices than the default schools can hold
)

// Options say which country to make up.
type Options struct {
	Seed    uint64
	Devices int       // 0: DefaultDevices
	Schools int       // 0: DefaultSchools, or more when the devices would not fit
	Now     time.Time // the last moment; everything happened in the eighteen months before it
}

// Check says whether a country of these options can be made up, Now aside.
func (o Options) Check() error {
	o.Now = time.Unix(0, 0)
	if _, err := o.withDefaults(); err != nil {
		return refused(err)
	}
	return nil
}

func refused(err error) error { return fleet.Invalidf("demo.options", "%s", err) }

func (o Options) withDefaults() (Options, error) {
	if o.Devices == 0 {
		o.Devices = DefaultDevices
	}
	if o.Schools == 0 {
		o.Schools = min(MaxSchools, max(DefaultSchools, o.Devices/devicesPerSchool))
	}
	switch {
	case o.Devices < MinDevices || o.Devices > MaxDevices:
		return o, fmt.Errorf("%d devices cannot be made up: ask for %d to %d", o.Devices, MinDevices, MaxDevices)
	case o.Schools < 1 || o.Schools > MaxSchools:
		return o, fmt.Errorf("%d schools cannot be made up: ask for 1 to %d", o.Schools, MaxSchools)
	case o.Now.IsZero():
		return o, fmt.Errorf("say up to which moment the country is to be made up")
	}
	o.Now = o.Now.In(fleet.PKT)
	return o, nil
}

// World is a generated country: places, shipments, devices and what happened.
// Devices are numbered from 0, in the order of the packing lists.
type World struct {
	opts         Options
	country      *country
	schools      []atlas.Place
	shipments    []Shipment
	consignments []consignment // in the order of their devices
}

// New makes up a country.
func New(o Options) (*World, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	country, err := loadCountry()
	if err != nil {
		return nil, err
	}
	w := &World{opts: o, country: country}
	if w.schools, err = country.schools(o.Seed, o.Schools); err != nil {
		return nil, err
	}
	w.shipments = planShipments(o)
	w.consignments = w.planConsignments()
	return w, nil
}

// Places are all places, each after the one that it belongs to.
func (w *World) Places() iter.Seq[atlas.Place] {
	return func(yield func(atlas.Place) bool) {
		for _, places := range []iter.Seq[atlas.Place]{w.country.Places(), slices.Values(depots()), slices.Values(w.schools)} {
			for p := range places {
				if !yield(p) {
					return
				}
			}
		}
	}
}

// Schools are the schools, in the order of their tehsils. Do not change them.
func (w *World) Schools() []atlas.Place { return w.schools }

// Models are the models of the devices.
func (w *World) Models() []fleet.Model { return modelTable }

// Shipments are the shipments, oldest first. Do not change them.
func (w *World) Shipments() []Shipment { return w.shipments }

// DeviceCount is how many devices all packing lists together announce.
func (w *World) DeviceCount() int { return w.opts.Devices }
