package web

import (
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// homePage is what the visitor has to do, and the numbers of the visitor's place.
type homePage struct {
	place     fleet.Place
	figures   figures
	trend     trend
	children  children
	faults    []faultRow    // open, oldest first
	ages      *faultAges    // nil where they are not counted
	shipments []shipmentRow // awaiting receipt
	devices   []deviceRow   // of a school
	facts     *healthFacts  // for those who run the register
	steps     []firstStep   // for them, while some are still to be taken
}

// How much of each list the home page shows.
const (
	homeFaults    = 6
	homeShipments = 5
	homeDevices   = 20
)

func (v *visit) home() (reply, error) {
	place, ok, err := v.session.Home(v.ctx)
	if err != nil {
		return reply{}, err
	}
	if !ok {
		return show(v.say("home.title"), emptyHome(v.view)), nil
	}
	p := homePage{place: place}
	for _, part := range []func(*homePage) error{v.homeFigures, v.homeFaults, v.homeShipments, v.homeDevices, v.homeRegion, v.homeHealth, v.homeSteps} {
		if err := part(&p); err != nil {
			return reply{}, err
		}
	}
	return show(v.say("home.title"), homeBody(v.view, p)), nil
}

func (v *visit) homeFigures(p *homePage) (err error) {
	p.figures, err = v.figures(p.place, fleet.DateOf(v.now))
	return err
}

func (v *visit) homeFaults(p *homePage) error {
	open, _, err := v.session.Faults(v.ctx, registry.FaultQuery{Place: p.place.Path, Open: true, Limit: homeFaults})
	if err != nil {
		return err
	}
	if p.faults, err = v.faultRows(open); err != nil {
		return err
	}
	if v.can(fleet.RepairFaults) {
		p.ages, err = v.faultAges(p.place)
	}
	return err
}

// homeShipments are those that still bring something to where the visitor may
// take it.
func (v *visit) homeShipments(p *homePage) error {
	all, err := v.session.Shipments(v.ctx)
	if err != nil {
		return err
	}
	var coming []fleet.Shipment
	for _, s := range all {
		if s.Awaited() > 0 && v.may(fleet.AcceptGoods, s.Destination) && len(coming) < homeShipments {
			coming = append(coming, s)
		}
	}
	p.shipments, err = v.shipmentRows(coming)
	return err
}

// arriving is how many devices are on their way to where the visitor may accept them.
func (p *homePage) arriving(v *view) int64 {
	if !v.may(fleet.AcceptGoods, p.place.Path) {
		return 0
	}
	return p.figures.at(fleet.InTransit)
}

func (v *visit) homeDevices(p *homePage) error {
	if p.place.Kind != fleet.School {
		return nil
	}
	found, _, err := v.session.Devices(v.ctx, registry.DeviceQuery{Place: p.place.Path, Limit: homeDevices})
	if err != nil {
		return err
	}
	p.devices, err = v.deviceRows(found)
	return err
}

// homeRegion is for those who look after many places.
func (v *visit) homeRegion(p *homePage) (err error) {
	if p.place.Kind >= fleet.School {
		return nil
	}
	today := fleet.DateOf(v.now)
	if p.trend, err = v.trend(p.place, today); err != nil {
		return err
	}
	p.children, err = v.children(p.place, today, sortedByDevices)
	return err
}

// healthFacts are what somebody who runs the register looks at first.
type healthFacts struct {
	users, disabled int
	staff           int // others than the visitor that can sign in
	schoolsSignIn   bool
	schools         int64
	latest          *registry.Import
}

func (v *visit) homeHealth(p *homePage) error {
	if !v.can(fleet.EditUsers) {
		return nil
	}
	users, err := v.session.Users(v.ctx)
	if err != nil {
		return err
	}
	facts := healthFacts{users: len(users)}
	for _, u := range users {
		switch {
		case u.Disabled:
			facts.disabled++
		case u.ID != v.actor.User:
			facts.staff++
		}
	}
	if facts.schoolsSignIn, err = v.session.SchoolsSignIn(v.ctx); err != nil {
		return err
	}
	counts, err := v.session.PlaceCounts(v.ctx, p.place.Code)
	if err != nil {
		return err
	}
	for _, c := range counts {
		if c.Kind == fleet.School && c.State == fleet.Active {
			facts.schools += c.Count
		}
	}
	latest, err := v.session.Imports(v.ctx, 1)
	if err != nil {
		return err
	}
	if len(latest) > 0 {
		facts.latest = &latest[0]
	}
	p.facts = &facts
	return nil
}

// firstStep is one of the things with which a register, or a province's part of it, is
// set up.
type firstStep struct {
	name    string
	address string
	done    bool
}

// homeSteps are the way from an empty register to schools that sign in.
func (v *visit) homeSteps(p *homePage) error {
	if p.facts == nil || p.place.Kind >= fleet.School {
		return nil
	}
	steps := []firstStep{
		{"schools", "/imports/new", p.facts.schools > 0},
		{"people", "/users", p.facts.staff > 0},
		{"cards", placeAddress(p.place.Code), p.facts.schoolsSignIn},
	}
	if slices.ContainsFunc(steps, func(s firstStep) bool { return !s.done }) {
		p.steps = steps
	}
	return nil
}
