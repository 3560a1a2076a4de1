package takhti

import (
	"context"
	"iter"
)

// Shipment is a delivery from an assembler. Listed = received + short + awaited.
type Shipment struct {
	Number          string        `json:"number" example:"HP-2026-017"`
	Supplier        string        `json:"supplier,omitempty"`
	Destination     string        `json:"destination,omitempty" doc:"The code of the store; absent when it is outside your scope" example:"PK601-STORE"`
	DestinationName string        `json:"destination_name,omitempty"`
	Dispatched      Date          `json:"dispatched,omitempty"`
	State           ShipmentState `json:"state"`
	FileName        string        `json:"file_name,omitempty" doc:"What its packing list was called"`
	SHA256          string        `json:"sha256,omitempty" doc:"Of its packing list"`
	Listed          uint32        `json:"listed" doc:"Devices on the packing list"`
	Received        uint32        `json:"received" doc:"Of those, damaged ones included"`
	Damaged         uint32        `json:"damaged"`
	Over            uint32        `json:"over" doc:"Received though not listed"`
	Short           uint32        `json:"short" doc:"Not come when it was closed"`
	Awaited         uint32        `json:"awaited" doc:"Not come yet"`
}

// NewShipment announces a shipment, or brings the facts of an open one up to date.
type NewShipment struct {
	Number      string `json:"number" example:"HP-2026-017"`
	Supplier    string `json:"supplier,omitempty" maxLength:"100"`
	Destination string `json:"destination" doc:"The code of the store" example:"PK601-STORE"`
	Dispatched  Date   `json:"dispatched,omitempty"`
}

// Received says what came with a shipment: everything that is awaited, or the
// devices listed here.
type Received struct {
	All      bool       `json:"all,omitempty" doc:"Everything that is still awaited came, undamaged"`
	Serials  []string   `json:"serials,omitempty" nullable:"false" maxItems:"20000" doc:"Listed devices that came" example:"[\"5CD3160ABC\"]"`
	Damaged  []string   `json:"damaged,omitempty" nullable:"false" maxItems:"20000" doc:"Listed devices that came damaged"`
	Unlisted []Unlisted `json:"unlisted,omitempty" nullable:"false" maxItems:"20000" doc:"Devices that came though the packing list does not name them"`
}

// Unlisted is a device that came though no packing list names it.
type Unlisted struct {
	Serial   string `json:"serial" example:"5CD3160ABC"`
	AssetTag string `json:"asset_tag,omitempty"`
	Model    string `json:"model,omitempty"`
	Damaged  bool   `json:"damaged,omitempty"`
}

// ShipmentPage reads one page of shipments, the newest first.
func (c *Client) ShipmentPage(ctx context.Context, limit int, cursor string) (Page[Shipment], error) {
	return get[Page[Shipment]](ctx, c, "/shipments", newParameters().number("limit", limit).text("cursor", cursor).Values)
}

// Shipments yields all shipments, the newest first.
func (c *Client) Shipments(ctx context.Context) iter.Seq2[Shipment, error] {
	return each(func(cursor string) (Page[Shipment], error) { return c.ShipmentPage(ctx, wholePages, cursor) })
}

// Shipment reads the shipment with a number.
func (c *Client) Shipment(ctx context.Context, number string) (Shipment, error) {
	return get[Shipment](ctx, c, at("shipments", number), nil)
}

// AnnounceShipment makes a shipment, or brings the facts of an open one up to date.
func (c *Client) AnnounceShipment(ctx context.Context, s NewShipment) (Shipment, error) {
	return post[Shipment](ctx, c, "/shipments", s)
}

// ReceiveShipment records what came.
func (c *Client) ReceiveShipment(ctx context.Context, number string, came Received) (Shipment, error) {
	return post[Shipment](ctx, c, at("shipments", number, "receive"), came)
}

// CloseShipment ends a shipment; what has not come is short.
func (c *Client) CloseShipment(ctx context.Context, number string) (Shipment, error) {
	return post[Shipment](ctx, c, at("shipments", number, "close"), nil)
}
