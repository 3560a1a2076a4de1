package authz

import (
	"slices"
	"strings"
)

// What each role does within its places, in the words of the contract. Nothing in this file looks at the policy of the program.
var does = map[string]string{
	"viewer":    "read",
	"school":    "read faults assignments receipts stock-takes",
	"workshop":  "read faults repairs",
	"officer":   "read faults repairs assignments receipts consignments shipments devices schools cards imports undoing stock-takes",
	"manager":   "read faults repairs assignments receipts consignments shipments devices schools cards imports undoing stock-takes places targets accounts",
	"ministry":  "read imports targets",
	"auditor":   "read journal",
	"admin":     "read faults repairs assignments receipts consignments shipments devices schools cards imports undoing stock-takes places targets accounts journal keeping",
	"nobody":    "",
	"read-only": "read",
	feeder:      "feed key",
}

// feeder is whoever has the key of a feed, which opens that feed and nothing else.
const feeder = "feed"

// "none" and "nobody" are no roles, and do nothing.

// Needs of routes that are no role's.
const (
	toAll      = "open"
	toSignedIn = "signed in"
	toReaders  = "read"
	toKey      = "feed key"
)

// roles are what the asker is at the places of the relation.
func (a *asker) roles(rel relation) []string {
	var all []string
	if a.role != "none" && (a.everywhere || rel == none || rel == self || rel == below) {
		all = append(all, a.role)
	}
	for where, role := range a.beside {
		if rel == none || rel == where {
			all = append(all, role)
		}
	}
	return all
}

// can says whether the asker does the thing at the places of the relation, or, where
// that is none, anywhere; of several things, separated by a bar, one of them.
func (a *asker) can(things string, rel relation) bool {
	for _, role := range a.roles(rel) {
		for thing := range strings.SplitSeq(things, "|") {
			if thing == does[role] || slices.Contains(strings.Fields(does[role]), thing) {
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
	outright  class = "outright"  // not this role's anywhere: the route itself refuses
	forbidden class = "forbidden" // not this role's here
	absent    class = "absent"    // as if it were not there: the answer to what is not
	ruled     class = "ruled"     // in scope, and refused by a rule of the register
	faulty    class = "faulty"    // the request itself
	taken     class = "taken"     // it is refused, whoever has what is called so already
	flagged   class = "flagged"   // it is taken in, and a line of it is a problem
	anew      class = "anew"      // it is answered as if nothing had been handed on, or refused
	keyless   class = "keyless"   // it is answered as an address that is not there
	bare      class = "bare"      // the answer is one, and tells nothing of any place
)

// expected is what the contract says of a request.
func expected(a *asker, r *recipe, rel relation, at *spot) class {
	switch {
	case r.needs == toAll:
		return bare
	case r.needs == toKey && !a.can(toKey, none):
		return keyless
	case a.out && r.reads && rel == malformed:
		return faulty
	case a.out:
		return turned
	case r.needs != toSignedIn && !a.can(r.needs, none) && r.more:
		return forbidden
	case r.needs != toSignedIn && !a.can(r.needs, none):
		return outright
	case r.whole && !a.everywhere:
		return forbidden
	case r.special:
		return bare // nobody here has what it is about
	case rel == none:
		return done
	case r.handed && len(a.roles(rel)) == 0:
		return anew
	case r.handed:
		return bare
	case rel == malformed:
		return faulty
	case r.blind && len(a.roles(rel)) == 0:
		return done
	case r.makes && len(a.roles(rel)) == 0:
		return taken
	case rel == unknown, len(a.roles(rel)) == 0:
		return absent
	case r.refers.shownTo != "" && !a.can(r.refers.shownTo, rel):
		return absent // accounts, lists and what belongs to them are seen by who runs them only
	case r.mine, r.hides && r.bars(a, at):
		return absent
	}
	if r.rule != nil && r.first && r.rule(a, at) {
		return ruled
	}
	takes := r.needs
	if r.object != nil {
		takes = r.object(at)
	}
	if takes != toSignedIn && !a.can(takes, rel) || r.bars != nil && r.bars(a, at) {
		if r.byRow || r.lists && a.can(takes, none) {
			return flagged
		}
		return forbidden
	}
	if r.rule != nil && r.rule(a, at) {
		return ruled
	}
	return done
}
