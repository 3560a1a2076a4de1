package workbook

import (
	"context"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// eachDeviceOf reads the devices of a shipment, page after page.
func eachDeviceOf(ctx context.Context, s registry.Session, id fleet.ShipmentID, take func(*fleet.Device)) error {
	const most = 5_000
	q := registry.DeviceQuery{Shipment: id, Limit: most}
	for {
		page, next, err := s.Devices(ctx, q)
		if err != nil {
			return err
		}
		for i := range page {
			take(&page[i])
		}
		if next == nil {
			return nil
		}
		q.After = next
	}
}
