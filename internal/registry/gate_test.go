package registry_test

import (
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Who stands behind a token is kept, as every request asks for it; what takes
// the token's power away must count from the next request on.
func TestATokenEndsAtOnceThoughItWasJustUsed(t *testing.T) {
	for _, end := range []struct {
		name   string
		change func(tok fleet.Token) registry.Change
		wait   time.Duration
	}{
		{name: "revoked", change: func(tok fleet.Token) registry.Change { return registry.RevokeToken{ID: tok.ID} }},
		{name: "its user disabled", change: func(fleet.Token) registry.Change { return registry.EnableUser{User: "amna"} }},
		{name: "expired", wait: 2 * time.Hour},
	} {
		t.Run(end.name, func(t *testing.T) {
			w := newWorld(t)
			hash := []byte("hash of amna's token")
			w.do(w.boss, registry.AddUser{User: "amna", Grants: []registry.UserGrant{{Role: fleet.Admin}}}, registry.AddToken{
				Kind: fleet.APIToken, User: "amna", Hash: hash, Label: "x", Prefix: "x",
				Grants: []registry.UserGrant{{Role: fleet.Viewer, Place: "PK601"}}, Expires: w.clock.Add(time.Hour),
			})
			gate, now := w.reg.Gate(), w.clock
			var tok fleet.Token
			for range 2 {
				found, actor, ok, err := gate.Token(t.Context(), fleet.APIToken, hash, now)
				if err != nil || !ok || actor.Name != "amna" || len(actor.Grants) != 1 || actor.Grants[0].Role != fleet.Viewer {
					t.Fatalf("the token stands for %+v: %v, %v", actor, ok, err)
				}
				tok = found
			}
			if _, _, ok, err := gate.Token(t.Context(), fleet.SessionToken, hash, now); ok || err != nil {
				t.Errorf("it passes as a session: %v", err)
			}
			if end.change != nil {
				w.do(w.boss, end.change(tok))
			}
			if _, _, ok, err := gate.Token(t.Context(), fleet.APIToken, hash, now.Add(end.wait)); ok || err != nil {
				t.Errorf("it is still good: %v", err)
			}
		})
	}
}

func TestDeviceDetailIsWhatItsPartsSay(t *testing.T) {
	w := newWorld(t)
	w.atSchool("PK6-35200001", "AAA001")
	_, err := w.as(fleet.Viewer, "PK602").DeviceDetail(t.Context(), "AAA001", true)
	wantCode(t, err, "device.not_found")

	w.do(w.boss, registry.DispatchDevice{Serial: "AAA001", To: "PK6-35100001"})
	d, err := w.boss.DeviceDetail(t.Context(), "AAA001", true)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := w.boss.Device(t.Context(), "AAA001")
	if err != nil || d.Device != alone {
		t.Errorf("the device is %+v, alone %+v: %v", d.Device, alone, err)
	}
	events, err := w.boss.History(t.Context(), "AAA001")
	if err != nil || len(events) == 0 || len(d.History) != len(events) {
		t.Errorf("%d events, alone %d: %v", len(d.History), len(events), err)
	}
	for _, e := range d.History {
		if d.Labels.Places[e.After.Place].Code == "" {
			t.Errorf("after %s it is at a place without a name", e.Entry.Change)
		}
	}
	brief, err := w.boss.DeviceDetail(t.Context(), "AAA001", false)
	if err != nil || brief.History != nil || brief.Labels.Models[alone.Model] == "" {
		t.Errorf("without its history: %+v, %v", brief, err)
	}
}
