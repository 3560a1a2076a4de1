package fleet

// Action is what a role may or may not do.
type Action uint8

// The actions.
const (
	Read Action = iota + 1
	ReadJournal
	ReportFaults // report a fault, add to it, confirm its repair
	RepairFaults // triage, send to repair, return from it
	HandOut      // assign and return inside a school
	AcceptGoods  // accept what was sent to the place
	SendGoods    // dispatch to another place
	RunShipments // announce, receive, close
	EditDevices  // correct a description, retire
	EditPlaces   // above schools
	EditSchools  // schools, stores and workshops
	RunImports   // send in lists, of which the role's other actions say what they may do
	UndoImports  // also those that others sent in
	SetTargets
	CountStock // record what was found at a place
	EditUsers
	KeepRegister // back up and verify the register as a whole
	AddModels    // models belong to the whole country
	EditModels
	IssueCards // give schools what they sign in with: accounts, PINs and cards
	lastAction = IssueCards
)

// Relation is where a place lies, as seen from the place of a grant.
type Relation uint8

// The relations.
const (
	Inside    Relation = iota + 1 // it is the grant's place, or lies below it
	Above                         // the grant's place lies below it
	Elsewhere                     // neither
)

// ActionSet is a set of actions.
type ActionSet uint64

// policy is who may do what where: all that is not here is refused. Nothing is
// allowed elsewhere, and above only what serves everybody: to name a model.
var policy = [...][Elsewhere + 1]ActionSet{
	Viewer:       {Inside: 1 << Read},
	SchoolRole:   {Inside: 1<<Read | 1<<ReportFaults | 1<<HandOut | 1<<AcceptGoods | 1<<CountStock},
	WorkshopRole: {Inside: 1<<Read | 1<<ReportFaults | 1<<RepairFaults},
	Officer:      {Inside: officers, Above: 1 << AddModels},
	Manager:      {Inside: officers | 1<<EditPlaces | 1<<SetTargets | 1<<EditUsers, Above: 1 << AddModels},
	Ministry:     {Inside: 1<<Read | 1<<RunImports | 1<<SetTargets},
	Auditor:      {Inside: 1<<Read | 1<<ReadJournal},
	Admin:        {Inside: officers | 1<<EditPlaces | 1<<SetTargets | 1<<EditUsers | 1<<ReadJournal | 1<<KeepRegister, Above: 1 << AddModels},
}

const officers ActionSet = 1<<Read | 1<<ReportFaults | 1<<RepairFaults | 1<<HandOut | 1<<AcceptGoods | 1<<SendGoods | 1<<RunShipments |
	1<<EditDevices | 1<<RunImports | 1<<UndoImports | 1<<CountStock | 1<<EditSchools | 1<<AddModels | 1<<EditModels | 1<<IssueCards

// Actions are all actions.
func Actions() []Action {
	all := make([]Action, 0, lastAction)
	for a := Read; a <= lastAction; a++ {
		all = append(all, a)
	}
	return all
}

// SetOf is the set of the actions.
func SetOf(actions ...Action) (s ActionSet) {
	for _, a := range actions {
		s |= 1 << a
	}
	return s
}

// Has says whether the action is in the set.
func (s ActionSet) Has(a Action) bool { return a != 0 && s>>a&1 == 1 }

// Where is all that the role allows at places of the relation.
func (r Role) Where(place Relation) ActionSet {
	if int(r) >= len(policy) || int(place) >= len(policy[r]) {
		return 0
	}
	return policy[r][place]
}

// May says whether the role allows the action at its own place and below it.
func (r Role) May(a Action) bool { return r.Where(Inside).Has(a) }

// To is where the place at lies, as seen from p.
func (p Path) To(at Path) Relation {
	switch {
	case p.Contains(at):
		return Inside
	case at.Contains(p):
		return Above
	}
	return Elsewhere
}

// At is all that the grant allows at the place.
func (g Grant) At(place Path) ActionSet { return g.Role.Where(g.Place.To(place)) }
