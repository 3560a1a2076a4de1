package api_test

import (
	"bytes"
	"context"
	"net/http"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/pkg/takhti"
)

func TestBackupOfARunningServerIsTheWholeRegister(t *testing.T) {
	w := newWorld(t)
	var file bytes.Buffer
	n := must(w.as("boss").Backup(t.Context(), &file))(t)
	if n != int64(file.Len()) || n == 0 {
		t.Errorf("%d of %d bytes", n, file.Len())
	}
	restored := memkv.New()
	if err := kv.Load(t.Context(), &file, restored); err != nil {
		t.Fatal(err)
	}
	reg, err := registry.Open(context.Background(), restored, registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	counts, err := reg.As(registry.Operator()).Counts(t.Context(), registry.CountQuery{Place: "PK"})
	if err != nil || counts.Total != 5 {
		t.Errorf("the backup holds %v, %v", counts, err)
	}
}

func TestVerifyTellsItsStagesAndFindings(t *testing.T) {
	w := newWorld(t)
	var stages []string
	n := must(w.as("boss").Verify(t.Context(), func(s string) { stages = append(stages, s) }, nil))(t)
	if n != 0 || len(stages) < 5 {
		t.Errorf("%d findings after the stages %q", n, stages)
	}
	err := w.store.Update(t.Context(), func(wr kv.Writer) error { return wr.Put(kv.Key("device.by_tag").Str("NOBODY"), []byte{1}) })
	if err != nil {
		t.Fatal(err)
	}
	var found []takhti.Finding
	n = must(w.as("boss").Verify(t.Context(), nil, func(f takhti.Finding) { found = append(found, f) }))(t)
	if n != 1 || len(found) != 1 || found[0].Key != `device.by_tag "NOBODY"` || found[0].What != "should not be there" {
		t.Errorf("%d: %v", n, found)
	}
}

// A backup holds everything of everybody, so a role at a place is not enough.
func TestOnlyTheKeeperOfAllMayBackUpAndVerify(t *testing.T) {
	w := newWorld(t)
	w.user("district.admin", fleet.Admin, "PK601")
	for _, user := range []string{"lahore.officer", "chak77", "analyst", "district.admin"} {
		for _, address := range []string{"/api/v1/backup", "/api/v1/verify"} {
			status, _, body := w.raw(w.token(user), "GET "+address, "")
			if status != http.StatusForbidden || bytes.Contains([]byte(body), []byte("takhti dump")) {
				t.Errorf("%s gets %d from %s: %.80q", user, status, address, body)
			}
		}
	}
}
