package demo

import (
	"context"
	"time"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// Target is the register that a demo fills, and what belongs to it.
type Target struct {
	Register *registry.Register // opened with Clock.Now as its clock
	Clock    *Clock
	Desk     *workbook.Desk                                             // where the demo's workbooks come in
	Folder   string                                                     // where they are put for people to open; made when missing
	Hash     func(ctx context.Context, password string) (string, error) // of a password, as an account keeps it
	Progress func(step string, done, total int64)                       // may be nil
}

// Summary says what a demo brought into its register.
type Summary struct {
	Places    int // schools, stores and workshops included
	Schools   int
	Devices   int
	Shipments int
	Events    int // what happened, each to one device or to several
	Faults    int
	Workbooks []string // the files that were imported; none when there are more devices than MaxInWorkbooks
	SignIns   []SignIn
}

// MaxInWorkbooks is up to how many devices a demo comes in as workbooks. A larger
// country is for measuring: its schools and shipments are given to the register
// as changes, in parts of 50,000, which is what importing comes to in the end.
const MaxInWorkbooks = 200_000

// Fill makes up a country and brings it into an empty register. Schools and
// packing lists are written as workbooks and imported as anybody's; then all that
// happened in the eighteen months up to o.Now, which is the present when zero, is
// entered at its own time. The same options give the same register.
//
// When it is interrupted the register holds a part of the country, in which
// [SignIns] finds nobody; begin again with an empty one.
func Fill(ctx context.Context, t Target, o Options) (Summary, error) {
	if o.Now.IsZero() {
		o.Now = t.Clock.Now().Truncate(time.Second)
	}
	w, err := New(o)
	if err != nil {
		return Summary{}, refused(err)
	}
	f := &filler{Target: t, world: w, workbooks: w.DeviceCount() <= MaxInWorkbooks, operator: t.Register.As(registry.Operator())}
	return f.fill(ctx)
}

// filler fills one register.
type filler struct {
	Target
	world     *World
	workbooks bool             // the country comes in as workbooks
	operator  registry.Session // acts where no account of the demo does
	cast      cast
	summary   Summary
}

func (f *filler) fill(ctx context.Context) (Summary, error) {
	if err := f.refuseUsed(ctx); err != nil {
		return Summary{}, err
	}
	defer f.Clock.release()
	w := f.world
	f.summary.Schools, f.summary.Devices, f.summary.Shipments = len(w.Schools()), w.DeviceCount(), len(w.Shipments())
	steps := []func(context.Context) error{f.places, f.staff, f.models, f.live, f.mistakes, f.administrator}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return f.summary, err
		}
	}
	var err error
	f.summary.SignIns, err = SignIns(ctx, f.Register)
	return f.summary, err
}

func (f *filler) progress(step string, done, total int64) {
	if f.Progress != nil {
		f.Progress(step, done, total)
	}
}

// refuseUsed refuses a register that holds more than Pakistan's places.
func (f *filler) refuseUsed(ctx context.Context) error {
	users, err := f.operator.Users(ctx)
	if err != nil {
		return err
	}
	shipments, err := f.operator.Shipments(ctx)
	if err != nil {
		return err
	}
	bare := 0
	for range f.world.country.Places() {
		bare++
	}
	places, err := f.operator.PlacesUnder(ctx, "", "", bare+1)
	if err != nil {
		return err
	}
	if len(users) > 0 || len(shipments) > 0 || len(places) > bare {
		return fleet.Conflictf("demo.used", "this register is in use, or an earlier demo was interrupted: the demo needs an empty data folder of its own")
	}
	return nil
}

// start is when the register was begun: before anything else happened.
func (w *World) start() time.Time { return workTime(w.shipments[0].Announced, -14, 10*time.Hour) }

// places brings in the tree, the stores and workshops, and the schools.
func (f *filler) places(ctx context.Context) error {
	f.Clock.turn(f.world.start())
	f.progress("places", 0, 0)
	if err := atlas.Plant(ctx, f.operator); err != nil {
		return err
	}
	for range f.world.Places() {
		f.summary.Places++
	}
	if f.workbooks {
		return f.placeWorkbooks(ctx)
	}
	return f.placeChanges(ctx)
}

// models makes the models known with all their facts; packing lists have only
// their names.
func (f *filler) models(ctx context.Context) error {
	var changes []registry.Change
	for _, m := range f.world.Models() {
		changes = append(changes, registry.SaveModel{Model: m})
	}
	_, err := f.operator.Apply(ctx, registry.Request{}, changes...)
	return err
}
