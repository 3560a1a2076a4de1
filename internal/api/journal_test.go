package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// found are the changes and the places of what a query finds, a page of two at a time.
func found(t *testing.T, c *takhti.Client, q takhti.JournalQuery) (list []string) {
	t.Helper()
	q.Limit = 2
	for {
		page := must(c.JournalPage(t.Context(), q))(t)
		for _, e := range page.Items {
			list = append(list, e.Change+" "+e.Place)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return list
		}
	}
}

// The journal is searched by who, what, where and when, and by them together.
func TestJournalSearch(t *testing.T) {
	w := newWorld(t)
	w.user("auditor", fleet.Auditor, "PK")
	asma := w.as("lahore.officer")
	w.setClock(time.Date(2026, 6, 2, 20, 0, 0, 0, time.UTC)) // the 3rd, in Pakistan
	must(asma.AssignDevice(t.Context(), "LAH0000003", takhti.Holder{Kind: "cart", Label: "1"}))(t)
	must(asma.ReturnDevice(t.Context(), "LAH0000003"))(t)
	c := w.as("auditor")
	for name, want := range map[string]struct {
		query takhti.JournalQuery
		list  string
	}{
		"by whom":                  {takhti.JournalQuery{Who: "lahore.officer", Change: "assign_device"}, "[assign_device PK6-35200001]"},
		"what became of a device":  {takhti.JournalQuery{What: "lah0000003", From: "2026-06-03"}, "[return_device PK6-35200001 assign_device PK6-35200001]"},
		"before it, on the 1st":    {takhti.JournalQuery{What: "LAH0000003", Until: "2026-06-02"}, "[accept_device PK6-35200001 dispatch_device PK6-35200001 receive_device PK601-STORE expect_device PK601-STORE]"},
		"at a place and below it":  {takhti.JournalQuery{Place: "PK602-KASUR", Change: "report_fault"}, "[report_fault PK6-KASUR0001 report_fault PK6-KASUR0001]"},
		"of a fault":               {takhti.JournalQuery{What: fleet.FaultRef(1)}, "[report_fault PK6-KASUR0001]"},
		"by somebody who did none": {takhti.JournalQuery{Who: "nobody.of.us"}, "[]"},
	} {
		if got := found(t, c, want.query); fmt.Sprint(got) != want.list {
			t.Errorf("%s: %v, want %s", name, got, want.list)
		}
	}
}

func TestAJournalEntryTellsWhoAndHow(t *testing.T) {
	w := newWorld(t)
	w.user("auditor", fleet.Auditor, "PK")
	must(w.as("lahore.officer").AssignDevice(t.Context(), "LAH0000003", takhti.Holder{Kind: "cart", Label: "1"}))(t)
	for e, err := range w.as("auditor").Journal(t.Context(), takhti.JournalQuery{What: "LAH0000003"}) {
		if err != nil {
			t.Fatal(err)
		}
		e.Seq, e.Account, e.RecordNumber, e.Request, e.Address = 0, min(e.Account, 1), min(e.RecordNumber, 1), "", strings.TrimSuffix(e.Address, "1")
		want := takhti.JournalEntry{
			Time: w.clock, Change: "assign_device", Account: 1, By: "lahore.officer", Via: "api", Address: "127.0.0.",
			Place: "PK6-35200001", Record: "device", RecordNumber: 1,
		}
		if e != want {
			t.Errorf("%+v, want %+v", e, want)
		}
		return
	}
	t.Error("no entry")
}

// What an auditor of Lahore finds is of Lahore; what is elsewhere is as if it were not.
func TestJournalOfAnAuditorsPlace(t *testing.T) {
	w := newWorld(t)
	w.user("lahore.auditor", fleet.Auditor, "PK601")
	c := w.as("lahore.auditor")
	for _, line := range found(t, c, takhti.JournalQuery{}) {
		if strings.Contains(line, "KASUR") || strings.HasSuffix(line, " ") {
			t.Errorf("an auditor of Lahore reads %q", line)
		}
	}
	_, unknown := c.JournalPage(t.Context(), takhti.JournalQuery{What: "KASUR99999"})
	_, elsewhere := c.JournalPage(t.Context(), takhti.JournalQuery{What: "KASUR00001"})
	wantCode(t, unknown, "journal.what")
	if got := strings.ReplaceAll(fmt.Sprint(elsewhere), "KASUR00001", "KASUR99999"); got != fmt.Sprint(unknown) {
		t.Errorf("of a device elsewhere %q, of none %q", got, unknown)
	}
	_, err := c.JournalPage(t.Context(), takhti.JournalQuery{Place: "PK602-KASUR"})
	wantCode(t, err, "place.not_found")
	_, err = w.as("lahore.officer").JournalPage(t.Context(), takhti.JournalQuery{})
	wantCode(t, err, "forbidden")
}

// A device that went elsewhere is still found by what it did here.
func TestJournalOfADeviceThatLeft(t *testing.T) {
	w := newWorld(t)
	w.user("lahore.auditor", fleet.Auditor, "PK601")
	w.do(registry.DispatchDevice{Serial: "LAH0000001", To: "KASUR-STORE"}, registry.AcceptDevice{Serial: "LAH0000001"})
	if got := found(t, w.as("lahore.auditor"), takhti.JournalQuery{What: "LAH0000001"}); fmt.Sprint(got) != "[receive_device PK601-STORE expect_device PK601-STORE]" {
		t.Errorf("%v", got)
	}
}

func TestJournalCursorsAndDates(t *testing.T) {
	w := newWorld(t)
	c := w.as("boss")
	page := must(c.JournalPage(t.Context(), takhti.JournalQuery{Limit: 1}))(t)
	_, err := c.JournalPage(t.Context(), takhti.JournalQuery{Who: "boss", Limit: 1, Cursor: page.Next})
	wantCode(t, err, "cursor.invalid")
	_, err = c.JournalPage(t.Context(), takhti.JournalQuery{From: "1.6.2026"})
	wantCode(t, err, "request.invalid")
}
