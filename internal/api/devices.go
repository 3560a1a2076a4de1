package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func (a *api) devices() {
	add(a, operation{
		Route: Route{http.MethodGet, "/devices", fleet.Read},
		id:    "list-devices", summary: "Devices, filtered, or found by a part of a serial or asset tag",
		about: "A page may be shorter than its limit, even empty, and yet not the last: go on for as long as there is a next.",
		sdk:   `for d, err := range c.Devices(ctx, takhti.DeviceQuery{Place: "PK601", Status: takhti.StatusLost}) { … }`,
	}, a.listDevices)
	add(a, operation{
		Route: Route{http.MethodGet, "/devices/{serial}", fleet.Read},
		id:    "get-device", summary: "One device and what happened to it",
		sdk: `d, err := c.Device(ctx, "5CD3160ABC")`,
	}, a.getDevice)
}

type listDevicesIn struct {
	Listed
	Place     string           `query:"place" doc:"At the place with this code and below it; otherwise within your home" example:"PK601"`
	Status    takhti.Status    `query:"status"`
	Condition takhti.Condition `query:"condition"`
	Model     string           `query:"model" maxLength:"100" doc:"A model's name"`
	Shipment  string           `query:"shipment" maxLength:"60" doc:"A shipment's number"`
	Search    string           `query:"q" maxLength:"40" doc:"Part of a serial or of an asset tag" example:"160AB"`
}

func (a *api) listDevices(ctx context.Context, in *listDevicesIn) (*answer[takhti.Page[takhti.Device]], error) {
	s := a.session(ctx)
	q, err := deviceQuery(ctx, s, in)
	if err != nil {
		return nil, err
	}
	f := filter{"devices", q.Place, q.Status, q.Condition, q.Model, q.Shipment, q.Text}
	if q.After, err = f.position(in.Cursor); err != nil {
		return nil, err
	}
	found, next, err := s.Devices(ctx, q)
	if err != nil {
		return nil, err
	}
	page := takhti.Page[takhti.Device]{Next: f.cursor(next)}
	page.Items, err = devicesOf(ctx, s, found)
	return &answer[takhti.Page[takhti.Device]]{page}, err
}

func deviceQuery(ctx context.Context, s registry.Session, in *listDevicesIn) (q registry.DeviceQuery, err error) {
	q = registry.DeviceQuery{Text: in.Search, Limit: in.Limit}
	place, err := placeOr(ctx, s, in.Place)
	if err != nil {
		return q, err
	}
	q.Place = place.Path
	if q.Status, err = read(in.Status, fleet.ParseStatus); err != nil {
		return q, err
	}
	if q.Condition, err = read(in.Condition, fleet.ParseCondition); err != nil {
		return q, err
	}
	if q.Model, err = modelNamed(ctx, s, in.Model); err != nil || in.Shipment == "" {
		return q, err
	}
	ship, err := s.Shipment(ctx, in.Shipment)
	q.Shipment = ship.ID
	return q, err
}

// modelNamed finds a model by its name, which may be left out.
func modelNamed(ctx context.Context, s registry.Session, name string) (fleet.ModelID, error) {
	if name == "" {
		return 0, nil
	}
	all, err := s.Models(ctx)
	if err != nil {
		return 0, err
	}
	i := slices.IndexFunc(all, func(m fleet.Model) bool { return registry.Fold(m.Name) == registry.Fold(name) })
	if i < 0 {
		return 0, fleet.NotFoundf("model.not_found", "there is no model %q", name).In("model")
	}
	return all[i].ID, nil
}

// devicesOf describes devices with the names of what they refer to.
func devicesOf(ctx context.Context, s registry.Session, found []fleet.Device) ([]takhti.Device, error) {
	labels, err := s.DeviceLabels(ctx, found...)
	if err != nil {
		return nil, err
	}
	list := make([]takhti.Device, 0, len(found))
	for i := range found {
		list = append(list, deviceOf(&found[i], &labels))
	}
	return list, nil
}

func deviceOf(d *fleet.Device, l *registry.Labels) takhti.Device {
	at, from := l.Places[d.Place], l.Places[d.From]
	return takhti.Device{
		Serial: string(d.Serial), AssetTag: string(d.Tag), Model: l.Models[d.Model],
		Status: takhti.Status(d.Status.String()), Condition: takhti.Condition(d.Condition.String()), Arrival: takhti.Arrival(d.Arrival.String()),
		Place: string(at.Code), PlaceName: at.Name, From: string(from.Code), Holder: holderOf(d.Holder), Shipment: l.Shipments[d.Shipment],
		MAC: d.MAC, Carton: d.Carton, Lot: d.Lot, Line: d.Line, PO: d.PO, Price: rupeesOf(d.Price), Funding: d.Funding,
		WarrantyEnds: dateOf(d.WarrantyEnds), Received: dateOf(d.Received), Changed: d.Changed.UTC().Truncate(time.Second),
	}
}

func holderOf(h fleet.Holder) *takhti.Holder {
	if h.Kind == 0 {
		return nil
	}
	return &takhti.Holder{Kind: takhti.HolderKind(h.Kind.String()), Label: h.Label, Roll: h.Roll, HasID: h.Mark != ""}
}

// rupeesOf is an amount, kept in paisa, as a number of rupees.
func rupeesOf(r fleet.Rupees) float64 { return float64(r) / 100 }

type getDeviceIn struct {
	Serial  string `path:"serial" maxLength:"100" example:"5CD3160ABC"`
	History bool   `query:"history" default:"true" doc:"false leaves its history out"`
}

func (a *api) getDevice(ctx context.Context, in *getDeviceIn) (*answer[takhti.DeviceDetail], error) {
	s := a.session(ctx)
	serial, err := fleet.ParseSerial(in.Serial)
	if err != nil {
		return nil, err
	}
	d, err := s.DeviceDetail(ctx, serial, in.History)
	if err != nil {
		return nil, err
	}
	detail := takhti.DeviceDetail{Device: deviceOf(&d.Device, &d.Labels)}
	if len(d.History) > 0 {
		detail.History = make([]takhti.DeviceEvent, 0, len(d.History))
	}
	for i := range d.History {
		if e := &d.History[i]; e.After != nil {
			detail.History = append(detail.History, eventOf(e, &d.Labels))
		}
	}
	return &answer[takhti.DeviceDetail]{detail}, nil
}

func eventOf(e *registry.DeviceEvent, l *registry.Labels) takhti.DeviceEvent {
	at := l.Places[e.After.Place]
	return takhti.DeviceEvent{
		Entry: e.Entry.Seq, Time: e.Entry.Time.UTC().Truncate(time.Second), Change: e.Entry.Change, By: e.Entry.Actor, Via: e.Entry.Via,
		Status: takhti.Status(e.After.Status.String()), Condition: takhti.Condition(e.After.Condition.String()),
		Place: string(at.Code), PlaceName: at.Name, Holder: holderOf(e.After.Holder),
	}
}
