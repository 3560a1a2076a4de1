package fleet

import "testing"

func TestCheckTarget(t *testing.T) {
	day := NewDate(2026, 6, 30)
	for _, c := range []struct {
		target      Target
		code, field string
	}{
		{Target{By: day, Devices: 40}, "", ""},
		{Target{By: day}, "", ""}, // taken back
		{Target{Devices: 40}, "target.by_missing", "by"},
		{Target{By: day, Devices: maxTarget}, "", ""},
		{Target{By: day, Devices: maxTarget + 1}, "target.devices", "devices"},
	} {
		if err := c.target.Check(); codeOf(err) != c.code {
			t.Errorf("%+v: %v, want %q", c.target, err, c.code)
		} else if c.code != "" {
			refused(t, err, c.code, c.field)
		}
	}
}

func TestWhatATargetLacks(t *testing.T) {
	target := Target{Devices: 40}
	for has, want := range map[int64]int64{0: 40, 25: 15, 40: 0, 41: 0} {
		if got := target.Missing(has); got != want {
			t.Errorf("with %d devices %d of 40 are missing, want %d", has, got, want)
		}
	}
}

// What counts towards a target has come, and can be found where it is.
func TestWhatIsDelivered(t *testing.T) {
	delivered := map[Status]bool{InStore: true, AtSchool: true, Issued: true, InRepair: true}
	for _, s := range Statuses() {
		if s.Delivered() != delivered[s] {
			t.Errorf("%s is delivered: %v", s, s.Delivered())
		}
	}
}
