package web_test

import (
	"strings"
	"testing"
)

// A shipment comes to the store, whoever its devices are bound for: only the store
// is asked to receive it.
func TestHomeAsksOnlyWhoCanReceive(t *testing.T) {
	w := newWorld(t)
	w.expect("SHP-9", "PK6-35200001", "ZZZ-0001")
	for user, asked := range map[string]bool{"officer": true, "manager": true, "school": false, "workshop": false} {
		b := w.signedIn(t, user)
		if got := strings.Contains(b.text(), "SHP-9"); got != asked {
			t.Errorf("the home page of %s asks to receive SHP-9: %v", user, got)
		}
	}
}
