package authz

import (
	"strconv"
	"strings"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// What is at one place and was, or is in part, at another that is far from it: the
// checks of both ends are about these.
var (
	aTraveller = maker{"device from elsewhere", (*world).traveller, "NOWHERE00001", "!", ""}
	aForgotten = maker{"device from elsewhere, of which an entry was erased", (*world).forgotten, "NOWHERE00001", "!", ""}
	aMixed     = maker{"shipment with a device elsewhere", (*world).mixed, "QXNOWHERE-N00001", "/", ""}
	aPart      = maker{"shipment to elsewhere, with a device here", (*world).part, "NOWHERE-00001", "/", ""}
	aLeft      = maker{"fault of a device that has left", (*world).left, fleet.FaultRef(999_999), "?", ""}
	aGone      = maker{"fault of a device that went to India", (*world).gone, fleet.FaultRef(999_999), "?", ""}
	aShared    = maker{"import for two places", (*world).forTwo, "I-999999", "I-", "imports"}
)

// far is a school that no asker has but who runs everything.
const far = "QXLIMA"

// notFar holds for askers who have not the far place as well.
func notFar(a *asker, _ *spot) bool { return !a.everywhere }

// bring takes a device to a place where it was not.
func (w *world) bring(serial fleet.Serial, to *spot) {
	w.do(registry.DispatchDevice{Serial: serial, To: fleet.PlaceCode(to.code)}, registry.AcceptDevice{Serial: serial})
}

// traveller is a device at the place that somebody in a school far away had before, and
// of which a fault was reported there.
func (w *world) traveller(s *spot) string {
	serial, _ := w.travels(s)
	return serial
}

func (w *world) travels(s *spot) (serial string, handedOut uint64) {
	from := w.spots[far]
	serial = w.stranger(from)
	holder := fleet.Holder{Kind: fleet.HeldByTeacher, Label: from.word + " holder"}
	receipt := w.doAs(w.clerk(from), registry.AssignDevice{Serial: fleet.Serial(serial), Holder: holder},
		registry.ReportFault{Serial: fleet.Serial(serial), Category: fleet.FaultHinge, Severity: fleet.Minor, Note: from.word + " note"},
		registry.ReturnDevice{Serial: fleet.Serial(serial)})
	w.bring(fleet.Serial(serial), s)
	return serial, receipt.First
}

// forgotten is such a device of which it is no longer known who was given it, so that
// only the step after that tells.
func (w *world) forgotten(s *spot) string {
	serial, handedOut := w.travels(s)
	w.do(registry.EraseDetails{Entries: []uint64{handedOut}, Reason: "asked for"})
	return serial
}

// mixed is a shipment to the place of which a device is for another.
func (w *world) mixed(s *spot) string {
	number, far := w.listing(s), w.spots[far]
	w.do(registry.ExpectDevice{Shipment: number, Place: far.path, Device: fleet.Device{Serial: fleet.Serial(far.word + w.next())}})
	return number
}

// part is a shipment to elsewhere of which a device is for the place.
func (w *world) part(s *spot) string {
	number, far := "PART-"+w.next(), w.spots[far]
	w.do(registry.AnnounceShipment{Number: number, Supplier: "Tez", Destination: fleet.PlaceCode(far.code), File: strings.Repeat("ab", 32), FileName: far.word + ".xlsx"},
		registry.ExpectDevice{Shipment: number, Place: s.path, Device: fleet.Device{Serial: fleet.Serial(s.word + w.next())}},
		registry.ExpectDevice{Shipment: number, Place: far.path, Device: fleet.Device{Serial: fleet.Serial(far.word + w.next())}})
	return number
}

// left is a fault that was reported at the place, of a device that is far away by now.
func (w *world) left(s *spot) string { return w.faultThenTo(s, w.spots[far]) }

// gone is one of a device that is in a school of the askers by now.
func (w *world) gone(s *spot) string { return w.faultThenTo(s, w.spots["QXINDIA"]) }

func (w *world) faultThenTo(s, to *spot) string {
	serial := fleet.Serial(w.stranger(s))
	ref := w.do(registry.ReportFault{Serial: serial, Category: fleet.FaultHinge, Severity: fleet.Minor, Note: s.word + " note"}).Refs[0]
	if s != to {
		w.bring(serial, to)
	}
	return ref
}

// forTwo is an import of somebody who runs imports for the place and for another.
func (w *world) forTwo(s *spot) string {
	name := strings.ToLower(s.word) + ".two"
	w.do(registry.AddUser{User: name, Grants: []registry.UserGrant{
		{Role: fleet.Officer, Place: fleet.PlaceCode(s.code)},
		{Role: fleet.Officer, Place: fleet.PlaceCode(w.spots[far].code)},
	}})
	return w.sendIn(w.asUser(name), s, w.spots[far].word+" list.csv", w.spots[far].word+"MISSING,x\n")
}

// invited is an account to which nobody has signed in yet.
func (w *world) invited(s *spot) string {
	name := strings.ToLower(s.word) + "." + w.next()
	grants := []registry.UserGrant{{Role: fleet.Viewer, Place: fleet.PlaceCode(s.code)}}
	if _, err := w.auth.Invite(w.Context(), w.boss, registry.Request{}, registry.InviteUser{User: name, FullName: s.word + " guest", Grants: grants}); err != nil {
		w.Fatal(err)
	}
	return name
}

// emis is the number of a school at the place.
func (w *world) emis(s *spot) string {
	if s.kind != fleet.School {
		w.do(registry.SavePlace{Parent: fleet.PlaceCode(s.code), Place: fleet.Place{
			EMIS: s.word + "1", Code: fleet.PlaceCode(s.word + "-S"), Kind: fleet.School, State: fleet.Active, Name: s.word + " school",
		}})
	}
	return s.word + "1"
}

// learner is the ID of a learner who has a device at a school of the place.
func (w *world) learner(s *spot) string {
	school := map[string]*spot{"QXALFA": w.spots["QXHOTEL"], "QXDELTA": w.spots[far], "QXBRAVO": w.spots["QXJULIETT"], "QXCHARLIE": w.spots["QXKILO"]}[s.word]
	if school == nil {
		school = s
	}
	id := "L" + w.next() + "X"
	mark, err := w.boss.MarkLearner(id)
	if err != nil {
		w.Fatal(err)
	}
	w.do(registry.AssignDevice{Serial: fleet.Serial(w.device(school)), Holder: fleet.Holder{Kind: fleet.HeldByLearner, Label: "9-B", Roll: 1, Mark: mark}})
	return id
}

// entry is the number of an entry of the journal about the place.
func (w *world) entry(s *spot) string {
	w.count++
	change := registry.SetTarget{Place: fleet.PlaceCode(s.code), By: fleet.NewDate(2027, time.March, 1), Devices: uint32(w.count)}
	return strconv.FormatUint(w.do(change).First, 10)
}

// running is an import that is being carried out, and waits until [world.settle].
func (w *world) running(s *spot) string {
	if w.hold == nil {
		w.begin()
	}
	return w.kept["running "+s.word]
}

// begin has imports of all places begin, while others take all turns.
func (w *world) begin() {
	jobs := map[uint64][]byte{}
	for _, word := range order {
		ref := w.planned(w.spots[word])
		id, plan := w.plan(ref)
		jobs[id], w.kept["running "+word] = plan.Digest, ref
	}
	w.hold = make(chan struct{})
	for range 2 { // as many plans as a desk makes at once
		id, _ := workbook.ParseImportRef(w.sendIn(w.clerk(w.spots["QXECHO"]), w.spots["QXECHO"], "long.csv", strings.Repeat("QXECHOMISSING,x\n", 1200)))
		reached := make(chan struct{})
		w.held.Go(func() {
			_, _, _ = w.desk.Plan(w.Context(), w.boss, id, func(rows int) {
				if rows == 1000 {
					close(reached)
					<-w.hold
				}
			})
		})
		<-reached
	}
	for id, digest := range jobs {
		if _, err := w.desk.Start(w.Context(), w.boss, id, digest, true); err != nil {
			w.Fatal(err)
		}
	}
}

// settle lets what was begun end.
func (w *world) settle() {
	if w.hold != nil {
		close(w.hold)
		w.held.Wait()
		w.hold = nil
	}
}
