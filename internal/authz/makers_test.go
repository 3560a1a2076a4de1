package authz

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// maker makes something that is about a place, and gives what people call it by.
type maker struct {
	name      string
	make      func(*world, *spot) string
	unknown   string // what is called like one of them, and is not there
	malformed string
	shownTo   string // what one must do at the place to see it; empty: to read is enough
}

// static is the thing of a place that is made once, and never changed.
func (w *world) static(m maker, at *spot) string {
	key := m.name + " " + at.word
	if w.kept[key] == "" {
		w.kept[key] = m.make(w, at)
	}
	return w.kept[key]
}

var (
	aPlace    = maker{"place", func(_ *world, s *spot) string { return s.code }, "QXNOWHERE", "QX NOWHERE/../x", ""}
	aDevice   = maker{"device", (*world).device, "QXNOWHERE00001", "!", ""}
	aWaiting  = maker{"awaited device", (*world).awaited, "QXNOWHERE00001", "!", ""}
	aComing   = maker{"coming device", (*world).coming, "QXNOWHERE00001", "!", ""}
	anIssued  = maker{"issued device", (*world).issued, "QXNOWHERE00001", "!", ""}
	aFault    = maker{"fault", (*world).fault, fleet.FaultRef(999_999), "?", ""}
	aRepair   = maker{"repair", (*world).repair, fleet.FaultRef(999_999), "?", ""}
	aShipment = maker{"shipment", (*world).shipment, "QXNOWHERE-N00001", "/", ""}
	aSchooled = maker{"device at India", (*world).schooled, "NOWHERE00001", "!", ""}
	aName     = maker{"name of a place", func(_ *world, s *spot) string { return nickname(s) }, "f00dfacecafef00d", " ", ""}
	aTag      = maker{"tag", (*world).tag, "NOWHERE-T00001", "!", ""}
	anEMIS    = maker{"number of a school", (*world).emis, "QXNOWHERE1", "QX NOWHERE/../x", ""}
	aLearner  = maker{"learner", (*world).learner, "L99999X", "!", ""}
	anEntry   = maker{"entry of the journal", (*world).entry, "99999999", "one", "journal"}
	aRunning  = maker{"running import", (*world).running, "I-999999", "I-", "imports"}
	anInvited = maker{"invited account", (*world).invited, "qxnowhere.00001", "A B", "accounts"}
	aListing  = maker{"shipment with a device", (*world).listing, "QXNOWHERE-N00001", "/", ""}
	anAccount = maker{"account", (*world).account, "qxnowhere.00001", "A B", "accounts"}
	aHead     = maker{"account of an administrator", (*world).head, "qxnowhere.00001", "A B", "keeping"}
	aToken    = maker{"token", (*world).tokenOf, "999999", "one", "accounts"}
	aFeed     = maker{"feed key", (*world).feedOf, "999999", "one", "accounts"}
	aCount    = maker{"count", (*world).stockTake, "QXNOWHERE", "QX NOWHERE/../x", ""}
	aCard     = maker{"card", (*world).card, "QXNOWHERE", "QX NOWHERE/../x", ""}
	aTarget   = maker{"target", (*world).target, "QXNOWHERE", "?", ""}
	anImport  = maker{"import", (*world).planned, "I-999999", "I-", "imports"}
	anApplied = maker{"applied import", (*world).applied, "I-999999", "I-", "imports"}
	aStranger = maker{"device without a word", (*world).stranger, "NOWHERE00001", "!", ""}
	anUpload  = maker{"upload", (*world).upload, strings.Repeat("0f", 16), "x", ""}
)

// device brings a device to a place. All its texts have the place's word.
func (w *world) device(s *spot) string {
	serial := w.awaited(s)
	w.do(registry.ReceiveDevice{Serial: fleet.Serial(serial)})
	return serial
}

// schooled is a device in the askers' school, which does not say so itself.
func (w *world) schooled(*spot) string { return w.stranger(w.spots["QXINDIA"]) }

// tag is the tag on a device of the place, which has no other word of it.
func (w *world) tag(s *spot) string {
	tag := fleet.Tag("TAG-" + w.next())
	number := w.static(aShipment, s)
	serial := fleet.Serial(s.word + w.next())
	w.do(registry.ExpectDevice{Shipment: number, Place: s.path, Device: fleet.Device{Serial: serial, Tag: tag}}, registry.ReceiveDevice{Serial: serial})
	return string(tag)
}

// awaited is a device that the place's shipment is to bring.
func (w *world) awaited(s *spot) string {
	number := w.static(aShipment, s)
	n := w.next()
	d := fleet.Device{
		Serial: fleet.Serial(s.word + n), Tag: fleet.Tag(s.word + "-T" + n), Carton: s.word + "-C", Lot: s.word + "-L", Line: s.word + "-A",
		PO: s.word + "-PO", Funding: s.word + " fund", Price: 4_500_000,
	}
	w.do(registry.ExpectDevice{Shipment: number, Place: s.path, Device: d, Model: "Slate 11"})
	return string(d.Serial)
}

// coming is a device on its way to the place, from the country's office.
func (w *world) coming(s *spot) string {
	serial := fleet.Serial(w.device(s))
	office := w.spots["QXECHO"]
	if s == office {
		office = w.spots["QXGOLF"]
	}
	w.do(registry.DispatchDevice{Serial: serial, To: fleet.PlaceCode(office.code)}, registry.AcceptDevice{Serial: serial},
		registry.DispatchDevice{Serial: serial, To: fleet.PlaceCode(s.code)})
	return string(serial)
}

// issued is a device that somebody at the place has; elsewhere than in schools nobody can.
func (w *world) issued(s *spot) string {
	serial := w.device(s)
	if s.kind == fleet.School {
		w.do(registry.AssignDevice{Serial: fleet.Serial(serial), Holder: fleet.Holder{Kind: fleet.HeldByTeacher, Label: s.word + " holder"}})
	}
	return serial
}

func (w *world) fault(s *spot) string {
	serial := fleet.Serial(w.issued(s))
	return w.do(registry.ReportFault{Serial: serial, Category: fleet.FaultScreen, Severity: fleet.Major, Note: s.word + " note"}).Refs[0]
}

// repair is a fault whose device is being repaired.
func (w *world) repair(s *spot) string {
	ref := w.fault(s)
	w.do(registry.SendToRepair{Ref: ref, Route: fleet.ByWorkshop, Note: s.word + " note"})
	return ref
}

func (w *world) shipment(s *spot) string {
	number := s.word + "-N" + w.next()
	w.do(registry.AnnounceShipment{Number: number, Supplier: s.word + " supplier", Destination: fleet.PlaceCode(s.code), File: strings.Repeat("ab", 32), FileName: s.word + ".xlsx"})
	return number
}

// listing is a shipment of which a device is still to come. Who sees only some of a
// shipment's places receives what is theirs.
func (w *world) listing(s *spot) string {
	number := w.shipment(s)
	w.do(registry.ExpectDevice{Shipment: number, Place: s.path, Device: fleet.Device{Serial: fleet.Serial(s.word + w.next())}})
	return number
}

func (w *world) account(s *spot) string { return w.accountOf(fleet.Viewer, s) }
func (w *world) head(s *spot) string    { return w.accountOf(fleet.Admin, s) }

func (w *world) accountOf(role fleet.Role, s *spot) string {
	name := strings.ToLower(s.word) + "." + w.next()
	w.do(registry.AddUser{User: name, FullName: s.word + " person", Grants: []registry.UserGrant{{Role: role, Place: fleet.PlaceCode(s.code)}}})
	return name
}

func (w *world) tokenOf(s *spot) string { return w.programOf(s, false) }
func (w *world) feedOf(s *spot) string  { return w.programOf(s, true) }

func (w *world) programOf(s *spot, feed bool) string {
	user := w.static(anAccount, s)
	label := s.word + " token " + w.next()
	if _, err := w.auth.NewToken(w.Context(), w.boss, auth.TokenSpec{
		Feed: feed, Name: label, User: user, Expires: w.clock.Add(time.Hour * 24 * 200), Grants: []registry.UserGrant{{Role: fleet.Viewer, Place: fleet.PlaceCode(s.code)}},
	}); err != nil {
		w.Fatal(err)
	}
	all, err := w.boss.Tokens(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	for _, t := range all {
		if t.Name == label {
			return fmt.Sprint(t.ID)
		}
	}
	w.Fatalf("no token %s", label)
	return ""
}

// countDay is the day on which every place was counted.
var countDay = fleet.NewDate(2026, time.May, 1)

func (w *world) stockTake(s *spot) string {
	w.do(registry.RecordStockTake{Place: fleet.PlaceCode(s.code), Date: countDay, Serials: []fleet.Serial{
		fleet.Serial(w.static(aDevice, s)), fleet.Serial(s.word + "UNEXPECTED"), fleet.Serial(w.static(aStranger, w.spots["QXBRAVO"])),
	}})
	return s.code
}

func (w *world) target(s *spot) string {
	w.do(registry.SetTarget{Place: fleet.PlaceCode(s.code), By: fleet.NewDate(2026, time.December, 31), Devices: 900})
	return s.code
}

// clerk is an officer of the place, with an account of its own.
func (w *world) clerk(s *spot) registry.Session {
	key := "clerk " + s.word
	if w.kept[key] == "" {
		w.kept[key] = strings.ToLower(s.word) + ".clerk"
		w.do(registry.AddUser{User: w.kept[key], Grants: []registry.UserGrant{{Role: fleet.Officer, Place: fleet.PlaceCode(s.code)}}})
	}
	return w.asUser(w.kept[key])
}

// asUser is the register as somebody with an account sees it.
func (w *world) asUser(name string) registry.Session {
	u, _, err := w.reg.Gate().User(context.Background(), name)
	if err != nil {
		w.Fatal(err)
	}
	return w.reg.As(registry.Actor{User: u.ID, Name: u.Name, Grants: u.Grants, Via: "web"})
}

// planned is a list that an officer of the place sent in: with a device of the place, and
// with one problem.
func (w *world) planned(s *spot) string {
	return w.sendIn(w.clerk(s), s, s.word+" list.csv", s.word+"MISSING,x\n")
}

// sendIn sends a list in, with a device of the place and some more lines.
func (w *world) sendIn(as registry.Session, s *spot, file, lines string) string {
	list := fmt.Sprintf("Serial Number,Carton\n%s,%s-C%s\n%s", w.static(aDevice, s), s.word, w.next(), lines)
	in := workbook.Incoming{Name: file, Kind: workbook.Updates, SkipBad: true}
	i, err := w.desk.Take(w.Context(), as, in, strings.NewReader(list))
	if err != nil {
		w.Fatal(err)
	}
	return registry.ImportRef(i.ID)
}

// plan plans an import as who sees all of it.
func (w *world) plan(ref string) (uint64, *workbook.Plan) {
	id, err := workbook.ParseImportRef(ref)
	if err != nil {
		w.Fatal(err)
	}
	plan, _, err := w.desk.Plan(w.Context(), w.boss, id, nil)
	if err != nil {
		w.Fatal(err)
	}
	return id, plan
}

func (w *world) applied(s *spot) string {
	ref := w.planned(s)
	id, err := workbook.ParseImportRef(ref)
	if err != nil {
		w.Fatal(err)
	}
	clerk := w.clerk(s)
	plan, _, err := w.desk.Plan(w.Context(), clerk, id, nil)
	if err == nil {
		_, _, err = w.desk.Commit(w.Context(), clerk, id, plan.Digest, true)
	}
	if err != nil {
		w.Fatal(err)
	}
	return ref
}

// digest is that of an import's plan, or of what undoing it would do.
func (w *world) digest(ref string) string {
	id, err := workbook.ParseImportRef(ref)
	if err != nil {
		return ""
	}
	plan, i, err := w.desk.Plan(w.Context(), w.boss, id, nil)
	if err == nil && i.State == registry.ImportPlanned {
		return hex.EncodeToString(plan.Digest)
	}
	undo, err := w.desk.UndoPlan(w.Context(), w.boss, id)
	if err != nil {
		return strings.Repeat("00", 32)
	}
	return hex.EncodeToString(undo.Digest)
}

func (w *world) upload(s *spot) string {
	u, err := w.desk.BeginUpload(w.clerk(s), workbook.Upload{Name: s.word + ".csv", Metadata: "filename " + s.word, Length: 100})
	if err != nil {
		w.Fatal(err)
	}
	return u.ID
}

// stranger is a device at the place that does not say so itself, as one whose serial
// somebody elsewhere has on a sticker.
func (w *world) stranger(s *spot) string {
	if w.kept["plain shipment"] == "" {
		w.kept["plain shipment"] = "PLAIN-1"
		w.do(registry.AnnounceShipment{Number: "PLAIN-1", Supplier: "Tez", Destination: "QXECHO", FileName: "QXECHO.xlsx"})
	}
	serial := fleet.Serial("PLAIN" + w.next())
	w.do(registry.ExpectDevice{Shipment: "PLAIN-1", Place: s.path, Device: fleet.Device{Serial: serial}}, registry.ReceiveDevice{Serial: serial})
	return string(serial)
}

// card is a school that has just been given one.
func (w *world) card(s *spot) string {
	if s.kind == fleet.School {
		place, err := w.boss.Place(w.Context(), fleet.PlaceCode(s.code))
		if err == nil {
			_, err = w.auth.IssueSchools(w.Context(), w.boss, registry.Request{}, auth.Order{School: place, Card: true})
		}
		if err != nil {
			w.Fatal(err)
		}
	}
	return s.code
}
