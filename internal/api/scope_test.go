package api_test

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// Nothing of Kasur is in any answer to somebody from Lahore.
func TestNothingFromElsewhereIsShown(t *testing.T) {
	w := newWorld(t)
	reads := []string{"/devices/LAH0000003", "/devices?q=000", "/devices?q=KAS", "/places?q=kasur", "/counts?by=place,status", "/counts?by=shipment", "/exports/devices?format=csv", "/exports/places?format=csv", "/exports/faults?format=csv", "/faults?open=true", "/places?parent=PK601", "/trends/faults?every=day&from=2026-05-30"}
	for _, r := range w.routes {
		if r.Method == "GET" && !strings.Contains(r.Path, "{") {
			reads = append(reads, r.Path)
		}
	}
	for _, user := range []string{"lahore.officer", "chak77"} {
		token := w.token(user)
		for _, read := range reads {
			status, header, answer := w.raw(token, "GET /api/v1"+read, "")
			if status >= 500 || strings.Contains(answer, "KASUR") || strings.Contains(strings.ToLower(header.Get("Etag")), "kasur") {
				t.Errorf("%s sees at %s: %d %s", user, read, status, answer)
			}
		}
		for _, kind := range []takhti.ExportKind{takhti.ExportDevices, takhti.ExportPlaces, takhti.ExportFaults} {
			var file bytes.Buffer
			must(w.as(user).Export(t.Context(), takhti.ExportQuery{Kind: kind, Format: takhti.XLSX}, &file))(t)
			if strings.Contains(unzipped(t, file.Bytes()), "KASUR") {
				t.Errorf("%s sees Kasur in the workbook of %s", user, kind)
			}
		}
	}
	// The same reads do show Kasur to somebody who may see it.
	if _, _, answer := w.raw(w.token("analyst"), "GET /api/v1/devices?q=000", ""); !strings.Contains(answer, "KASUR") {
		t.Error("the test looks for something that is nowhere")
	}
}

var requestID = regexp.MustCompile(`"requestId":"[^"]*"`)

// What is elsewhere is answered exactly as what is not there at all.
func TestElsewhereIsNowhere(t *testing.T) {
	w := newWorld(t)
	fault := must(w.as("kasur.officer").FaultPage(t.Context(), takhti.FaultQuery{}))(t).Items[0].Ref
	absent := fleet.FaultRef(999_999)
	for _, tc := range []struct{ request, body, there, nowhere string }{
		{"GET /api/v1/devices/%", "", "KASUR00002", "NOBODY0002"},
		{"GET /api/v1/places/%", "", "PK602-KASUR", "PK699-KASUR"},
		{"GET /api/v1/places/%", "", "KASUR0001", "KASUR9999"},
		{"GET /api/v1/places?under=%", "", "PK602-KASUR", "PK699-KASUR"},
		{"GET /api/v1/places?parent=%", "", "PK602-KASUR", "PK699-KASUR"},
		{"GET /api/v1/devices?place=%", "", "PK602-KASUR", "PK699-KASUR"},
		{"GET /api/v1/devices?shipment=%", "", "KASUR-1", "KASUR-9"},
		{"GET /api/v1/faults?serial=%", "", "KASUR00002", "NOBODY0002"},
		{"GET /api/v1/faults/%", "", fault, absent},
		{"GET /api/v1/shipments/%", "", "KASUR-1", "KASUR-9"},
		{"GET /api/v1/counts?place=%", "", "PK602-KASUR", "PK699-KASUR"},
		{"GET /api/v1/counts/faults?place=%", "", "PK602-KASUR", "PK699-KASUR"},
		{"GET /api/v1/trends/devices?place=%", "", "PK602-KASUR", "PK699-KASUR"},
		{"GET /api/v1/exports/faults?place=%", "", "PK602-KASUR", "PK699-KASUR"},
		{"POST /api/v1/devices/%/assign", `{"kind":"cart","label":"1"}`, "KASUR00002", "NOBODY0002"},
		{"POST /api/v1/devices/%/retire", "", "KASUR00002", "NOBODY0002"},
		{"POST /api/v1/devices/LAH0000001/dispatch", `{"to":"%"}`, "PK6-KASUR0001", "PK6-KASUR9999"},
		{"POST /api/v1/faults", `{"serial":"%","category":"hinge"}`, "KASUR00002", "NOBODY0002"},
		{"POST /api/v1/faults/%/triage", "{}", fault, absent},
		{"POST /api/v1/faults/%/close", `{"outcome":"repaired"}`, fault, absent},
		{"POST /api/v1/shipments/%/close", "", "KASUR-1", "KASUR-9"},
		{"POST /api/v1/shipments/%/receive", `{"all":true}`, "KASUR-1", "KASUR-9"},
		{"POST /api/v1/shipments/LAHORE-1/receive", `{"serials":["%"]}`, "KASUR00001", "NOBODY0001"},
		{"POST /api/v1/shipments", `{"number":"X-1","destination":"%"}`, "KASUR-STORE", "KASUR-STARE"},
		{"POST /api/v1/places", `{"code":"PK6-9","parent":"%","kind":"school","name":"A","emis":"9"}`, "PK602-KASUR", "PK699-KASUR"},
	} {
		token := w.token("lahore.officer")
		answer := func(what string) (int, string) {
			status, _, body := w.raw(token, strings.ReplaceAll(tc.request, "%", what), strings.ReplaceAll(tc.body, "%", what))
			return status, requestID.ReplaceAllString(strings.ReplaceAll(body, what, "…"), "")
		}
		there, thereBody := answer(tc.there)
		nowhere, nowhereBody := answer(tc.nowhere)
		if there != 404 || nowhere != 404 || thereBody != nowhereBody {
			t.Errorf("%s %s\nelsewhere: %d %s\n  nowhere: %d %s", tc.request, tc.body, there, thereBody, nowhere, nowhereBody)
		}
	}
}

// A cursor that somebody made up does not lead out of the scope.
func TestCursorsDoNotLeadOut(t *testing.T) {
	w := newWorld(t)
	page := must(w.as("kasur.officer").PlacePage(t.Context(), takhti.PlaceQuery{Limit: 1}))(t)
	_, err := w.as("lahore.officer").PlacePage(t.Context(), takhti.PlaceQuery{Cursor: page.Next})
	wantCode(t, err, "cursor.invalid")
}

// Every operation is closed to the roles that its policy does not name.
func TestRolesOpenWhatThePolicySays(t *testing.T) {
	w := newWorld(t)
	doc := w.document()
	for _, role := range fleet.Roles() {
		w.user("with."+role.String(), role, "PK")
		token := w.token("with." + role.String())
		for _, r := range w.routes {
			path := strings.NewReplacer("{serial}", "LAH0000003", "{ref}", "F-00013", "{kind}", "devices", "{id}", "77", "{number}", "X", "{code}", "PK601", "{name}", "nobody").Replace(r.Path)
			status, _, answer := w.raw(token, r.Method+" /api/v1"+path, "")
			var p takhti.Error
			_ = json.Unmarshal([]byte(answer), &p)
			closed := status == 403 && p.Detail == "your role does not allow this anywhere"
			if closed == role.May(r.Needs) {
				t.Errorf("%s at %s %s: %d %s", role, r.Method, r.Path, status, answer)
			}
			named := false
			for _, name := range doc.Paths["/api/v1"+r.Path][strings.ToLower(r.Method)].Roles {
				named = named || name == role.String()
			}
			if named == closed {
				t.Errorf("the document says otherwise of %s at %s %s", role, r.Method, r.Path)
			}
		}
	}
}
