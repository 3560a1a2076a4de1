package authz

import "strings"

// What each role does within its places, in the words of the contract. Reading is
// everybody's. Nothing in this file looks at the policy of the program.
var does = map[string]string{
	"viewer":    "",
	"school":    "faults assignments receipts stock-takes",
	"workshop":  "faults repairs",
	"officer":   "faults repairs assignments receipts consignments shipments devices schools cards imports undoing stock-takes",
	"manager":   "faults repairs assignments receipts consignments shipments devices schools cards imports undoing stock-takes places targets accounts",
	"ministry":  "imports targets",
	"auditor":   "journal",
	"admin":     "faults repairs assignments receipts consignments shipments devices schools cards imports undoing stock-takes places targets accounts journal keeping",
	"nobody":    "",
	"read-only": "",
	feeder:      "",
}

// feeder is whoever has the key of a feed, which opens that feed and nothing else.
const feeder = "feed"

// Needs of routes that are no role's.
const (
	toAll      = "open"
	toSignedIn = "signed in"
	toReaders  = "read"
	toKey      = "feed key"
)

// can says whether the asker's role does the thing; of several, separated by a bar, one
// of them.
func (a *asker) can(things string) bool {
	switch things {
	case toReaders:
		return true
	case toKey:
		return a.role == feeder
	}
	for thing := range strings.SplitSeq(things, "|") {
		for own := range strings.FieldsSeq(does[a.role]) {
			if own == thing {
				return true
			}
		}
	}
	return false
}

// relation is where the place asked about lies, as seen by the asker.
type relation string

const (
	none      relation = "-" // the request is about no place
	self      relation = "self"
	above     relation = "above"
	below     relation = "below"
	sibling   relation = "sibling"
	cousin    relation = "cousin"
	unknown   relation = "unknown"
	malformed relation = "malformed"
)

var relations = []relation{none, self, above, below, sibling, cousin, unknown, malformed}

// class is what is expected of an answer.
type class string

const (
	done      class = "done"      // it is carried out, or shown
	turned    class = "turned"    // to sign in first
	forbidden class = "forbidden" // not this role's
	absent    class = "absent"    // as if it were not there: the answer to what is not
	ruled     class = "ruled"     // in scope, and refused by a rule of the register
	faulty    class = "faulty"    // the request itself
	taken     class = "taken"     // it is refused, whoever has what is called so already
	bare      class = "bare"      // the answer is one, and tells nothing of any place
	keyless   class = "keyless"   // it is answered as an address that is not there
)

// expected is what the contract says of a request.
func expected(a *asker, r *recipe, rel relation, at *spot) class {
	switch {
	case r.needs == toAll:
		return bare
	case r.needs == toKey && !a.can(toKey):
		return keyless
	case a.out && r.reads && rel == malformed:
		return faulty
	case a.out:
		return turned
	case r.needs != toSignedIn && !a.can(r.needs):
		return forbidden
	case r.whole && !a.everywhere:
		return forbidden
	case r.special:
		return bare // nobody here has what it is about
	case rel == none:
		return done
	case rel == malformed:
		return faulty
	case r.makes && !a.everywhere && rel != self && rel != below:
		return taken
	case rel == unknown, !a.everywhere && rel != self && rel != below:
		return absent
	case r.owned && !a.everywhere && !a.can("accounts"):
		return absent // accounts and what belongs to them are seen by their managers only
	case r.mine:
		return absent
	}
	if r.object != nil && !a.can(r.object(at)) {
		return forbidden
	}
	if r.rule != nil && r.rule(a, at) {
		return ruled
	}
	return done
}
