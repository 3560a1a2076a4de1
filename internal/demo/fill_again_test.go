package demo_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/demo"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

var small = demo.Options{Seed: 3, Devices: 200, Schools: 60, Now: today}

// contents are all that a register holds, but for what stands on the random salts of
// its journal.
func contents(t *testing.T, reg *registry.Register) map[string]string {
	t.Helper()
	var dump bytes.Buffer
	_, err := reg.As(registry.Operator()).Dump(t.Context(), &dump)
	store := memkv.New()
	if err == nil {
		err = kv.Load(t.Context(), &dump, store)
	}
	all := map[string]string{}
	err = errors.Join(err, store.View(t.Context(), func(r kv.Reader) error {
		for p, err := range r.Scan(nil, nil) {
			if err != nil {
				return err
			}
			switch kv.NewPartReader(p.Key).Str() {
			case "journal.salt", "journal.tree", "journal.edge":
				continue
			}
			all[string(p.Key)] = string(p.Val)
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The register includes its journal, with all times and the SHA-256 of each workbook.
func TestTheSameOptionsGiveTheSameRegister(t *testing.T) {
	first := contents(t, fill(t, small).Register)
	if again := contents(t, fill(t, small).Register); !maps.Equal(first, again) {
		t.Error("the same options gave two different registers")
	}
	other := small
	other.Seed++
	if maps.Equal(first, contents(t, fill(t, other).Register)) {
		t.Error("another seed gave the same register")
	}
}

func TestTheSmallestDemoIsOneToo(t *testing.T) {
	f := fill(t, demo.Options{Seed: 5, Devices: demo.MinDevices, Schools: 1})
	f.verifies()
	if len(f.summary.SignIns) != len(fleet.Roles()) {
		t.Errorf("these can sign in: %v", f.summary.SignIns)
	}
}

func TestADemoEndsAtThePresentOfItsClock(t *testing.T) {
	to := target(t)
	if _, err := demo.Fill(t.Context(), to, demo.Options{Seed: 3, Devices: 50, Schools: 10}); err != nil {
		t.Fatal(err)
	}
	if !to.Clock.Now().Equal(today) {
		t.Errorf("afterwards the clock shows %v", to.Clock.Now())
	}
	shipments, err := to.Register.As(registry.Operator()).Shipments(t.Context())
	if err != nil || len(shipments) == 0 || shipments[0].Dispatched < fleet.DateOf(today.AddDate(0, -5, 0)) {
		t.Errorf("the newest shipment is %+v, %v", shipments, err)
	}
}

func TestARegisterInUseIsNotFilled(t *testing.T) {
	cases := []struct {
		what  string
		holds []registry.Change
		used  bool
	}{
		{"with nobody and nothing", nil, false},
		{"with an account", []registry.Change{registry.AddUser{User: "ayesha", Password: "hash", Grants: []registry.UserGrant{{Role: fleet.Admin}}}}, true},
		{"with a school", []registry.Change{registry.SavePlace{Parent: lahore, Place: fleet.Place{
			Kind: fleet.School, State: fleet.Active, Code: "PK6-1", EMIS: "1", Name: "GPS Chak 1",
		}}}, true},
		{"with a shipment", []registry.Change{registry.AnnounceShipment{Number: "S-1", Destination: lahore}}, true},
	}
	for _, c := range cases {
		t.Run(c.what, func(t *testing.T) {
			to := target(t)
			s := to.Register.As(registry.Operator())
			if err := atlas.Plant(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Apply(t.Context(), registry.Request{}, c.holds...); err != nil {
				t.Fatal(err)
			}
			_, err := demo.Fill(t.Context(), to, small)
			if used := fleet.KindOf(err) == fleet.Conflict; used != c.used || !used && err != nil {
				t.Errorf("filling: %v", err)
			}
		})
	}
}

const lahore fleet.PlaceCode = "PK617"

func TestFillRefusesWhatCannotBeMadeUp(t *testing.T) {
	to := target(t)
	before := contents(t, to.Register)
	_, err := demo.Fill(t.Context(), to, demo.Options{Devices: demo.MaxDevices + 1})
	if fleet.KindOf(err) != fleet.Invalid || !maps.Equal(before, contents(t, to.Register)) {
		t.Errorf("five million and one devices: %v", err)
	}
}

// A part of a demo is none, and cannot be gone on with.
func TestAnInterruptedDemoIsNoDemo(t *testing.T) {
	to := target(t)
	ctx, interrupt := context.WithCancel(t.Context())
	steps := []string{}
	to.Progress = func(step string, done, total int64) {
		if !slices.Contains(steps, step) {
			steps = append(steps, step)
		}
		if done < 0 || done > total {
			t.Errorf("%s: %d of %d", step, done, total)
		}
		if 2*done > total {
			interrupt()
		}
	}
	if _, err := demo.Fill(ctx, to, small); !errors.Is(err, context.Canceled) {
		t.Fatalf("interrupted: %v", err)
	}
	if want := []string{"places", "accounts", "eighteen months", "packing list SHP-2025-01"}; len(steps) < 4 || !slices.Equal(steps[:4], want) {
		t.Errorf("the steps were %q, want first %q", steps, want)
	}
	if in, err := demo.SignIns(t.Context(), to.Register); err != nil || len(in) != 0 {
		t.Errorf("%v can sign in, %v", in, err)
	}
	if _, err := demo.Fill(t.Context(), to, small); fleet.KindOf(err) != fleet.Conflict {
		t.Errorf("filled again: %v", err)
	}
	if !to.Clock.Now().Equal(today) {
		t.Errorf("the clock was left at %v", to.Clock.Now())
	}
}

func TestNobodySignsInWhereThereIsNoDemo(t *testing.T) {
	to := target(t)
	if in, err := demo.SignIns(t.Context(), to.Register); err != nil || in != nil {
		t.Errorf("%v can sign in, %v", in, err)
	}
}

func TestAHashThatFailsEndsTheDemo(t *testing.T) {
	to, broken := target(t), errors.New("no memory")
	to.Hash = func(context.Context, string) (string, error) { return "", broken }
	if _, err := demo.Fill(t.Context(), to, small); !errors.Is(err, broken) {
		t.Errorf("filled with %v", err)
	}
}
