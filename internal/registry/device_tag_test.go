package registry_test

import (
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

func TestADeviceIsFoundByItsTag(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "5CD1")
	w.do(w.boss, registry.CorrectDevice{Serial: "5CD1", Device: fleet.Device{Tag: "CB-7"}})
	d, err := w.as(fleet.SchoolRole, "PK6-35200001").DeviceByTag(t.Context(), "CB-7")
	if err != nil || d.Serial != "5CD1" {
		t.Errorf("found %q: %v", d.Serial, err)
	}
	for _, tag := range []fleet.Tag{"CB", "CB-77", ""} { // a part of a tag is not a tag
		_, err = w.boss.DeviceByTag(t.Context(), tag)
		wantCode(t, err, "device.not_found")
	}
	d, err = w.as(fleet.SchoolRole, "PK6-35200002").DeviceByTag(t.Context(), "CB-7")
	wantCode(t, err, "device.not_found")
	if d.Serial != "" {
		t.Error("another school is told of the device")
	}
}
