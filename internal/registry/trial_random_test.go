package registry_test

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// A trial, a preview and the changes made one by one agree on each change's error.
func TestATrialGivesTheErrorsOfApply(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		defer w.reg.Close()
		draw := rapid.Custom(w.anyChange())
		w.do(w.boss, registry.AnnounceShipment{Number: "SHP-1", Destination: "PK601"})
		for _, c := range rapid.SliceOfN(draw, 0, 15).Draw(rt, "before") {
			_, _ = w.boss.Apply(ctx, registry.Request{}, c)
		}
		who := w.boss
		if rapid.Bool().Draw(rt, "officer") {
			who = w.as(fleet.Officer, "PK601")
		}
		changes := rapid.SliceOfN(draw, 10, 40).Draw(rt, "changes")
		trial := who.Trial()
		for rest := changes; len(rest) > 0; {
			n := rapid.IntRange(1, len(rest)).Draw(rt, "together")
			if err := trial.Try(ctx, rest[:n]...); err != nil {
				rt.Fatal(err)
			}
			rest = rest[n:]
		}
		tried, err := trial.Errors(ctx)
		if err != nil {
			rt.Fatal(err)
		}
		previewed, err := who.Preview(ctx, changes...)
		if err != nil {
			rt.Fatal(err)
		}
		for i, c := range changes {
			_, applied := who.Apply(ctx, registry.Request{}, c)
			if a, b, c := fmt.Sprint(tried[i]), fmt.Sprint(previewed[i]), fmt.Sprint(applied); a != b || b != c {
				rt.Fatalf("change %d, %+v: the trial says %s, the preview %s, and applying it %s", i, changes[i], a, b, c)
			}
		}
	})
}

// However others change the register during a trial, its errors are those of the
// register as it is at the end.
func TestATrialFollowsTheRegister(t *testing.T) {
	ctx := context.Background()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		defer w.reg.Close()
		draw := rapid.Custom(w.anyChange())
		w.do(w.boss, registry.AnnounceShipment{Number: "SHP-1", Destination: "PK601"})
		for _, c := range rapid.SliceOfN(draw, 0, 15).Draw(rt, "before") {
			_, _ = w.boss.Apply(ctx, registry.Request{}, c)
		}
		trial, all := w.boss.Trial(), []registry.Change(nil)
		for range rapid.IntRange(1, 8).Draw(rt, "parts") {
			part := rapid.SliceOfN(draw, 0, 8).Draw(rt, "part")
			if err := trial.Try(ctx, part...); err != nil {
				rt.Fatal(err)
			}
			all = append(all, part...)
			for _, c := range rapid.SliceOfN(draw, 0, 2).Draw(rt, "others") {
				_, _ = w.boss.Apply(ctx, registry.Request{}, c)
			}
		}
		last := rapid.SliceOfN(draw, 1, 2).Draw(rt, "last")
		if err := trial.Try(ctx, last...); err != nil {
			rt.Fatal(err)
		}
		all = append(all, last...)
		stale := trial.Stale()
		tried, err := trial.Errors(ctx)
		if err != nil {
			rt.Fatal(err)
		}
		previewed, err := w.boss.Preview(ctx, all...)
		if err != nil {
			rt.Fatal(err)
		}
		for i := range all {
			if got, want := fmt.Sprint(tried[i]), fmt.Sprint(previewed[i]); got != want {
				rt.Fatalf("change %d, %+v: the trial (again: %v) says %s, a preview %s", i, all[i], stale, got, want)
			}
		}
	})
}

// anyChange draws changes of few things, so that they are often in each other's way.
func (w *world) anyChange() func(*rapid.T) registry.Change {
	var paths []fleet.Path
	codes := []fleet.PlaceCode{"PK6-35200001", "PK601-STORE", "PK601", "PK6", "PK6-35200002", "PK6-35100001", "PK6-35200009"}
	for _, code := range codes[:6] {
		paths = append(paths, w.path(code))
	}
	paths = append(paths, "")
	serials := []fleet.Serial{"AAA001", "AAA002", "AAA003", "AAA004", "X"}
	return func(t *rapid.T) registry.Change {
		serial, code := rapid.SampledFrom(serials).Draw(t, "serial"), rapid.SampledFrom(codes).Draw(t, "place")
		number := rapid.SampledFrom([]string{"SHP-1", "SHP-1", "SHP-1", "SHP-1", "SHP-2", ""}).Draw(t, "shipment")
		model := rapid.SampledFrom([]string{"", "Takhti 11", "takhti 11", "Slate"}).Draw(t, "model")
		device := fleet.Device{
			Serial: serial, Tag: rapid.SampledFrom([]fleet.Tag{"", "T1", "T2"}).Draw(t, "tag"),
			Price: fleet.Rupees(rapid.SampledFrom([]int{0, 500, 500, 500, -1}).Draw(t, "price")),
		}
		n := rapid.IntRange(0, 3).Draw(t, "n")
		expect := registry.ExpectDevice{Shipment: number, Place: rapid.SampledFrom(paths).Draw(t, "path"), Device: device, Model: model}
		saved := school(fmt.Sprint(35200001+n), rapid.SampledFrom([]string{"PK601", "PK602", "PK9"}).Draw(t, "parent"), "GGHS Chak 77")
		saved.Place.State = rapid.SampledFrom([]fleet.PlaceState{fleet.Active, fleet.Closed}).Draw(t, "state")
		return rapid.SampledFrom([]registry.Change{
			expect, expect, expect.Pack(), expect.Pack(), saved,
			// Of another kind it can be made only while it holds nothing.
			place(string(code), "PK601", rapid.SampledFrom([]fleet.PlaceKind{fleet.School, fleet.Store}).Draw(t, "kind"), "Store"),
			registry.AnnounceShipment{Number: number, Destination: code},
			registry.ReceiveDevice{Serial: serial, Damaged: n == 0},
			registry.ReceiveUnlisted{Shipment: number, Place: code, Device: device, Model: model},
			registry.CloseShipment{Number: number},
			registry.CorrectDevice{Serial: serial, Device: device, Model: model},
			registry.DispatchDevice{Serial: serial, To: code},
			registry.AcceptDevice{Serial: serial},
			registry.AssignDevice{Serial: serial, Holder: fleet.Holder{Kind: fleet.HeldByClass, Label: "7B"}},
			registry.ReturnDevice{Serial: serial},
			registry.RetireDevice{Serial: serial},
			registry.ReportFault{Serial: serial, Category: fleet.FaultScreen, Severity: fleet.Minor},
			registry.RecordStockTake{Place: code, Date: fleet.NewDate(2026, 5, 1+n), Serials: serials[:n]},
			registry.SetTarget{Place: code, By: fleet.NewDate(2026, 7, 1+n), Devices: uint32(n)},
			registry.SaveModel{Model: fleet.Model{Name: model}},
		}).Draw(t, "change")
	}
}
