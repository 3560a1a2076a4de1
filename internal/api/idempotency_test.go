package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

// Every write, sent twice under one key, happens once and is answered the same,
// even when something else happened in between.
func TestRepeatedWritesAreAnsweredAsTheFirstTime(t *testing.T) {
	for name, tc := range map[string]struct{ user, request, body, between, betweenBody string }{
		"report":      {"chak77", "POST /api/v1/faults", `{"serial":"LAH0000003","category":"hinge","note":"loose"}`, "POST /api/v1/faults", `{"serial":"LAH0000003","category":"hinge","note":"a second one"}`},
		"assign":      {"chak77", "POST /api/v1/devices/LAH0000003/assign", `{"kind":"cart","label":"Cart 1"}`, "POST /api/v1/devices/LAH0000003/return", ""},
		"dispatch":    {"lahore.officer", "POST /api/v1/devices/LAH0000001/dispatch", `{"to":"PK6-35200001"}`, "POST /api/v1/devices/LAH0000001/accept", ""},
		"retire":      {"lahore.officer", "POST /api/v1/devices/LAH0000001/retire", "", "GET /api/v1/me", ""},
		"save":        {"lahore.officer", "POST /api/v1/places", `{"code":"PK6-1","parent":"PK601","kind":"school","name":"A","emis":"1"}`, "POST /api/v1/places", `{"code":"PK6-1","parent":"PK601","kind":"school","name":"B","emis":"1"}`},
		"announce":    {"lahore.officer", "POST /api/v1/shipments", `{"number":"L-9","destination":"PK601-STORE"}`, "POST /api/v1/shipments", `{"number":"L-9","destination":"PK601-STORE","supplier":"Else"}`},
		"receive":     {"lahore.officer", "POST /api/v1/shipments/LAHORE-1/receive", `{"unlisted":[{"serial":"LAH7777777"}]}`, "POST /api/v1/shipments/LAHORE-1/close", ""},
		"receive all": {"lahore.officer", "POST /api/v1/shipments/LAHORE-1/receive", `{"all":true}`, "POST /api/v1/shipments/LAHORE-1/close", ""},
		"close":       {"lahore.officer", "POST /api/v1/shipments/LAHORE-1/close", "", "GET /api/v1/me", ""},
		"add user":    {"boss", "POST /api/v1/users", `{"name":"new.user","password":"slate and chalk","grants":[{"role":"viewer","place":"PK601"}]}`, "POST /api/v1/users/new.user/disable", ""},
		"disable":     {"boss", "POST /api/v1/users/analyst/disable", "", "POST /api/v1/users/analyst/enable", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			token := w.token(tc.user)
			status, header, first := w.raw(token, tc.request, tc.body, "Idempotency-Key: key-1")
			if status >= 300 || header.Get("Idempotent-Replayed") != "" {
				t.Fatalf("%d %v %s", status, header, first)
			}
			if status, _, answer := w.raw(token, tc.between, tc.betweenBody); status >= 300 {
				t.Fatalf("in between: %d %s", status, answer)
			}
			again, header, second := w.raw(token, tc.request, tc.body, "Idempotency-Key: key-1")
			if again != status || second != first || header.Get("Idempotent-Replayed") != "true" {
				t.Errorf("%d %s\nthen %d %q %s", status, first, again, header.Get("Idempotent-Replayed"), second)
			}
		})
	}
}

func TestOneKeyIsForOneWrite(t *testing.T) {
	w := newWorld(t)
	token := w.token("lahore.officer")
	const report = "POST /api/v1/faults"
	w.raw(token, report, `{"serial":"LAH0000003","category":"hinge"}`, "Idempotency-Key: key-1")
	for name, request := range map[string][2]string{
		"another content": {report, `{"serial":"LAH0000003","category":"audio"}`},
		"another address": {"POST /api/v1/devices/LAH0000001/retire", ""},
		"another action":  {"POST /api/v1/shipments", `{"number":"L-9","destination":"PK601-STORE"}`},
		"a receipt":       {"POST /api/v1/shipments/LAHORE-1/receive", `{"serials":["LAH0000001"]}`},
		"a whole receipt": {"POST /api/v1/shipments/LAHORE-1/receive", `{"all":true}`},
		"a token":         {"POST /api/v1/tokens", `{"name":"x","role":"viewer","place":"PK601"}`},
		"an import":       {"POST /api/v1/imports/I-1/commit", `{"digest":"ab"}`},
	} {
		status, _, answer := w.raw(token, request[0], request[1], "Idempotency-Key: key-1")
		if status != http.StatusConflict || !strings.Contains(answer, "request.reused") {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
	// Somebody else's key is another one.
	status, _, _ := w.raw(w.token("chak77"), report, `{"serial":"LAH0000003","category":"audio"}`, "Idempotency-Key: key-1")
	if status != http.StatusCreated {
		t.Errorf("somebody else's: %d", status)
	}
	status, _, answer := w.raw(token, report, `{"serial":"LAH0000003","category":"hinge"}`, "Idempotency-Key: "+strings.Repeat("k", 201))
	if status != http.StatusUnprocessableEntity {
		t.Errorf("too long a key: %d %s", status, answer)
	}
}

func TestOneKeyIsForOnePassword(t *testing.T) {
	w := newWorld(t)
	token := w.token("boss")
	add := func(password string) (int, string) {
		status, _, answer := w.raw(token, "POST /api/v1/users", `{"name":"new.user","password":"`+password+`","grants":[{"role":"viewer","place":""}]}`, "Idempotency-Key: key-1")
		return status, answer
	}
	for _, tc := range []struct {
		password string
		status   int
	}{{"slate and chalk", 201}, {"slate and cheese", 409}, {"slate and chalk", 201}} {
		if status, answer := add(tc.password); status != tc.status || status == 409 && !strings.Contains(answer, "request.reused") {
			t.Errorf("%s: %d %s", tc.password, status, answer)
		}
	}
}

// The secret of a token is told once, and one key makes one token.
func TestOneKeyMakesOneToken(t *testing.T) {
	w := newWorld(t)
	token := w.token("lahore.officer")
	add := func() (int, string) {
		status, _, answer := w.raw(token, "POST /api/v1/tokens", `{"name":"Power BI","role":"viewer","place":"PK601"}`, "Idempotency-Key: key-1")
		return status, answer
	}
	if status, answer := add(); status != http.StatusCreated {
		t.Fatalf("%d %s", status, answer)
	}
	status, answer := add()
	if status != http.StatusConflict || !strings.Contains(answer, "token.made") || !strings.Contains(answer, "token 2, Power BI,") || !strings.Contains(answer, "/tokens/{id}/revoke") {
		t.Errorf("%d %s", status, answer)
	}
	made := 0
	for _, tok := range must(w.as("lahore.officer").Tokens(t.Context()))(t) {
		if tok.Name == "Power BI" {
			made++
		}
	}
	if made != 1 {
		t.Errorf("there are %d tokens", made)
	}
}

// An import that was carried out under a key holds it.
func TestCommitHoldsItsKey(t *testing.T) {
	w := newWorld(t)
	officer, ctx := w.as("lahore.officer"), takhti.WithKey(t.Context(), "key-1")
	file := "Serial Number,Model\nLAH5000001,Slate 11\n"
	i := must(officer.UploadImport(t.Context(), takhti.Upload{
		Kind: takhti.ImportShipment, FileName: "a.csv", File: strings.NewReader(file), Shipment: "L-5", To: "PK601-STORE",
	}))(t)
	for range 2 {
		if done := must(officer.CommitImport(ctx, i.ID, takhti.Commit{Digest: i.Digest}))(t); done.State != takhti.ImportApplied || done.New != 1 {
			t.Fatalf("%+v", done)
		}
	}
	_, err := officer.RetireDevice(ctx, "LAH0000001")
	wantCode(t, err, "request.reused")
}

// A write that was refused has not used its key up.
func TestRefusedWriteLeavesItsKeyFree(t *testing.T) {
	w := newWorld(t)
	token := w.token("lahore.officer")
	const accept = "POST /api/v1/devices/LAH0000001/accept"
	if status, _, _ := w.raw(token, accept, "", "Idempotency-Key: key-1"); status != http.StatusConflict {
		t.Fatal(status)
	}
	w.raw(token, "POST /api/v1/devices/LAH0000001/dispatch", `{"to":"PK6-35200001"}`)
	if status, _, answer := w.raw(token, accept, "", "Idempotency-Key: key-1"); status != http.StatusOK {
		t.Errorf("%d %s", status, answer)
	}
}
