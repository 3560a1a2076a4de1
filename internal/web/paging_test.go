package web_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Whoever turns the pages of a list to its end sees every row once.
func TestPagesShowEveryRowOnce(t *testing.T) {
	w := newWorld(t)
	const many = 130
	var serials []fleet.Serial
	for i := range many {
		serials = append(serials, fleet.Serial(fmt.Sprintf("PPP-%04d", i)))
	}
	w.expect("SHP-9", "PK6-35100001", serials...)
	if _, _, err := w.boss.ReceiveAll(context.Background(), registry.Request{}, "SHP-9"); err != nil {
		t.Fatal(err)
	}
	for i, s := range serials {
		w.do(registry.ReportFault{Serial: s, Category: fleet.FaultHinge, Severity: fleet.Minor})
		w.do(school(fmt.Sprintf("3530%04d", i), "PK7", fmt.Sprintf("School %d", i)), school(fmt.Sprintf("3540%04d", i), "PK7", fmt.Sprintf("School %d", many+i)))
	}
	b := w.signedIn(t, "manager")
	for _, list := range []struct {
		address, rows string
		want          int
	}{
		{"/devices?q=PPP", `href="/devices/(PPP-\d+)"`, many},
		{"/devices?status=at_school&place=PK602", `href="/devices/(PPP-\d+)"`, many},
		{"/devices?q=PP&condition=faulty&model=Takhti+11", `href="/devices/(PPP-\d+)"`, many},
		{"/shipments/SHP-9", `href="/devices/(PPP-\d+)"`, many},
		{"/faults?category=hinge", `href="/faults/(F-\w+)"`, many},
		{"/faults?state=all&category=hinge&place=PK602", `href="/faults/(F-\w+)"`, many},
	} {
		everyRowOnce(t, b, list.address, list.rows, list.want)
	}
	everyRowOnce(t, w.signedIn(t, "ministry"), "/places/PK7?sort=name", `href="/places/(PK6-\d+)"`, 2*many)
}

func everyRowOnce(t *testing.T, b *browser, address, pattern string, want int) {
	t.Helper()
	rows := regexp.MustCompile(pattern)
	seen := map[string]bool{}
	b.get(address)
	pages := 1
	for ; ; pages++ {
		for _, m := range rows.FindAllStringSubmatch(b.page, -1) {
			if seen[m[1]] {
				t.Errorf("%s shows %s twice", address, m[1])
			}
			seen[m[1]] = true
		}
		if !strings.Contains(b.text(), "Next page") || pages > want {
			break
		}
		b.follow("Next page")
	}
	if len(seen) != want || pages < 2 {
		t.Errorf("%s shows %d rows on %d pages, want %d on several", address, len(seen), pages, want)
	}
}
