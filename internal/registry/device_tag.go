package registry

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
)

// DeviceByTag reads the device with the asset tag.
func (s Session) DeviceByTag(ctx context.Context, tag fleet.Tag) (d fleet.Device, err error) {
	err = s.reg.view(ctx, func(r kv.Reader) error {
		id, ok, err := devices.Lookup(r, devices.Index("by_tag").Str(string(tag)))
		if err != nil {
			return err
		}
		if ok {
			if d, _, err = devices.Get(r, id); err != nil {
				return err
			}
		}
		if !ok || !s.actor.seesDevice(&d) {
			d = fleet.Device{}
			return fleet.NotFoundf("device.not_found", "there is no device with the asset tag %s in the register", tag).In("asset_tag")
		}
		return nil
	})
	return d, err
}
