package authz

import "github.com/takhti-edu/takhti/internal/fleet"

// noFile is for forms without one.
const noFile = "no file"

const (
	tusVersion = "Tus-Resumable: 1.0.0"
	octets     = "Content-Type: application/offset+octet-stream"
)

// apiRecipes are the ways to ask the API, in the order of its nouns: a line for each
// route and each position in which it takes a reference.
func apiRecipes() []*recipe {
	saving := func(s *spot) string {
		if s.kind == fleet.School {
			return "schools"
		}
		return "places"
	}
	return []*recipe{
		plain("GET /openapi.json", toAll),
		plain("GET /docs", toAll),
		plain("GET /docs/style.css", toAll),
		plain("GET /api/v1/me", toReaders),

		plain("GET /api/v1/places", toReaders),
		query("GET /api/v1/places", toReaders, aPlace, "under=%"),
		query("GET /api/v1/places", toReaders, aPlace, "parent=%"),
		path("GET /api/v1/places/:code", toReaders, aPlace),
		path("GET /api/v1/places/:code", toReaders, anEMIS).as("path, EMIS code"),
		query("GET /api/v1/places", toReaders, cursorOf("/api/v1/places?"), "limit=1&cursor=%").as("cursor").handedOn(),
		path("POST /api/v1/places", "schools|places", aPlace).as("body").unless(isASchool).atFirst().
			json(`{"code":"QXNEW{n}","parent":"%","kind":"school","name":"New","emis":"9{n}"}`),
		path("POST /api/v1/places", "schools|places", aPlace).as("body, of a tehsil").takes(thing("places")).unless(isASchool).atFirst().
			json(`{"code":"QXNEW{n}","parent":"%","kind":"tehsil","name":"New"}`),
		path("POST /api/v1/places", "schools|places", aPlace).as("body: itself").making().takes(saving).unless(notASchool).barred(fromElsewhere).keeps().
			json(`{"code":"%","parent":"QXALFA","kind":"school","name":"New","emis":"%1"}`),
		path("GET /api/v1/places/:code/stock-takes", toReaders, aCount),
		path("GET /api/v1/places/:code/stock-takes", toReaders, aCount).as("path, of a day").asks("date=2026-05-01"),

		path("POST /api/v1/places/:code/sign-in", "cards", aPlace).json(`{"card":true}`).unless(notASchool),
		path("POST /api/v1/places/:code/sign-in/revoke", "cards", aCard).unless(notASchool),

		plain("GET /api/v1/models", toReaders),

		plain("GET /api/v1/devices", toReaders),
		query("GET /api/v1/devices", toReaders, aPlace, "place=%"),
		query("GET /api/v1/devices", toReaders, aShipment, "shipment=%"),
		path("GET /api/v1/devices/:serial", toReaders, aDevice),
		path("GET /api/v1/devices/:serial", toReaders, aTraveller).as("path, from elsewhere"),
		path("GET /api/v1/devices/:serial", toReaders, aComing).as("path, on its way"),
		path("GET /api/v1/devices/:serial", toReaders, aForgotten).as("path, from elsewhere, forgotten"),
		query("GET /api/v1/devices", toReaders, aMixed, "shipment=%").as("query, shipment in part"),
		query("GET /api/v1/devices", toReaders, cursorOf("/api/v1/devices?"), "limit=1&cursor=%").as("cursor").handedOn(),
		path("POST /api/v1/devices/:serial/assign", "assignments", aDevice).json(`{"kind":"cart","label":"1"}`).unless(notASchool),
		path("POST /api/v1/devices/:serial/return", "assignments", anIssued).unless(notASchool),
		path("POST /api/v1/devices/:serial/dispatch", "consignments", aStranger).json(`{"to":"{other}"}`),
		path("POST /api/v1/devices/:serial/dispatch", "consignments", aPlace).as("body").param("serial", "{plain}").json(`{"to":"%"}`).unless(isIndia),
		path("POST /api/v1/devices/:serial/accept", "receipts", aComing),
		path("POST /api/v1/devices/:serial/retire", "devices", aDevice),

		plain("GET /api/v1/shipments", toReaders),
		path("GET /api/v1/shipments/:number", toReaders, aShipment),
		path("GET /api/v1/shipments/:number", toReaders, aPart).as("path, in part"),
		query("GET /api/v1/shipments", toReaders, cursorOf("/api/v1/shipments?"), "limit=1&cursor=%").as("cursor").handedOn(),
		path("POST /api/v1/shipments", "shipments", aPlace).as("body").json(`{"number":"QXNEW-{n}","destination":"%"}`),
		path("POST /api/v1/shipments/:number/receive", "receipts", aListing).takes(thing(toReaders)).json(`{"all":true}`),
		path("POST /api/v1/shipments/:number/receive", "receipts", aPart).as("path, in part").takes(thing(toReaders)).json(`{"all":true}`),
		path("POST /api/v1/shipments/:number/receive", "receipts", aWaiting).as("bulk").param("number", "{shipment}").unless(notIndia).atFirst().json(`{"serials":["{awaited}","%"]}`),
		path("POST /api/v1/shipments/:number/close", "shipments", aShipment),

		plain("GET /api/v1/faults", toReaders),
		query("GET /api/v1/faults", toReaders, aPlace, "place=%"),
		query("GET /api/v1/faults", toReaders, aDevice, "serial=%"),
		query("GET /api/v1/faults", toReaders, aTraveller, "serial=%").as("query, from elsewhere"),
		query("GET /api/v1/faults", toReaders, cursorOf("/api/v1/faults?"), "limit=1&cursor=%").as("cursor").handedOn(),
		path("GET /api/v1/faults/:ref", toReaders, aFault),
		path("POST /api/v1/faults", "faults", aDevice).as("body").json(`{"serial":"%","category":"hinge"}`),
		path("POST /api/v1/faults", "faults", aTraveller).as("body, from elsewhere").json(`{"serial":"%","category":"hinge"}`),
		path("POST /api/v1/faults/:ref/triage", "repairs", aLeft).as("path, of what has left").barred(notFar).json(`{}`),
		path("POST /api/v1/faults/:ref/triage", "repairs", aGone).as("path, of what has come").json(`{}`),
		path("POST /api/v1/faults/:ref/triage", "repairs", aFault).json(`{}`),
		path("POST /api/v1/faults/:ref/repair", "repairs", aFault).json(`{"route":"workshop"}`),
		path("POST /api/v1/faults/:ref/return", "repairs", aRepair).json(`{"outcome":"repaired"}`),
		path("POST /api/v1/faults/:ref/close", "faults", aFault).json(`{"outcome":"no_fault_found"}`),

		plain("GET /api/v1/counts", toReaders).asks("by=place,status"),
		query("GET /api/v1/counts", toReaders, etagOf("/api/v1/counts?by=place,status"), "by=place,status").as("ETag").handedOn().with("If-None-Match: %"),
		query("GET /api/v1/counts", toReaders, etagOf("/api/v1/counts?place=%"), "place={home}").as("ETag, of one's own place").handedOn().with("If-None-Match: %"),
		query("GET /api/v1/counts", toReaders, aPlace, "place=%").as("query, whatever was had").with("If-None-Match: *"),
		query("GET /api/v1/counts", toReaders, aPlace, "place=%&by=place,status"),
		query("GET /api/v1/counts", toReaders, aPlace, "place=%&by=shipment").as("query, by shipment"),
		plain("GET /api/v1/counts/faults", toReaders),
		query("GET /api/v1/counts/faults", toReaders, aPlace, "place=%"),
		query("GET /api/v1/trends/devices", toReaders, aPlace, "place=%"),
		query("GET /api/v1/trends/faults", toReaders, aPlace, "place=%"),

		plain("GET /api/v1/imports", "imports"),
		query("GET /api/v1/imports", "imports", cursorOf("/api/v1/imports?"), "limit=1&cursor=%").as("cursor").handedOn(),
		plain("POST /api/v1/imports", "imports").file("kind=updates", "Serial Number,Carton\n{device},C-1\n"),
		path("POST /api/v1/imports", "imports", aPlace).as("body").takes(thing("shipments")).file("kind=shipment&shipment=QXNEW-{n}&to=%", "Serial Number\nQXNEW{n}\n"),
		path("POST /api/v1/imports", "imports", anUpload).as("body, an upload").ofOneself().file("kind=updates&upload=%", noFile),
		path("POST /api/v1/imports", "imports", aDevice).as("cell").file("kind=updates", "Serial Number,Carton\n%,C-1\n").listing(),
		path("POST /api/v1/imports", "imports", aDevice).as("cell, among one's own").file("kind=updates", "Serial Number,Carton\n{device},C-1\n%,C-1\n").listing(),
		path("POST /api/v1/imports", "imports", aPlace).as("cell, where to").takes(thing("shipments")).file("kind=shipment&shipment=QXNEW-{n}&to={school}", "Serial Number,Place Code\nQXNEW{n},%\n").listing(),
		path("POST /api/v1/imports", "imports", aPlace).as("cell, parent").file("kind=places", "Place Code,Parent Code,Kind,Place Name\nQXNEW{n},%,school,New\n").listing(),
		path("POST /api/v1/imports", "imports", aPlace).as("cell, place").takes(thing("targets")).file("kind=targets", "Place Code,Target Devices,Target Date\n%,12,2026-12-31\n").rows(),
		path("POST /api/v1/imports", "imports", aName).as("cell, place by name").takes(thing("targets")).file("kind=targets", "School Name,Target Devices,Target Date\n%,12,2026-12-31\n").rows(),
		path("POST /api/v1/imports", "imports", aPlace).as("cell, where counted").takes(thing("stock-takes")).file("kind=stocktake", "Serial Number,Place Code\n{device},%\n").rows(),
		path("POST /api/v1/imports", "imports", aPlace).as("cell, account").takes(thing("accounts")).file("kind=accounts", "User Name,Role,Place Code\nqxnew.{n},viewer,%\n").rows(),
		path("POST /api/v1/imports", "imports", anIssued).as("cell, holder").file("kind=handouts", "Serial Number,Teacher\n%,Mathematics\n").listing(),
		path("POST /api/v1/imports", "imports", aDevice).as("cell, counted").takes(thing(toReaders)).file("kind=stocktake&to={school}", "Serial Number\n%\n").listing(),
		path("POST /api/v1/imports", "imports", aWaiting).as("cell, delivered").file("kind=delivery&shipment={shipment}", "Serial Number\n%\n").listing(),
		path("GET /api/v1/imports/:id", "imports", anImport),
		path("GET /api/v1/imports/:id", "imports", aShared).as("path, for two places").hidden(notFar),
		path("GET /api/v1/imports/:id/problems", "imports", anImport),
		path("GET /api/v1/imports/:id/rows", "imports", anApplied),
		path("POST /api/v1/imports/:id/commit", "imports", anImport).json(`{"digest":"{digest}","skip_bad":true}`).unless(byMinistry),
		path("GET /api/v1/imports/:id/undo", "imports", anApplied).takes(undoing),
		path("POST /api/v1/imports/:id/undo", "imports", anApplied).takes(undoing).json(`{"digest":"{digest}"}`),
		path("GET /api/v1/imports/:id/outline", "imports", anImport),
		path("POST /api/v1/imports/:id/reading", "imports", anImport).json(`{}`),
		path("GET /api/v1/imports/:id/:copy", "imports", anImport).param("copy", "annotated.xlsx"),
		path("GET /api/v1/imports/:id/:copy", "imports", anImport).as("path, rows left out").param("copy", "left-out.xlsx"),
		plain("GET /api/v1/templates/:kind", "imports").param("kind", "shipment.xlsx"),
		plain("GET /api/v1/exports/:kind", toReaders).param("kind", "devices"),
		plain("GET /api/v1/exports/:kind", toReaders).as("- places, csv").param("kind", "places").asks("format=csv"),
		plain("GET /api/v1/exports/:kind", toReaders).as("- faults").param("kind", "faults"),
		plain("GET /api/v1/exports/:kind", toReaders).as("- handouts").param("kind", "handouts"),
		plain("GET /api/v1/exports/:kind", toReaders).as("- targets").param("kind", "targets"),
		query("GET /api/v1/exports/:kind", toReaders, aPlace, "place=%").param("kind", "devices"),
		query("GET /api/v1/exports/:kind", toReaders, aPlace, "place=%&format=csv").as("query, faults").param("kind", "faults"),
		query("GET /api/v1/exports/:kind", toReaders, aShipment, "shipment=%&format=csv").as("query, shipment").param("kind", "devices"),

		plain("OPTIONS /api/v1/uploads", toAll),
		plain("POST /api/v1/uploads", "imports").with(tusVersion, "Upload-Length: 100"),
		path("OPTIONS /api/v1/uploads/:id", toAll, anUpload),
		path("GET /api/v1/uploads/:id", "imports", anUpload).ofOneself().with(tusVersion),
		path("HEAD /api/v1/uploads/:id", "imports", anUpload).ofOneself().with(tusVersion),
		path("PATCH /api/v1/uploads/:id", "imports", anUpload).ofOneself().with(tusVersion, octets, "Upload-Offset: 0"),
		path("DELETE /api/v1/uploads/:id", "imports", anUpload).ofOneself().with(tusVersion),
		path("POST /api/v1/uploads/:id", "imports", anUpload).ofOneself().with(tusVersion, "X-HTTP-Method-Override: DELETE"),

		plain("GET /api/v1/users", "accounts"),
		path("POST /api/v1/users", "accounts", aPlace).as("body").json(`{"name":"qxnew.{n}","grants":[{"role":"viewer","place":"%"}]}`),
		path("POST /api/v1/users", "accounts", aPlace).as("body, more than one's own role").takes(thing("keeping")).json(`{"name":"qxnew.{n}","grants":[{"role":"admin","place":"%"}]}`),
		path("POST /api/v1/users/:name/disable", "accounts", aHead).as("path, of an administrator"),
		path("POST /api/v1/users/:name/enable", "accounts", anAccount),
		path("POST /api/v1/users/:name/disable", "accounts", anAccount),
		path("POST /api/v1/users/:name/roles", "accounts", anAccount).json(`{"grants":[{"role":"viewer","place":"{its place}"}]}`),
		path("POST /api/v1/users/:name/password", "accounts", anAccount).json(`{"password":"slate and chalk 1947"}`).late(2),
		plain("POST /api/v1/me/password", toReaders).json(`{"current":"` + password + `","next":"` + password + `"}`).late(2),
		plain("GET /api/v1/tokens", toReaders),
		path("POST /api/v1/tokens", toReaders, aPlace).as("body").json(`{"name":"mine","role":"viewer","place":"%"}`),
		path("POST /api/v1/tokens", toReaders, aPlace).as("body, a feed key").json(`{"feed":true,"name":"mine","role":"viewer","place":"%"}`),
		path("POST /api/v1/tokens/:id/revoke", toReaders, aToken),
		path("POST /api/v1/tokens/:id/revoke", toReaders, aFeed).as("path, a feed key"),

		// Whoever has no feed key gives their API token in its place.
		plain("GET /feeds/:key/counts.csv", toKey).param("key", "{key}").asks("by=place,status"),
		query("GET /feeds/:key/counts.csv", toKey, aPlace, "place=%&by=place,status").param("key", "{key}"),

		plain("GET /api/v1/journal", "journal"),
		query("GET /api/v1/journal", "journal", aPlace, "place=%"),
		query("GET /api/v1/journal", "journal", aDevice, "what=%").as("query, of a record").ofHistory(),

		plain("GET /api/v1/backup", "keeping").ofWhole(),
		plain("GET /api/v1/verify", "keeping").ofWhole(),
	}
}
