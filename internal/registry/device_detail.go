package registry

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// DeviceDetail is one device with all that a page about it shows, as it is at one
// moment.
type DeviceDetail struct {
	Device  fleet.Device
	History []DeviceEvent // oldest first; nil unless asked for
	Labels  Labels        // of the device and of its history
}

// DeviceDetail reads one device, with its history when that is asked for.
func (s Session) DeviceDetail(ctx context.Context, serial fleet.Serial, history bool) (d DeviceDetail, err error) {
	err = s.reg.viewNamed(ctx, func(r kv.Reader, n names) error {
		d, err = s.deviceDetail(r, n, serial, history)
		return err
	})
	return d, err
}

func (s Session) deviceDetail(r kv.Reader, n names, serial fleet.Serial, history bool) (d DeviceDetail, err error) {
	if d.Device, err = visibleDevice(r, s.actor, serial); err != nil {
		return d, err
	}
	if history {
		if d.History, err = historyOf(r, s.actor, &d.Device); err != nil {
			return d, err
		}
	}
	d.Labels = newLabels()
	if err := d.Labels.add(n, s.actor, &d.Device); err != nil {
		return d, err
	}
	for i := range d.History {
		after := d.History[i].After
		if after == nil {
			continue
		}
		if err := d.Labels.add(n, s.actor, after); err != nil {
			return d, err
		}
	}
	return d, nil
}
