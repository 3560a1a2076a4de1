package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/takhti-edu/takhti/internal/demo"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// schoolCount is the same in all registers, so that they differ in their devices alone.
const schoolCount = 3200

// inOneRequest is how many changes a register is built with at a time.
const inOneRequest = 50_000

// country is a made-up country, and a register that it is put into.
type country struct {
	world   *demo.World
	reg     *registry.Register
	session registry.Session
	paths   []fleet.Path // of the schools
}

func newWorld(devices int) (*demo.World, error) {
	return demo.New(demo.Options{Seed: 1, Devices: devices, Schools: schoolCount, Now: time.Now()})
}

// beginCountry makes a register that holds a country's places.
func beginCountry(ctx context.Context, file string, devices int) (*country, error) {
	world, err := newWorld(devices)
	if err != nil {
		return nil, err
	}
	reg, err := openRegister(ctx, file)
	if err != nil {
		return nil, err
	}
	c := &country{world: world, reg: reg, session: reg.As(registry.Operator())}
	return c, c.addPlaces(ctx)
}

func openRegister(ctx context.Context, file string, opts ...boltkv.Option) (*registry.Register, error) {
	store, err := boltkv.Open(file, opts...)
	if err != nil {
		return nil, err
	}
	return registry.Open(ctx, store, registry.Options{})
}

func (c *country) addPlaces(ctx context.Context) error {
	var changes []registry.Change
	for p := range c.world.Places() {
		changes = append(changes, registry.SavePlace{Parent: p.Parent, Place: p.Place})
	}
	if _, err := c.session.Apply(ctx, registry.Request{}, changes...); err != nil {
		return err
	}
	for _, school := range c.world.Schools() {
		p, err := c.session.Place(ctx, school.Code)
		if err != nil {
			return err
		}
		c.paths = append(c.paths, p.Path)
	}
	return nil
}

// addDevices announces all shipments and brings in every device. Devices are
// dealt out to the schools one by one, so that a small register has devices of
// all kinds in all districts as a large one does.
func (c *country) addDevices(ctx context.Context) error {
	for i, s := range c.world.Shipments() {
		err := c.apply(ctx, registry.AnnounceShipment{Number: s.Number, Supplier: s.Supplier, Destination: s.To, Dispatched: s.Dispatched})
		if err != nil {
			return err
		}
		var changes []registry.Change
		for n, d := range c.world.PackingList(i) {
			changes = append(changes, c.stepsOf(n, s.Number, d)...)
			if len(changes) > inOneRequest-stepsAtMost {
				err = errors.Join(err, c.apply(ctx, changes...))
				changes = changes[:0]
			}
		}
		if err := errors.Join(err, c.apply(ctx, changes...)); err != nil {
			return err
		}
	}
	return nil
}

func (c *country) apply(ctx context.Context, changes ...registry.Change) error {
	_, err := c.session.Apply(ctx, registry.Request{}, changes...)
	return err
}

const stepsAtMost = 3

// stepsOf are what happened to a device: of five, three are awaited, one has
// arrived, and one is in use.
func (c *country) stepsOf(n int, shipment string, d demo.Device) []registry.Change {
	steps := []registry.Change{registry.ExpectDevice{
		Shipment: shipment, Place: c.paths[schoolOf(n)], Model: d.Model,
		Device: fleet.Device{
			Serial: d.Serial, Tag: d.Tag, MAC: d.MAC, Carton: d.Carton, Lot: d.Lot, Line: d.Line, PO: d.PO,
			Price: d.Price, Funding: d.Funding, WarrantyEnds: d.WarrantyEnds,
		},
	}}
	if arrived(n) {
		steps = append(steps, registry.ReceiveDevice{Serial: d.Serial})
	}
	if statusOf(n) == fleet.Issued {
		steps = append(steps, registry.AssignDevice{Serial: d.Serial, Holder: fleet.Holder{Kind: fleet.HeldByClass, Label: "8-B"}})
	}
	return steps
}

// schoolOf deals devices out; 1009 is a prime, so every school has its turn.
func schoolOf(n int) int { return n * 1009 % schoolCount }

func arrived(n int) bool { return statusOf(n) != fleet.Expected }

func statusOf(n int) fleet.Status {
	switch n / 3 % 5 {
	case 3:
		return fleet.AtSchool
	case 4:
		return fleet.Issued
	default:
		return fleet.Expected
	}
}

// register is the file of a register with that many devices. It is made once, and
// benches that change it work on a copy.
func (l *lab) register(ctx context.Context, devices int) (string, error) {
	file := filepath.Join(l.keep, fmt.Sprintf("register-%d.db", devices))
	if _, err := os.Stat(file); err == nil {
		return file, nil
	}
	l.say("making a register of %d devices", devices)
	began := time.Now()
	unfinished := file + ".unfinished"
	if err := os.RemoveAll(unfinished); err != nil {
		return "", err
	}
	c, err := beginCountry(ctx, unfinished, devices)
	if err != nil {
		return "", err
	}
	if err := errors.Join(c.addDevices(ctx), c.reg.Close()); err != nil {
		return "", err
	}
	l.say("that took %s", inWords(time.Since(began)))
	return file, os.Rename(unfinished, file)
}
