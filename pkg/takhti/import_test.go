package takhti

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"
)

func importing(status int, state string, more ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if status == http.StatusAccepted {
			w.Header().Set("Retry-After", "2")
		}
		w.WriteHeader(status)
		fmt.Fprintf(w, `{"id":"I-1","state":%q,"progress":{"phase":"applying","done":30,"known":90}}`, state)
	}
}

// A commit that the server goes on with is asked for again, as often as the server
// says, until it is done.
func TestACommitIsFollowedToItsEnd(t *testing.T) {
	f, c := serve(t, importing(202, "applying"), problem(503), importing(202, "applying"), importing(200, "applied"))
	var seen []int
	i, err := c.FollowImport(t.Context(), "I-1", Commit{Digest: "ab"}, func(i Import) { seen = append(seen, i.Progress.Done) })
	if err != nil || i.State != ImportApplied || !slices.Equal(seen, []int{30, 30}) {
		t.Errorf("%+v, %v; seen %v", i, err, seen)
	}
	if len(f.waited) != 3 || f.waited[0] != 2*time.Second || f.waited[2] != 2*time.Second {
		t.Errorf("waited %v", f.waited)
	}
	for n, sent := range f.seen {
		if sent != "POST /api/v1/imports/I-1/commit" || f.bodies[n] != f.bodies[0] {
			t.Errorf("%s with %s", sent, f.bodies[n])
		}
	}
}
