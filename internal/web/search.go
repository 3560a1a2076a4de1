package web

import (
	"net/http"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// searchPage is what was found for a text.
type searchPage struct {
	text    string
	devices []deviceRow
	more    string // the address of all the devices, when there are more
	places  []fleet.Place
	above   map[fleet.Path]fleet.Place // the places in which those found lie
}

// How much of what was found one page shows.
const (
	searchDevices = 20
	searchPlaces  = 20
)

// search looks for a device, a fault, a shipment or a place. What fits one of
// them exactly is gone to at once.
func (v *visit) search() (reply, error) {
	p := searchPage{text: v.query("q")}
	if p.text == "" {
		return show(v.say("search.title"), searchBody(v.view, p)), nil
	}
	if to, ok := v.exactly(p.text); ok {
		return reply{status: http.StatusFound, location: to}, nil
	}
	if err := v.searchPlaces(&p); err != nil {
		return reply{}, err
	}
	if err := v.searchDevices(&p); err != nil {
		return reply{}, err
	}
	return show(v.say("search.title"), searchBody(v.view, p)), nil
}

// exactly is the address of what has the text as its serial, tag, reference or number.
func (v *visit) exactly(text string) (string, bool) {
	if d, ok := v.deviceCalled(text); ok {
		return deviceAddress(d.Serial), true
	}
	if f, err := v.session.Fault(v.ctx, text); err == nil {
		return faultAddress(f.Ref), true
	}
	if s, err := v.session.Shipment(v.ctx, text); err == nil {
		return shipmentAddress(s.Number), true
	}
	if p, err := v.session.Place(v.ctx, fleet.PlaceCode(text)); err == nil {
		return placeAddress(p.Code), true
	}
	return "", false
}

// deviceCalled is the device with just this serial, or else with just this asset tag.
func (v *visit) deviceCalled(text string) (fleet.Device, bool) {
	if serial, err := fleet.ParseSerial(text); err == nil {
		if d, err := v.session.Device(v.ctx, serial); err == nil {
			return d, true
		}
	}
	tag, err := fleet.ParseTag(text)
	if err != nil || tag == "" {
		return fleet.Device{}, false
	}
	d, err := v.session.DeviceByTag(v.ctx, tag)
	return d, err == nil
}

func (v *visit) searchDevices(p *searchPage) error {
	serial, err := fleet.ParseSerial(p.text)
	text := string(serial)
	if err != nil {
		text = p.text // too short for a serial, and still a part of one
	}
	home, _, err := v.session.Home(v.ctx)
	if err != nil {
		return err
	}
	found, next, err := v.session.Devices(v.ctx, registry.DeviceQuery{Place: home.Path, Text: text, Limit: searchDevices})
	if err != nil {
		return err
	}
	if next != nil {
		p.more = address("/devices", "q", text)
	}
	p.devices, err = v.deviceRows(found)
	return err
}

func (v *visit) searchPlaces(p *searchPage) (err error) {
	if p.places, err = v.session.SearchPlaces(v.ctx, p.text, searchPlaces); err != nil {
		return err
	}
	var above []fleet.Path
	for _, place := range p.places {
		above = append(above, place.Path.Parent())
	}
	p.above, err = v.session.PlacesAt(v.ctx, above...)
	return err
}
