package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func TestMe(t *testing.T) {
	w := newWorld(t)
	for user, want := range map[string]string{
		"chak77":         `[{school PK6-35200001}] at PK6-35200001 school`,
		"lahore.officer": `[{officer PK601}] at PK601 district`,
		"boss":           `[{admin }] at PK country`,
	} {
		me := must(w.as(user).Me(t.Context()))(t)
		if got := fmt.Sprintf("%v at %s %s", me.Grants, me.Home.Code, me.Home.Kind); got != want || me.Name != user {
			t.Errorf("%s: %s", me.Name, got)
		}
	}
}

func TestPlacesAreListed(t *testing.T) {
	w := newWorld(t)
	for name, tc := range map[string]struct {
		user  string
		query takhti.PlaceQuery
		want  string
	}{
		"all of one's own":  {"lahore.officer", takhti.PlaceQuery{}, "PK601 PK601-STORE PK6-35200001 PK6-35200002"},
		"under a place":     {"analyst", takhti.PlaceQuery{Under: "PK602-KASUR"}, "PK602-KASUR KASUR-STORE PK6-KASUR0001"},
		"directly in it":    {"analyst", takhti.PlaceQuery{Parent: "PK6"}, "PK601 PK602-KASUR"},
		"by a name":         {"analyst", takhti.PlaceQuery{Search: "chak"}, "PK6-35200001"},
		"by an EMIS code":   {"analyst", takhti.PlaceQuery{Search: "35200002"}, "PK6-35200002"},
		"by half a word":    {"analyst", takhti.PlaceQuery{Search: "mod tow"}, "PK6-35200002"},
		"nothing like that": {"analyst", takhti.PlaceQuery{Search: "zzz"}, ""},
		"only within scope": {"lahore.officer", takhti.PlaceQuery{Search: "kasur"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var codes []string
			for p, err := range w.as(tc.user).Places(t.Context(), tc.query) {
				codes = append(codes, must(p, err)(t).Code)
			}
			if got := strings.Join(codes, " "); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// Pages of any size are, put together, the list.
func TestPagesOfPlacesAreTheWholeList(t *testing.T) {
	w := newWorld(t)
	c := w.as("analyst")
	for _, q := range []takhti.PlaceQuery{{}, {Parent: "PK601"}} {
		q.Limit = 1000
		whole := must(c.PlacePage(t.Context(), q))(t)
		if whole.Next != "" || len(whole.Items) < 3 {
			t.Fatalf("%d places, next %q", len(whole.Items), whole.Next)
		}
		for q.Limit = 1; q.Limit <= len(whole.Items); q.Limit++ {
			var parts []string
			for q.Cursor = ""; ; {
				page := must(c.PlacePage(t.Context(), q))(t)
				for _, p := range page.Items {
					parts = append(parts, p.Code)
				}
				if q.Cursor = page.Next; page.Next == "" {
					break
				}
			}
			if !slices.EqualFunc(parts, whole.Items, func(code string, p takhti.Place) bool { return code == p.Code }) {
				t.Errorf("%+v: %v", q, parts)
			}
		}
	}
}

func TestOnePlace(t *testing.T) {
	w := newWorld(t)
	p := must(w.as("analyst").Place(t.Context(), "pk601"))(t)
	if p.Code != "PK601" || p.Name != "Lahore" || p.Parent != "PK6" || fmt.Sprint(p.Line) != "[{PK country Pakistan} {PK6 province Punjab}]" {
		t.Errorf("%+v", p)
	}
	if fmt.Sprint(p.Places) != "[{district active 1} {school active 2} {store active 1}]" {
		t.Errorf("places in it: %v", p.Places)
	}
	own := must(w.as("chak77").Place(t.Context(), "35200001"))(t)
	if own.Code != "PK6-35200001" || own.Parent != "" || len(own.Line) != 0 {
		t.Errorf("what lies above one's scope is shown: %+v", own)
	}
}

func TestPlaceIsSaved(t *testing.T) {
	w := newWorld(t)
	officer := w.as("lahore.officer")
	facts := takhti.SavePlace{
		Code: "PK6-35200003", Parent: "PK601", Kind: takhti.School, Name: "GGPS Chak 78", NameUrdu: "گورنمنٹ گرلز پرائمری سکول",
		EMIS: "35200003", Aliases: []string{"Chak 78"}, Level: "primary", Gender: "girls", Enrolment: 120, Electricity: takhti.Yes,
		Latitude: 31.5, Longitude: 74.3,
	}
	p := must(officer.SavePlace(t.Context(), facts))(t)
	if p.State != takhti.PlaceActive || p.Parent != "PK601" || p.Electricity != takhti.Yes || p.Internet != "" || p.Enrolment != 120 {
		t.Errorf("%+v", p)
	}
	facts.Name = "GGPS Chak 78 (new)"
	p = must(officer.SavePlace(t.Context(), facts))(t)
	if p.Name != facts.Name {
		t.Errorf("%+v", p)
	}
	facts.Parent = "PK602-KASUR"
	_, err := officer.SavePlace(t.Context(), facts)
	wantCode(t, err, "place.not_found")
	facts.Parent, facts.Latitude = "PK601", 51
	_, err = officer.SavePlace(t.Context(), facts)
	if e := wantCode(t, err, "place.latitude"); e.Status != 422 || e.Field != "latitude" {
		t.Errorf("%+v", e)
	}
	_, err = officer.SavePlace(t.Context(), takhti.SavePlace{Code: "PK609", Parent: "PK6", Kind: takhti.District, Name: "New"})
	if e := wantCode(t, err, "place.not_found"); e.Status != 404 {
		t.Errorf("%+v", e)
	}
}

func TestPlaceCodesMayHoldASlash(t *testing.T) {
	w := newWorld(t)
	w.do(place("PK601/A", "PK601", fleet.Tehsil, "Lahore City"))
	if p := must(w.as("analyst").Place(t.Context(), "PK601/A"))(t); p.Name != "Lahore City" {
		t.Errorf("%+v", p)
	}
}
