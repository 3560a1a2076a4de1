package fleet

import (
	"slices"
	"strings"
	"testing"
)

// enum checks that the values of a type are numbered from one in the order of
// their names, and that each name reads back as its value.
func enum[E interface {
	~uint8
	String() string
}](t *testing.T, all, want []E, names string) {
	t.Helper()
	if !slices.Equal(all, want) {
		t.Errorf("all are %v, want %v", all, want)
	}
	for i, name := range strings.Fields(names) {
		if i >= len(want) || want[i] != E(i+1) || want[i].String() != name {
			t.Errorf("%q is not the name of value %d", name, i+1)
		}
	}
	if beyond := E(len(want) + 1); beyond.String() != "?" || E(0).String() != "" {
		t.Errorf("values out of range are called %q and %q", beyond.String(), E(0).String())
	}
}

// read checks that names read back as their values, and that any other word is
// refused with a sentence that says what it is not and what is allowed.
func read[E interface {
	~uint8
	String() string
}](t *testing.T, all []E, parse func(string) (E, error), code, field, what string) {
	t.Helper()
	for _, e := range all {
		if back, err := parse(e.String()); err != nil || back != e {
			t.Errorf("%q reads back as %d (%v)", e, back, err)
		}
	}
	first := all[0].String()
	for _, word := range []string{"nonsense", " " + first, strings.ToUpper(first), "?"} {
		_, err := parse(word)
		refused(t, err, code, field)
		if want := quoted(word) + " is not " + what + ": use one of " + namesOf(all); message(err) != want {
			t.Errorf("got %s\nwant %s", message(err), want)
		}
	}
}

func TestNames(t *testing.T) {
	enum(t, Statuses(), []Status{Expected, InStore, InTransit, AtSchool, Issued, InRepair, Lost, Stolen, Retired},
		"expected in_store in_transit at_school issued in_repair lost stolen retired")
	enum(t, Conditions(), []Condition{OK, Faulty, BeyondRepair}, "ok faulty beyond_repair")
	enum(t, Arrivals(), []Arrival{Awaited, AsListed, DamagedOnArrival, Over, Short}, "expected received damaged over short")
	enum(t, HolderKinds(), []HolderKind{HeldByTeacher, HeldByClass, HeldInRoom, HeldInCart, HeldByLearner},
		"teacher class room cart learner")
	enum(t, FaultCategories(), []FaultCategory{
		FaultScreen, FaultKeyboard, FaultTouchpad, FaultBattery, FaultCharging, FaultHinge, FaultCamera, FaultAudio,
		FaultWater, FaultWillNotStart, FaultSoftware, FaultEnrolment, FaultLost, FaultStolen, FaultOther,
	}, "screen keyboard touchpad battery charging hinge camera audio water will_not_start software enrolment lost stolen other")
	enum(t, Severities(), []Severity{Minor, Major, Unusable}, "minor major unusable")
	enum(t, FaultStates(), []FaultState{Reported, Triaged, UnderRepair, BackFromRepair, FaultClosed},
		"reported triaged in_repair returned closed")
	enum(t, Routes(), []Route{ByWorkshop, ByWarranty, AwaitingParts}, "workshop warranty_claim parts_awaited")
	enum(t, Outcomes(), []Outcome{Repaired, Replaced, WrittenOff, NoFaultFound, Recovered},
		"repaired replaced written_off no_fault_found recovered")
	enum(t, PlaceKinds(), []PlaceKind{Country, Province, District, Tehsil, School, Store, Workshop},
		"country province district tehsil school store workshop")
	enum(t, PlaceStates(), []PlaceState{Active, Closed, Merged}, "active closed merged")
	enum(t, knowns.all(), []Known{No, Yes}, "no yes")
	enum(t, ShipmentStates(), []ShipmentState{Announced, Shipped, PartlyReceived, FullyReceived, ShipmentClosed},
		"announced in_transit partly_received received closed")
	enum(t, Roles(), []Role{Viewer, SchoolRole, WorkshopRole, Officer, Manager, Ministry, Auditor, Admin},
		"viewer school workshop officer manager ministry auditor admin")
	enum(t, Events(), []Event{
		Receive, MarkShort, Dispatch, Accept, Refuse, Assign, Return, ReportFault, ReportLoss, ReportTheft,
		SendToRepair, ReturnFromRepair, Recover, Retire, Correct,
	}, "receive mark_short dispatch accept refuse assign return report_fault report_loss report_theft send_to_repair return_from_repair recover retire correct")
}

func TestNamesReadBack(t *testing.T) {
	read(t, Statuses(), ParseStatus, "device.status", "status", "a status")
	read(t, Conditions(), ParseCondition, "device.condition", "condition", "a condition")
	read(t, Arrivals(), ParseArrival, "device.arrival", "arrival", "a kind of arrival")
	read(t, HolderKinds(), ParseHolderKind, "holder.kind", "holder_kind", "a kind of holder")
	read(t, FaultCategories(), ParseFaultCategory, "fault.category", "category", "a kind of fault")
	read(t, Severities(), ParseSeverity, "fault.severity", "severity", "a severity")
	read(t, FaultStates(), ParseFaultState, "fault.state", "state", "a state of a fault")
	read(t, Routes(), ParseRoute, "fault.route", "route", "a route of repair")
	read(t, Outcomes(), ParseOutcome, "fault.outcome", "outcome", "an outcome")
	read(t, PlaceKinds(), ParsePlaceKind, "place.kind", "kind", "a kind of place")
	read(t, PlaceStates(), ParsePlaceState, "place.state", "state", "a state of a place")
	read(t, []Known{No, Yes}, ParseKnown, "place.known", "", "an answer")
	read(t, ShipmentStates(), ParseShipmentState, "shipment.state", "state", "a state of a shipment")
	read(t, Roles(), ParseRole, "user.role", "role", "a role")
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
