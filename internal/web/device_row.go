package web

import (
	"slices"
	"strconv"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// deviceRow is a device as lists show it.
type deviceRow struct {
	fleet.Device
	at       fleet.Place // its code is empty when the visitor does not see it
	model    string
	shipment string
}

func (v *visit) deviceRows(ds []fleet.Device) ([]deviceRow, error) {
	labels, err := v.session.DeviceLabels(v.ctx, ds...)
	if err != nil {
		return nil, err
	}
	rows := make([]deviceRow, 0, len(ds))
	for _, d := range ds {
		rows = append(rows, deviceRow{
			Device: d, at: labels.Places[d.Place], model: labels.Models[d.Model], shipment: labels.Shipments[d.Shipment],
		})
	}
	return rows, nil
}

// holder is who has the device, in words.
func (v *view) holder(h fleet.Holder) string {
	switch h.Kind {
	case 0:
		return ""
	case fleet.HeldByLearner:
		return v.say("device.learner", "class", h.Label, "roll", strconv.FormatUint(uint64(h.Roll), 10))
	}
	return v.say("device.held", "kind", v.word("holder", h.Kind.String()), "label", h.Label)
}

// manyPlaces says whether the devices are not all at one place, which a list
// would only repeat.
func manyPlaces(rows []deviceRow) bool {
	return slices.ContainsFunc(rows, func(d deviceRow) bool { return d.Place != rows[0].Place })
}
