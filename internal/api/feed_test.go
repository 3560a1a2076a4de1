package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

// feed makes a feed key for the place, and returns its address.
func (w *world) feed(user, place string) string {
	w.t.Helper()
	made := must(w.as(user).AddToken(context.Background(), takhti.NewToken{
		Feed: true, Name: "sheet", Role: takhti.RoleViewer, Place: place, Days: 30,
	}))(w.t)
	if want := "/feeds/" + made.Secret + "/counts.csv"; made.Feed != want {
		w.t.Fatalf("the feed is at %s, want %s", made.Feed, want)
	}
	return made.Feed
}

func TestAFeedGivesCountsToSpreadsheets(t *testing.T) {
	w := newWorld(t)
	w.do(place("PK603", "PK6", fleet.District, `=HYPERLINK("x"), Rawalpindi`))
	w.do(registry.SavePlace{Parent: "PK603", Place: fleet.Place{Code: "PK603-STORE", Kind: fleet.Store, State: fleet.Active, Name: "Rwp store"}})
	w.shipment("RWP-1", "PK603-STORE", "RWP0000001")
	feed := w.feed("boss", "PK6")
	cases := []struct{ query, want string }{
		{"", "as_of,place_code,place,status,count\n2026-06-01,PK6,Punjab,in_store,4\n2026-06-01,PK6,Punjab,at_school,2\n"},
		{"?refresh=17", "as_of,place_code,place,status,count\n2026-06-01,PK6,Punjab,in_store,4\n2026-06-01,PK6,Punjab,at_school,2\n"},
		{"?by=place", "as_of,place_code,place,count\n2026-06-01,PK601,Lahore,3\n2026-06-01,PK602-KASUR,Kasur KASUR,2\n" +
			`2026-06-01,PK603,"'=HYPERLINK(""x""), Rawalpindi",1` + "\n"},
		{"?by=place,status&place=PK601", "as_of,place_code,place,status,count\n" +
			"2026-06-01,PK601-STORE,Lahore store,in_store,2\n2026-06-01,PK6-35200001,GGHS Chak 77,at_school,1\n"},
		{"?by=condition,model&place=PK602-KASUR", "as_of,place_code,place,condition,model,count\n" +
			"2026-06-01,PK602-KASUR,Kasur KASUR,ok,Slate 11,1\n2026-06-01,PK602-KASUR,Kasur KASUR,faulty,Slate 11,1\n"},
		{"?by=shipment&as_of=2026-06-01", "as_of,place_code,place,shipment,count\n" +
			"2026-06-01,PK6,Punjab,LAHORE-1,3\n2026-06-01,PK6,Punjab,KASUR-1,2\n2026-06-01,PK6,Punjab,RWP-1,1\n"},
		{"?as_of=2026-05-01", "as_of,place_code,place,status,count\n"},
	}
	for _, c := range cases {
		status, header, got := w.raw("", "GET "+feed+c.query, "")
		if status != http.StatusOK || got != c.want {
			t.Errorf("%s: %d\n%swant\n%s", c.query, status, got, c.want)
		}
		for name, want := range map[string]string{"Content-Type": "text/csv; charset=utf-8", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"} {
			if header.Get(name) != want {
				t.Errorf("%s: %s: %s, want %s", c.query, name, header.Get(name), want)
			}
		}
	}
}

func TestWhatAFeedDoesNotGive(t *testing.T) {
	w := newWorld(t)
	feed := w.feed("lahore.officer", "PK601")
	cases := []struct {
		query  string
		status int
		want   string
	}{
		{"?place=PK602-KASUR", 404, "there is no place PK602-KASUR.\n"},
		{"?place=NOWHERE", 404, "there is no place NOWHERE.\n"},
		{"?place=PK6", 404, "there is no place PK6.\n"},
		{"?palce=PK601", 422, "a feed takes place, by, as_of and refresh: there is no \"palce\".\n"},
		{"?by=serial", 422, "\"serial\" is not something to count by: use status, condition, model, shipment, place.\n"},
		{"?by=shipment,model", 422, "shipments can be counted by place and status, not by model or condition.\n"},
		{"?as_of=2030-01-01", 422, "2030-01-01 has not come yet.\n"},
	}
	for _, c := range cases {
		status, header, got := w.raw("", "GET "+feed+c.query, "")
		if status != c.status || got != c.want || !strings.HasPrefix(header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s: %d %s %s", c.query, status, header.Get("Content-Type"), got)
		}
	}
	_, err := w.as("lahore.officer").AddToken(t.Context(), takhti.NewToken{Feed: true, Name: "x", Role: takhti.RoleOfficer, Place: "PK601"})
	wantCode(t, err, "token.feed_role")
	_, err = w.as("lahore.officer").AddToken(t.Context(), takhti.NewToken{Feed: true, Name: "x", Role: takhti.RoleViewer, Place: "PK6"})
	wantCode(t, err, "place.not_found")
}

// All that is no key, or is one no more, is answered alike.
func TestKeysThatOpenNoFeed(t *testing.T) {
	const want = "this is not the address of a feed, or it has expired or was revoked: ask whoever gave it to you for a new one.\n"
	address := func(key string) string { return "/feeds/" + key + "/counts.csv" }
	cases := map[string]func(w *world) string{
		"mistyped": func(w *world) string {
			return strings.Replace(w.feed("chak77", "PK6-35200001"), "/counts", "x/counts", 1)
		},
		"never made":       func(*world) string { return address("feed_" + strings.Repeat("a", 49)) },
		"an API token":     func(w *world) string { return address(w.token("chak77")) },
		"of who is out":    func(w *world) string { f := w.feed("chak77", ""); w.do(registry.EnableUser{User: "chak77"}); return f },
		"of who came back": func(w *world) string { return w.outAndBack() },
		"expired":          func(w *world) string { f := w.feed("boss", ""); w.setClock(w.clock.Add(31 * 24 * time.Hour)); return f },
		"revoked": func(w *world) string {
			f := w.feed("boss", "")
			for _, tok := range must(w.as("boss").Tokens(t.Context()))(t) {
				if tok.Feed {
					w.do(registry.RevokeToken{ID: tok.ID})
				}
			}
			return f
		},
	}
	for what, how := range cases {
		w := newWorld(t)
		if what == "of who is out" {
			w.do(registry.SetRoles{User: "chak77", Grants: []registry.UserGrant{{Role: fleet.Viewer}}})
		}
		feed := how(w)
		status, header, got := w.raw(w.token("boss"), "GET "+feed, "") // a good token beside it is of no use
		if status != http.StatusNotFound || got != want || header.Get("WWW-Authenticate") != "" {
			t.Errorf("%s: %d %v %s", what, status, header, got)
		}
	}
}

// outAndBack is the feed of somebody whose roles were taken and given again.
func (w *world) outAndBack() string {
	feed := w.feed("lahore.officer", "PK601")
	for _, at := range []fleet.PlaceCode{"PK602-KASUR", "PK601"} {
		w.do(registry.SetRoles{User: "lahore.officer", Grants: []registry.UserGrant{{Role: fleet.Officer, Place: at}}})
	}
	return feed
}

func TestWhenATokenWasLastUsedIsTold(t *testing.T) {
	w := newWorld(t)
	feed := w.feed("chak77", "PK6-35200001") // the client's own token is used for it
	tell := func() (told []string) {
		for _, tok := range must(w.as("analyst").Tokens(t.Context()))(t) {
			if tok.User != "analyst" {
				t.Errorf("somebody else sees %+v", tok)
			}
		}
		for _, tok := range must(w.as("boss").Tokens(t.Context()))(t) {
			if tok.User == "chak77" && tok.LastUsed == nil {
				told = append(told, "never")
			} else if tok.User == "chak77" {
				told = append(told, tok.LastUsed.Format("15:04"))
			}
		}
		return told
	}
	if got := strings.Join(tell(), " "); got != "08:00 never" {
		t.Errorf("before the feed is used: %s", got)
	}
	w.setClock(w.clock.Add(90 * time.Minute))
	w.raw("", "GET "+feed, "")
	if got := strings.Join(tell(), " "); got != "08:00 09:30" {
		t.Errorf("after it was: %s", got)
	}
}
