package fleet

import (
	"strings"
	"testing"
)

// enum checks that every value of a type has a name of its own, in order, which
// reads back as the value, and that other words are refused with what is allowed.
func enum[E interface {
	~uint8
	String() string
}](t *testing.T, names string, all []E, parse func(string) (E, error), code, field string) {
	t.Helper()
	want := strings.Fields(names)
	if len(all) != len(want) {
		t.Fatalf("%d values, want %d: %s", len(all), len(want), names)
	}
	for i, e := range all {
		if e != E(i+1) || e.String() != want[i] {
			t.Errorf("value %d is %d, %q; want %q", i+1, e, e, want[i])
		}
		if parse == nil {
			continue
		}
		if back, err := parse(e.String()); err != nil || back != e {
			t.Errorf("%q reads back as %d (%v)", e, back, err)
		}
	}
	if beyond := E(len(all) + 1); beyond.String() != "?" || E(0).String() != "" {
		t.Errorf("values out of range are called %q and %q", beyond.String(), E(0).String())
	}
	if parse == nil {
		return
	}
	for _, word := range []string{"nonsense", " " + want[0], strings.ToUpper(want[0]), "?"} {
		_, err := parse(word)
		refused(t, err, code, field)
		if !strings.HasSuffix(message(err), ": use one of "+strings.Join(want, ", ")) {
			t.Errorf("the refusal does not say what is allowed: %v", err)
		}
	}
}

func TestNames(t *testing.T) {
	enum(t, "expected in_store in_transit at_school issued in_repair lost stolen retired",
		Statuses(), ParseStatus, "device.status", "status")
	enum(t, "ok faulty beyond_repair", Conditions(), ParseCondition, "device.condition", "condition")
	enum(t, "expected received damaged over short", Arrivals(), ParseArrival, "device.arrival", "arrival")
	enum(t, "teacher class room cart learner", HolderKinds(), ParseHolderKind, "holder.kind", "holder_kind")
	enum(t, "screen keyboard touchpad battery charging hinge camera audio water will_not_start software enrolment lost stolen other",
		FaultCategories(), ParseFaultCategory, "fault.category", "category")
	enum(t, "minor major unusable", Severities(), ParseSeverity, "fault.severity", "severity")
	enum(t, "reported triaged in_repair returned closed", FaultStates(), ParseFaultState, "fault.state", "state")
	enum(t, "workshop warranty_claim parts_awaited", Routes(), ParseRoute, "fault.route", "route")
	enum(t, "repaired replaced written_off no_fault_found recovered", Outcomes(), ParseOutcome, "fault.outcome", "outcome")
	enum(t, "country province district tehsil school store workshop", PlaceKinds(), ParsePlaceKind, "place.kind", "kind")
	enum(t, "active closed merged", PlaceStates(), ParsePlaceState, "place.state", "state")
	enum(t, "no yes", []Known{No, Yes}, ParseKnown, "place.known", "")
	enum(t, "announced in_transit partly_received received closed",
		ShipmentStates(), ParseShipmentState, "shipment.state", "state")
	enum(t, "viewer school workshop officer manager ministry auditor admin", Roles(), ParseRole, "user.role", "role")
	enum(t, "receive mark_short dispatch accept refuse assign return report_fault report_loss report_theft send_to_repair return_from_repair recover retire correct",
		Events(), nil, "", "")
}

func TestNamesThatMayBeLeftOut(t *testing.T) {
	if s, err := ParseSeverity(""); err != nil || s != Major {
		t.Errorf("no severity reads as %q (%v), want major", s, err)
	}
	if k, err := ParseKnown(""); err != nil || k != Unknown {
		t.Errorf("no answer reads as %d (%v), want unknown", k, err)
	}
	_, err := ParseStatus("")
	refused(t, err, "device.status", "status")
}

func TestUnknownNameReadsWell(t *testing.T) {
	_, err := ParseOutcome("mended\u200b")
	want := `"mended\u200b" is not an outcome: use one of repaired, replaced, written_off, no_fault_found, recovered`
	if message(err) != want {
		t.Errorf("got %s\nwant %s", message(err), want)
	}
}

// A cell may hold a whole page; a message shows its beginning.
func TestQuoted(t *testing.T) {
	sixty := strings.Repeat("ب", 60)
	for text, want := range map[string]string{
		"":                `""`,
		"5CD\u00a0\u200b": `"5CD\u00a0\u200b"`,
		sixty:             `"` + sixty + `"`,
		sixty + "ب":       `"` + sixty + `…"`,
	} {
		if got := quoted(text); got != want {
			t.Errorf("quoted as %s, want %s", got, want)
		}
	}
}

func TestEachEventHasWords(t *testing.T) {
	if len(pastEvents) != len(events.names) {
		t.Fatalf("%d events, but %d of them in words", len(events.names), len(pastEvents))
	}
	for _, s := range Statuses() {
		if standings[s].is == "" {
			t.Errorf("%s is not put into words", s)
		}
	}
}
