package takhti

// Date is a day in Pakistan, as 2026-06-30; empty when none is known.
type Date string

// PlaceKind says what a place is.
type PlaceKind string

// The kinds of place.
const (
	Country  PlaceKind = "country"
	Province PlaceKind = "province"
	District PlaceKind = "district"
	Tehsil   PlaceKind = "tehsil"
	School   PlaceKind = "school"
	Store    PlaceKind = "store"
	Workshop PlaceKind = "workshop"
)

// PlaceState says whether a place is in use.
type PlaceState string

// The states of a place.
const (
	PlaceActive PlaceState = "active"
	PlaceClosed PlaceState = "closed"
	PlaceMerged PlaceState = "merged"
)

// Known is a yes-or-no fact; empty when it is not known.
type Known string

// The answers.
const (
	Yes Known = "yes"
	No  Known = "no"
)

// Status is where a device stands.
type Status string

// The statuses.
const (
	StatusExpected  Status = "expected" // on a packing list, not yet received
	StatusInStore   Status = "in_store"
	StatusInTransit Status = "in_transit" // sent to another place, not yet accepted there
	StatusAtSchool  Status = "at_school"  // held by nobody in particular
	StatusIssued    Status = "issued"
	StatusInRepair  Status = "in_repair"
	StatusLost      Status = "lost"
	StatusStolen    Status = "stolen"
	StatusRetired   Status = "retired"
)

// Condition is what state a device is in.
type Condition string

// The conditions.
const (
	ConditionOK           Condition = "ok"
	ConditionFaulty       Condition = "faulty"
	ConditionBeyondRepair Condition = "beyond_repair"
)

// Arrival is how a device came in against its packing list.
type Arrival string

// The arrivals.
const (
	ArrivalExpected Arrival = "expected"
	ArrivalReceived Arrival = "received"
	ArrivalDamaged  Arrival = "damaged"
	ArrivalOver     Arrival = "over"  // received though not listed
	ArrivalShort    Arrival = "short" // its shipment was closed without it
)

// HolderKind says what holds a device inside a school.
type HolderKind string

// The kinds of holder.
const (
	HeldByTeacher HolderKind = "teacher"
	HeldByClass   HolderKind = "class"
	HeldInRoom    HolderKind = "room"
	HeldInCart    HolderKind = "cart"
	HeldByLearner HolderKind = "learner"
)

// ShipmentState is how far a shipment has come.
type ShipmentState string

// The states of a shipment.
const (
	ShipmentAnnounced      ShipmentState = "announced"
	ShipmentInTransit      ShipmentState = "in_transit"
	ShipmentPartlyReceived ShipmentState = "partly_received"
	ShipmentReceived       ShipmentState = "received"
	ShipmentClosed         ShipmentState = "closed"
)

// FaultCategory is what does not work.
type FaultCategory string

// The categories of fault.
const (
	FaultScreen       FaultCategory = "screen"
	FaultKeyboard     FaultCategory = "keyboard"
	FaultTouchpad     FaultCategory = "touchpad"
	FaultBattery      FaultCategory = "battery"
	FaultCharging     FaultCategory = "charging"
	FaultHinge        FaultCategory = "hinge"
	FaultCamera       FaultCategory = "camera"
	FaultAudio        FaultCategory = "audio"
	FaultWater        FaultCategory = "water"
	FaultWillNotStart FaultCategory = "will_not_start"
	FaultSoftware     FaultCategory = "software"
	FaultEnrolment    FaultCategory = "enrolment"
	FaultLost         FaultCategory = "lost"
	FaultStolen       FaultCategory = "stolen"
	FaultOther        FaultCategory = "other"
)

// Severity is how much a fault hinders.
type Severity string

// The severities.
const (
	Minor    Severity = "minor"    // it can be used
	Major    Severity = "major"    // it can hardly be used
	Unusable Severity = "unusable" // it cannot be used
)

// FaultState is how far a fault has come.
type FaultState string

// The states of a fault.
const (
	FaultReported FaultState = "reported"
	FaultTriaged  FaultState = "triaged"
	FaultInRepair FaultState = "in_repair"
	FaultReturned FaultState = "returned"
	FaultClosed   FaultState = "closed"
)

// Route is how a fault is being repaired.
type Route string

// The routes of repair.
const (
	RouteWorkshop     Route = "workshop"
	RouteWarranty     Route = "warranty_claim"
	RoutePartsAwaited Route = "parts_awaited"
)

// Outcome is what came of a fault.
type Outcome string

// The outcomes.
const (
	OutcomeRepaired     Outcome = "repaired"
	OutcomeReplaced     Outcome = "replaced"
	OutcomeWrittenOff   Outcome = "written_off"
	OutcomeNoFaultFound Outcome = "no_fault_found"
	OutcomeRecovered    Outcome = "recovered" // a lost or stolen device was found
)

// Role is what a user may do at a place and below it.
type Role string

// The roles.
const (
	RoleViewer   Role = "viewer"
	RoleSchool   Role = "school"
	RoleWorkshop Role = "workshop"
	RoleOfficer  Role = "officer"
	RoleManager  Role = "manager"
	RoleMinistry Role = "ministry"
	RoleAuditor  Role = "auditor"
	RoleAdmin    Role = "admin"
)
