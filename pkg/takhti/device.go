package takhti

import (
	"context"
	"iter"
	"time"
)

// Model is a make of device.
type Model struct {
	Name         string `json:"name" example:"Chromebook 11 G2"`
	Manufacturer string `json:"manufacturer,omitempty"`
	Screen       string `json:"screen,omitempty" doc:"The diagonal" example:"11.6\""`
	AUE          Date   `json:"aue,omitempty" doc:"The day Google's updates end"`
	LifeMonths   uint32 `json:"life_months,omitempty" doc:"Expected life in use"`
}

// Device is one Chromebook.
type Device struct {
	Serial    string    `json:"serial" example:"5CD3160ABC"`
	AssetTag  string    `json:"asset_tag,omitempty"`
	Model     string    `json:"model,omitempty" example:"Chromebook 11 G2"`
	Status    Status    `json:"status"`
	Condition Condition `json:"condition"`
	Arrival   Arrival   `json:"arrival" doc:"How it came in against its packing list"`
	Place     string    `json:"place,omitempty" doc:"The code of the place where it is, or for expected and in-transit ones where it is bound; absent when that is outside your scope" example:"PK6-37330250"`
	PlaceName string    `json:"place_name,omitempty" example:"GGHS Chak 77"`
	From      string    `json:"from,omitempty" doc:"In transit: the code of the place it was sent from"`
	Holder    *Holder   `json:"holder,omitempty" doc:"Issued ones: who has it"`
	Shipment  string    `json:"shipment,omitempty" example:"HP-2026-017"`

	MAC          string    `json:"mac,omitempty"`
	Carton       string    `json:"carton,omitempty"`
	Lot          string    `json:"lot,omitempty"`
	Line         string    `json:"line,omitempty" doc:"Assembly line"`
	PO           string    `json:"po,omitempty" doc:"Purchase order"`
	Price        float64   `json:"price,omitempty" doc:"In rupees" example:"45000"`
	Funding      string    `json:"funding,omitempty"`
	WarrantyEnds Date      `json:"warranty_ends,omitempty"`
	Received     Date      `json:"received,omitempty" doc:"The day it was received from its shipment"`
	Changed      time.Time `json:"changed" doc:"When it last changed"`
}

// Holder is who has a device inside a school. A learner is a class and a roll
// number, never a name.
type Holder struct {
	Kind  HolderKind `json:"kind" example:"class"`
	Label string     `json:"label" doc:"The post, the class, the room or the cart; a learner's class" example:"Class 9-B"`
	Roll  uint32     `json:"roll,omitempty" doc:"Learners only: the roll number"`
	// ID is sent and never answered: the register keeps nothing of it but a mark, by
	// which it knows the same ID again.
	ID string `json:"id,omitempty" writeOnly:"true" maxLength:"60" doc:"Learners only: a number of their own, such as the admission number. It is never answered: only a mark is kept, by which the same number is known again"`
	// HasID says whether the ID was given.
	HasID bool `json:"hasId,omitempty" readOnly:"true" doc:"Whether the learner's ID was given"`
}

// DeviceDetail is a device with what happened to it.
type DeviceDetail struct {
	Device
	History []DeviceEvent `json:"history,omitempty" nullable:"false" doc:"What happened to it, oldest first; absent when history=false was asked for"`
}

// DeviceEvent is one change of a device, and how the device stood after it.
type DeviceEvent struct {
	Entry     uint64    `json:"entry" doc:"The number of the journal's entry"`
	Time      time.Time `json:"time"`
	Change    string    `json:"change" example:"assign_device"`
	By        string    `json:"by" example:"gghs.chak77"`
	Via       string    `json:"via,omitempty" doc:"web, api or cli"`
	Status    Status    `json:"status"`
	Condition Condition `json:"condition"`
	Place     string    `json:"place,omitempty" doc:"Absent when it is outside your scope"`
	PlaceName string    `json:"place_name,omitempty"`
	Holder    *Holder   `json:"holder,omitempty"`
}

// Dispatch says where a device is sent.
type Dispatch struct {
	To string `json:"to" doc:"The code of the place, or a school's EMIS code" example:"PK6-37330250"`
}

// DeviceQuery says which devices are wanted. Empty fields ask for nothing in
// particular.
type DeviceQuery struct {
	Place     string // at the place with this code and below it
	Status    Status
	Condition Condition
	Model     string // its name
	Shipment  string // its number
	Search    string // part of a serial or of an asset tag
	Limit     int    // of one page, at most 1000
	Cursor    string // Next of the page before
}

// Models reads all models.
func (c *Client) Models(ctx context.Context) ([]Model, error) {
	page, err := get[Page[Model]](ctx, c, "/models", nil)
	return page.Items, err
}

// DevicePage reads one page of devices. It may be shorter than its limit, even
// empty, and yet not the last: only an empty Next says so.
func (c *Client) DevicePage(ctx context.Context, q DeviceQuery) (Page[Device], error) {
	p := newParameters().text("place", q.Place).text("status", string(q.Status)).text("condition", string(q.Condition)).
		text("model", q.Model).text("shipment", q.Shipment).text("q", q.Search)
	return get[Page[Device]](ctx, c, "/devices", p.number("limit", q.Limit).text("cursor", q.Cursor).Values)
}

// Devices yields all devices that the query asks for.
func (c *Client) Devices(ctx context.Context, q DeviceQuery) iter.Seq2[Device, error] {
	q.Limit = wholePages
	return each(func(cursor string) (Page[Device], error) {
		q.Cursor = cursor
		return c.DevicePage(ctx, q)
	})
}

// Device reads the device with a serial, and its history.
func (c *Client) Device(ctx context.Context, serial string) (DeviceDetail, error) {
	return get[DeviceDetail](ctx, c, at("devices", serial), nil)
}

// AssignDevice gives a device at a school to a holder there.
func (c *Client) AssignDevice(ctx context.Context, serial string, to Holder) (Device, error) {
	return post[Device](ctx, c, at("devices", serial, "assign"), to)
}

// ReturnDevice takes a device back from its holder.
func (c *Client) ReturnDevice(ctx context.Context, serial string) (Device, error) {
	return post[Device](ctx, c, at("devices", serial, "return"), nil)
}

// DispatchDevice sends a device to another place.
func (c *Client) DispatchDevice(ctx context.Context, serial, to string) (Device, error) {
	return post[Device](ctx, c, at("devices", serial, "dispatch"), Dispatch{To: to})
}

// AcceptDevice records that a device in transit has arrived.
func (c *Client) AcceptDevice(ctx context.Context, serial string) (Device, error) {
	return post[Device](ctx, c, at("devices", serial, "accept"), nil)
}

// RetireDevice takes a device out of use for good.
func (c *Client) RetireDevice(ctx context.Context, serial string) (Device, error) {
	return post[Device](ctx, c, at("devices", serial, "retire"), nil)
}
