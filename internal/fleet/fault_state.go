package fleet

// FaultState is how far a fault has come.
type FaultState uint8

// The states of a fault.
const (
	Reported FaultState = iota + 1
	Triaged
	UnderRepair // see Route
	BackFromRepair
	FaultClosed // see Outcome
)

var faultStates = vocabulary[FaultState]{
	code: "fault.state", field: "state", what: "a state of a fault",
	names: []string{"", "reported", "triaged", "in_repair", "returned", "closed"},
}

func (s FaultState) String() string { return faultStates.name(s) }

// ParseFaultState reads a state's name.
func ParseFaultState(s string) (FaultState, error) { return faultStates.parse(s) }

// FaultStates are all states.
func FaultStates() []FaultState { return faultStates.all() }

// Route is how a fault is being repaired.
type Route uint8

// The routes.
const (
	ByWorkshop Route = iota + 1
	ByWarranty
	AwaitingParts
)

var routes = vocabulary[Route]{
	code: "fault.route", field: "route", what: "a route of repair",
	names: []string{"", "workshop", "warranty_claim", "parts_awaited"},
}

// Routes are all routes.
func Routes() []Route { return routes.all() }

func (r Route) String() string { return routes.name(r) }

// ParseRoute reads a route's name.
func ParseRoute(s string) (Route, error) { return routes.parse(s) }

// Outcome is what came of a fault.
type Outcome uint8

// The outcomes.
const (
	Repaired     Outcome = iota + 1
	Replaced             // by another device; this one is not used again
	WrittenOff           // this one is not used again
	NoFaultFound         // it works
	Recovered            // a lost or stolen device was found
)

var outcomes = vocabulary[Outcome]{
	code: "fault.outcome", field: "outcome", what: "an outcome",
	names: []string{"", "repaired", "replaced", "written_off", "no_fault_found", "recovered"},
}

// Outcomes are all outcomes.
func Outcomes() []Outcome { return outcomes.all() }

func (o Outcome) String() string { return outcomes.name(o) }

// ParseOutcome reads an outcome's name.
func ParseOutcome(s string) (Outcome, error) { return outcomes.parse(s) }
