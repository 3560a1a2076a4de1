package api

import (
	"context"
	"net/http"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) deviceActions() {
	act := func(verb string, needs fleet.Action, summary, sdk string) operation {
		return operation{
			Route: Route{http.MethodPost, "/devices/{serial}/" + verb, needs},
			id:    verb + "-device", summary: summary, sdk: "d, err := c." + sdk,
		}
	}
	add(a, act("assign", fleet.HandOut, "Give a device at a school to a holder there",
		`AssignDevice(ctx, "5CD3160ABC", takhti.Holder{Kind: takhti.HeldByClass, Label: "Class 9-B"})`), a.assignDevice)
	add(a, act("return", fleet.HandOut, "Take a device back from its holder",
		`ReturnDevice(ctx, "5CD3160ABC")`), a.returnDevice)
	add(a, act("dispatch", fleet.SendGoods, "Send a device to another place",
		`DispatchDevice(ctx, "5CD3160ABC", "PK6-37330250")`), a.dispatchDevice)
	add(a, act("accept", fleet.AcceptGoods, "Record that a device in transit has arrived",
		`AcceptDevice(ctx, "5CD3160ABC")`), a.acceptDevice)
	add(a, act("retire", fleet.EditDevices, "Take a device out of use for good",
		`RetireDevice(ctx, "5CD3160ABC")`), a.retireDevice)
}

// OnDevice names the device of an action.
type OnDevice struct {
	Keyed
	Serial string `path:"serial" maxLength:"100" example:"5CD3160ABC"`
}

type (
	assignIn struct {
		Worded
		Serial string `path:"serial" maxLength:"100" example:"5CD3160ABC"`
		Body   takhti.Holder
	}
	dispatchIn struct {
		OnDevice
		Body takhti.Dispatch
	}
	deviceOut = written[takhti.Device]
)

func (a *api) assignDevice(ctx context.Context, in *assignIn) (*deviceOut, error) {
	kind, err := read(in.Body.Kind, fleet.ParseHolderKind)
	if err != nil {
		return nil, err
	}
	holder := fleet.Holder{Kind: kind, Label: in.Body.Label, Roll: in.Body.Roll}
	if in.Body.ID != "" {
		if holder.Mark, err = a.session(ctx).MarkLearner(in.Body.ID); err != nil {
			return nil, err
		}
	}
	return a.actOn(ctx, in.request(), in.Serial, func(s fleet.Serial) registry.Change { return registry.AssignDevice{Serial: s, Holder: holder} })
}

func (a *api) dispatchDevice(ctx context.Context, in *dispatchIn) (*deviceOut, error) {
	to := fleet.PlaceCode(in.Body.To)
	return a.actOn(ctx, registry.Request{ID: in.Key}, in.Serial, func(s fleet.Serial) registry.Change { return registry.DispatchDevice{Serial: s, To: to} })
}

func (a *api) returnDevice(ctx context.Context, in *OnDevice) (*deviceOut, error) {
	return a.actOn(ctx, registry.Request{ID: in.Key}, in.Serial, func(s fleet.Serial) registry.Change { return registry.ReturnDevice{Serial: s} })
}

func (a *api) acceptDevice(ctx context.Context, in *OnDevice) (*deviceOut, error) {
	return a.actOn(ctx, registry.Request{ID: in.Key}, in.Serial, func(s fleet.Serial) registry.Change { return registry.AcceptDevice{Serial: s} })
}

func (a *api) retireDevice(ctx context.Context, in *OnDevice) (*deviceOut, error) {
	return a.actOn(ctx, registry.Request{ID: in.Key}, in.Serial, func(s fleet.Serial) registry.Change { return registry.RetireDevice{Serial: s} })
}

// actOn makes a change to a device and answers with the device as it was then.
func (a *api) actOn(ctx context.Context, q registry.Request, text string, change func(fleet.Serial) registry.Change) (*deviceOut, error) {
	serial, err := fleet.ParseSerial(text)
	if err != nil {
		return nil, err
	}
	s := a.session(ctx)
	receipt, err := s.Apply(ctx, q, change(serial))
	if err != nil {
		return nil, err
	}
	d, err := s.DeviceAfter(ctx, receipt, serial)
	if err != nil {
		return nil, err
	}
	list, err := devicesOf(ctx, s, []fleet.Device{d})
	if err != nil {
		return nil, err
	}
	return &deviceOut{replayed(receipt.Repeated), list[0]}, nil
}
