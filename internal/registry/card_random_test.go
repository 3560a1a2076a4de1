package registry_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Whatever is done to the cards of two schools in whatever order: no more phones are
// signed in than the card that a school has is for, none with a card that it no longer
// has, and what happens to one school leaves the other's phones alone.
func TestPhonesNeverOutliveOrOutnumberTheirCard(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		schools := []fleet.PlaceCode{ggs, gbs}
		cards := map[fleet.PlaceCode]string{}                           // that each school has
		phones := map[fleet.PlaceCode]map[string]bool{ggs: {}, gbs: {}} // that are signed in with it
		places := func() fleet.PlaceCode { return rapid.SampledFrom(schools).Draw(rt, "school") }
		for n := range rapid.IntRange(1, 25).Draw(rt, "steps") {
			at := places()
			switch rapid.SampledFrom([]string{"issue", "scan", "scan", "scan", "revoke", "pin", "hand over", "wait"}).Draw(rt, "step") {
			case "issue":
				cards[at] = fmt.Sprint("card ", n)
				w.do(w.boss, card(at, cards[at], w))
				clear(phones[at])
			case "scan":
				phone, full := fmt.Sprint("phone ", n), len(phones[at]) == 2
				switch err := w.scan(cards[at], phone); {
				case cards[at] == "" && err != registry.ErrCard, cards[at] != "" && full && err != registry.ErrCardFull:
					rt.Fatalf("scanning %q with %d phones: %v", cards[at], len(phones[at]), err)
				case cards[at] != "" && !full:
					if err != nil {
						rt.Fatal(err)
					}
					phones[at][phone] = true
				}
			case "revoke":
				w.do(w.boss, registry.RevokeCard{School: at})
				delete(cards, at)
				clear(phones[at])
			case "pin":
				w.do(w.boss, registry.SetPIN{School: at, PIN: fmt.Sprint("$", n)})
			case "hand over":
				cards[at] = fmt.Sprint("card ", n)
				w.do(w.boss, registry.HandOver{IssueCard: card(at, cards[at], w), PIN: fmt.Sprint("$", n)})
				clear(phones[at])
			case "wait":
				w.setClock(w.clock.Add(time.Hour))
			}
			for _, at := range schools {
				all, err := w.boss.SchoolAccounts(t.Context(), at, "", 1)
				if err != nil || all[0].Phones != len(phones[at]) || (all[0].Card.ID != 0) != (cards[at] != "") {
					rt.Fatalf("%s has %d phones with %q, want %d (%v)", at, all[0].Phones, cards[at], len(phones[at]), err)
				}
				for phone := range phones[at] {
					if w.alive(fleet.PhoneToken, phone) == "" {
						rt.Fatalf("%s of %s was signed out", phone, at)
					}
				}
			}
		}
		w.sound()
	})
}
