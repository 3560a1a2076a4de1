package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// partly tells those outside a shipment's destination what its numbers mean.
const partly = "Of a shipment to a place outside your scope you see the part in it: its numbers count your devices alone, and nothing tells of the others."

func (a *api) shipments() {
	add(a, operation{
		Route: Route{http.MethodGet, "/shipments", fleet.Read},
		id:    "list-shipments", summary: "Shipments, the newest first",
		about: partly,
		sdk:   `for s, err := range c.Shipments(ctx) { … }`,
	}, a.listShipments)
	add(a, operation{
		Route: Route{http.MethodGet, "/shipments/{number}", fleet.Read},
		id:    "get-shipment", summary: "One shipment",
		about: partly,
		sdk:   `s, err := c.Shipment(ctx, "HP-2026-017")`,
	}, a.getShipment)
	add(a, operation{
		Route: Route{http.MethodPost, "/shipments", fleet.RunShipments},
		id:    "announce-shipment", summary: "Announce a shipment, or bring the facts of an open one up to date",
		about: "Its packing list comes in as an import.",
		sdk:   `s, err := c.AnnounceShipment(ctx, takhti.NewShipment{Number: "HP-2026-017", Destination: "PK601-STORE"})`,
	}, a.announceShipment)
	add(a, operation{
		Route: Route{http.MethodPost, "/shipments/{number}/receive", fleet.AcceptGoods},
		id:    "receive-shipment", summary: "Record what came with a shipment",
		about: "Either all, or the devices that are listed here; the listed ones are received together or not at all. To receive all takes those that you may receive.",
		sdk:   `s, err := c.ReceiveShipment(ctx, "HP-2026-017", takhti.Received{Serials: []string{"5CD3160ABC"}})`,
	}, a.receiveShipment)
	add(a, operation{
		Route: Route{http.MethodPost, "/shipments/{number}/close", fleet.RunShipments},
		id:    "close-shipment", summary: "End a shipment; what has not come is short",
		sdk: `s, err := c.CloseShipment(ctx, "HP-2026-017")`,
	}, a.closeShipment)
}

func (a *api) listShipments(ctx context.Context, in *struct{ Listed }) (*answer[takhti.Page[takhti.Shipment]], error) {
	s := a.session(ctx)
	f := filter{"shipments"}
	after, err := f.number(in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := s.Shipments(ctx)
	if err != nil {
		return nil, err
	}
	if after != 0 {
		all = slices.DeleteFunc(all, func(s fleet.Shipment) bool { return uint64(s.ID) >= after })
	}
	found, next := pageOf(all, in.Limit, func(s fleet.Shipment) uint64 { return uint64(s.ID) })
	page := takhti.Page[takhti.Shipment]{Next: f.numberCursor(next)}
	page.Items, err = shipmentsOf(ctx, s, found)
	return &answer[takhti.Page[takhti.Shipment]]{page}, err
}

// shipmentsOf describes shipments with the names of their destinations.
func shipmentsOf(ctx context.Context, s registry.Session, found []fleet.Shipment) ([]takhti.Shipment, error) {
	paths := make([]fleet.Path, 0, len(found))
	for i := range found {
		paths = append(paths, found[i].Destination)
	}
	known, err := s.PlacesAt(ctx, paths...)
	if err != nil {
		return nil, err
	}
	list := make([]takhti.Shipment, 0, len(found))
	for i := range found {
		list = append(list, shipmentOf(&found[i], known[paths[i]]))
	}
	return list, nil
}

func shipmentOf(s *fleet.Shipment, to fleet.Place) takhti.Shipment {
	return takhti.Shipment{
		Number: s.Number, Supplier: s.Supplier, Destination: string(to.Code), DestinationName: to.Name,
		Dispatched: dateOf(s.Dispatched), State: takhti.ShipmentState(s.State.String()), FileName: s.FileName, SHA256: s.File,
		Listed: s.Lines, Received: s.Received, Damaged: s.Damaged, Over: s.Over, Short: s.Short, Awaited: s.Awaited(),
	}
}

// OnShipment names the shipment of an action.
type OnShipment struct {
	Keyed
	Number string `path:"number" maxLength:"60" example:"HP-2026-017"`
}

type (
	shipmentIn struct {
		Number string `path:"number" maxLength:"60" example:"HP-2026-017"`
	}
	announceIn struct {
		Keyed
		Body takhti.NewShipment
	}
	receiveIn struct {
		OnShipment
		Body takhti.Received
	}
	shipmentOut = written[takhti.Shipment]
)

func (a *api) getShipment(ctx context.Context, in *shipmentIn) (*answer[takhti.Shipment], error) {
	s := a.session(ctx)
	ship, err := s.Shipment(ctx, in.Number)
	if err != nil {
		return nil, err
	}
	list, err := shipmentsOf(ctx, s, []fleet.Shipment{ship})
	if err != nil {
		return nil, err
	}
	return &answer[takhti.Shipment]{list[0]}, nil
}

func (a *api) announceShipment(ctx context.Context, in *announceIn) (*shipmentOut, error) {
	dispatched, err := dateOr(in.Body.Dispatched, 0)
	if err != nil {
		return nil, err
	}
	s := a.session(ctx)
	q := registry.Request{ID: in.Key, Digest: digestOf("announce", in.Body)}
	return changeShipment(ctx, s, q, in.Body.Number, registry.AnnounceShipment{
		Number: in.Body.Number, Supplier: in.Body.Supplier, Destination: fleet.PlaceCode(in.Body.Destination), Dispatched: dispatched,
	})
}

func (a *api) closeShipment(ctx context.Context, in *OnShipment) (*shipmentOut, error) {
	return changeShipment(ctx, a.session(ctx), registry.Request{ID: in.Key}, in.Number, registry.CloseShipment{Number: in.Number})
}

// changeShipment makes changes and answers with the shipment as it was then.
func changeShipment(ctx context.Context, s registry.Session, q registry.Request, number string, changes ...registry.Change) (*shipmentOut, error) {
	receipt, err := s.Apply(ctx, q, changes...)
	if err != nil {
		return nil, err
	}
	return shipmentAfter(ctx, s, receipt, number)
}

// shipmentAfter answers with the shipment as it was after a request.
func shipmentAfter(ctx context.Context, s registry.Session, receipt registry.Receipt, number string) (*shipmentOut, error) {
	ship, err := s.ShipmentAfter(ctx, receipt, number)
	if err != nil {
		return nil, err
	}
	list, err := shipmentsOf(ctx, s, []fleet.Shipment{ship})
	if err != nil {
		return nil, err
	}
	return &shipmentOut{replayed(receipt.Repeated), list[0]}, nil
}
