package web_test

import (
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/registry"
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

// Who looks after accounts is led through setting up, until schools sign in.
func TestHomeLeadsThroughTheFirstSteps(t *testing.T) {
	w := newWorld(t)
	const step = "Give the schools their sign-in cards"
	for user, led := range map[string]bool{"admin": true, "manager": true, "officer": false, "viewer": false} {
		if got := strings.Contains(w.signedIn(t, user).text(), step); got != led {
			t.Errorf("%s is shown the first steps: %v", user, got)
		}
	}
	w.do(registry.OpenSchool{School: "PK6-35200001"})
	for _, user := range []string{"admin", "manager"} {
		if strings.Contains(w.signedIn(t, user).text(), step) {
			t.Errorf("%s is shown a step that was taken", user)
		}
	}
}
