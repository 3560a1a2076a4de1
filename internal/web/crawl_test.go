package web_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
)

var linked = regexp.MustCompile(`<a[^>]* href="(/[^"#]*)`)

// Whoever follows every link finds a page behind each of them, and every page
// keeps the rules of lawful. Addresses of the API are not of this package.
func TestEveryLinkLeadsToAPage(t *testing.T) {
	w := newWorld(t)
	for _, role := range fleet.Roles() {
		t.Run(role.String(), func(t *testing.T) {
			b := w.signedIn(t, role.String())
			seen := map[string]bool{"/": true}
			for queue := []string{"/"}; len(queue) > 0; queue = queue[1:] {
				b.get(queue[0])
				if b.status != http.StatusOK {
					t.Errorf("%s answers %d: %s", queue[0], b.status, b.text())
				}
				for _, m := range linked.FindAllStringSubmatch(b.page, -1) {
					to := html.UnescapeString(m[1])
					if !seen[to] && !strings.HasPrefix(to, "/api/") {
						seen[to] = true
						queue = append(queue, to)
					}
				}
			}
			if len(seen) < 15 {
				t.Errorf("found only %d pages", len(seen))
			}
			t.Logf("%d pages", len(seen))
		})
	}
}

var (
	counted = regexp.MustCompile(`<a href="(/(?:devices|faults)\?[^"]*)">([0-9,]+)</a>`)
	rows    = regexp.MustCompile(`<tr><th scope="row">`)
)

// A number that leads somewhere leads to as many rows.
func TestNumbersHaveTheirRows(t *testing.T) {
	w := newWorld(t)
	for user, pages := range map[string][]string{
		"ministry": {"/", "/places/PK", "/places/PK6", "/places/PK6-35200001"},
		"officer":  {"/", "/places/PK601"},
		"school":   {"/"},
	} {
		b := w.signedIn(t, user)
		for _, page := range pages {
			b.get(page)
			numbers := counted.FindAllStringSubmatch(b.page, -1)
			if len(numbers) < 4 {
				t.Errorf("%s shows %s only %d numbers with rows", page, user, len(numbers))
			}
			for _, m := range numbers {
				b.get(html.UnescapeString(m[1]))
				if n := len(rows.FindAllString(b.page, -1)); fmt.Sprint(n) != m[2] {
					t.Errorf("%s shows %s the number %s, which has %d rows at %s", page, user, m[2], n, m[1])
				}
			}
		}
	}
}
