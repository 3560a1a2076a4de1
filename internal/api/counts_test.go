package api_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// Scripts and dashboards read this JSON: its shape never changes.
func TestCountsAreInThisShape(t *testing.T) {
	w := newWorld(t)
	token := w.token("analyst")
	for address, want := range map[string]string{
		"?place=PK":                       `{"place":"PK","as_of":"2026-06-01","rows":[{"status":"in_store","count":3},{"status":"at_school","count":2}],"total":5}`,
		"?place=PK6&by=place":             `{"place":"PK6","as_of":"2026-06-01","rows":[{"place":"PK601","place_name":"Lahore","count":3},{"place":"PK602-KASUR","place_name":"Kasur KASUR","count":2}],"total":5}`,
		"?place=PK601&by=status,place":    `{"place":"PK601","as_of":"2026-06-01","rows":[{"place":"PK601-STORE","place_name":"Lahore store","status":"in_store","count":2},{"place":"PK6-35200001","place_name":"GGHS Chak 77","status":"at_school","count":1}],"total":3}`,
		"?by=condition,model":             `{"place":"PK","as_of":"2026-06-01","rows":[{"condition":"ok","model":"Slate 11","count":4},{"condition":"faulty","model":"Slate 11","count":1}],"total":5}`,
		"?by=shipment":                    `{"place":"PK","as_of":"2026-06-01","rows":[{"shipment":"LAHORE-1","count":3},{"shipment":"KASUR-1","count":2}],"total":5}`,
		"?place=PK601&as_of=2026-05-31":   `{"place":"PK601","as_of":"2026-05-31","rows":[],"total":0}`,
		"?place=PK6-35200002":             `{"place":"PK6-35200002","as_of":"2026-06-01","rows":[],"total":0}`,
		"?place=35200001&by=status,model": `{"place":"PK6-35200001","as_of":"2026-06-01","rows":[{"status":"at_school","model":"Slate 11","count":1}],"total":1}`,
	} {
		status, header, body := w.raw(token, "GET /api/v1/counts"+address, "")
		if status != http.StatusOK || body != want || header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d\n got %s\nwant %s", address, status, body, want)
		}
	}
}

func TestCountsOfADeviceWithoutAModelHaveTheKey(t *testing.T) {
	w := newWorld(t)
	w.do(registry.ReceiveUnlisted{Shipment: "LAHORE-1", Device: fleet.Device{Serial: "LAH0000009"}})
	_, _, body := w.raw(w.token("analyst"), "GET /api/v1/counts?place=PK601&by=model", "")
	if !strings.Contains(body, `{"model":"","count":1}`) {
		t.Error(body)
	}
}

func TestCountsAreNotSentTwice(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.as("analyst"), t.Context()
	q := takhti.CountQuery{Place: "PK601", By: []takhti.Dimension{takhti.ByPlace, takhti.ByStatus}}
	first := must(c.Counts(ctx, q))(t)
	q.ETag = first.ETag
	if _, err := c.Counts(ctx, q); !errors.Is(err, takhti.ErrNotModified) || q.ETag == "" {
		t.Fatalf("the same counts again: %v", err)
	}
	w.do(registry.DispatchDevice{Serial: "KASUR00001", To: "PK6-KASUR0001"})
	if _, err := c.Counts(ctx, q); !errors.Is(err, takhti.ErrNotModified) {
		t.Fatalf("after something happened elsewhere: %v", err)
	}
	w.do(registry.DispatchDevice{Serial: "LAH0000001", To: "PK6-35200001"})
	second := must(c.Counts(ctx, q))(t)
	if second.ETag == first.ETag || second.Total != 3 {
		t.Errorf("after a change: %+v", second)
	}
	q.ETag = second.ETag
	w.do(place("PK601-STORE", "PK601", fleet.Store, "The store"))
	if renamed := must(c.Counts(ctx, q))(t); renamed.Rows[0].PlaceName != "The store" {
		t.Errorf("after a place got another name: %+v", renamed)
	}

	status, header, body := w.raw(w.token("analyst"), "GET /api/v1/counts?place=PK", "", `If-None-Match: "x", `+must(c.Counts(ctx, takhti.CountQuery{Place: "PK"}))(t).ETag)
	if status != http.StatusNotModified || body != "" || header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("%d %q %v", status, body, header)
	}
}

// What there is of the targets is told where there are any, whatever is counted by.
func TestCountsAgainstTargets(t *testing.T) {
	w := newWorld(t)
	before := must(w.as("analyst").Counts(t.Context(), takhti.CountQuery{Place: "PK601"}))(t)
	w.do(registry.SetTarget{Place: "PK601", By: fleet.NewDate(2026, 6, 30), Devices: 40})
	after := must(w.as("analyst").Counts(t.Context(), takhti.CountQuery{Place: "PK601", ETag: before.ETag}))(t)
	want := takhti.TargetCount{By: "2026-06-30", Devices: 40, Delivered: 3, Missing: 37}
	if len(before.Targets) != 0 || len(after.Targets) != 1 || after.Targets[0] != want {
		t.Errorf("%+v, then %+v", before.Targets, after.Targets)
	}
}

func TestCountsThatCannotBe(t *testing.T) {
	w := newWorld(t)
	for code, q := range map[string]takhti.CountQuery{
		"counts.by":          {By: []takhti.Dimension{"colour"}},
		"counts.future":      {AsOf: "2027-01-01"},
		"counts.by_together": {By: []takhti.Dimension{takhti.ByShipment, takhti.ByModel}},
		"place.not_found":    {Place: "PK9"},
	} {
		_, err := w.as("analyst").Counts(t.Context(), q)
		wantCode(t, err, code)
	}
}

func TestFaultCountsAndTrends(t *testing.T) {
	w := newWorld(t)
	c, ctx := w.as("analyst"), t.Context()
	counts := must(c.FaultCounts(ctx, ""))(t)
	if counts.Place != "PK" || counts.Open != 1 || counts.Total != 1 || counts.Rows[0].Category != takhti.FaultScreen {
		t.Errorf("%+v", counts)
	}
	w.setClock(w.clock.Add(30 * 24 * time.Hour)) // 1 July
	devices := must(c.DeviceTrend(ctx, takhti.TrendQuery{Place: "PK601", From: "2026-05-15"}))(t)
	if len(devices.Points) != 3 || devices.Points[0].Date != "2026-05-31" || devices.Points[0].Total != 0 ||
		devices.Points[1].Counts[takhti.StatusInStore] != 2 || devices.Points[2].Date != "2026-07-01" || devices.Points[2].Total != 3 {
		t.Errorf("by month: %+v", devices)
	}
	faults := must(c.FaultTrend(ctx, takhti.TrendQuery{From: "2026-05-31", To: "2026-06-02", Every: takhti.ByDay}))(t)
	if len(faults.Points) != 3 || faults.Points[0] != (takhti.FaultPoint{Date: "2026-05-31"}) || faults.Points[1].Open != 1 || faults.Points[2].Reported != 1 {
		t.Errorf("by day: %+v", faults)
	}
	if weeks := must(c.FaultTrend(ctx, takhti.TrendQuery{From: "2026-06-10", To: "2026-07-01", Every: takhti.ByWeek}))(t); len(weeks.Points) != 4 {
		t.Errorf("by week: %+v", weeks)
	}
	_, err := c.DeviceTrend(ctx, takhti.TrendQuery{From: "2020-01-01", Every: takhti.ByDay})
	wantCode(t, err, "trend.too_long")
	_, err = c.DeviceTrend(ctx, takhti.TrendQuery{From: "2026-06-30", To: "2026-06-01"})
	wantCode(t, err, "trend.order")
}
