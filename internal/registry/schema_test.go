package registry_test

import (
	"flag"
	"os"
	"testing"

	"github.com/takhti-edu/takhti/internal/registry"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The drawing changes only on purpose: the keys it shows are in every district's
// only copy.
func TestSchemaIsTheOneWritten(t *testing.T) {
	const golden = "testdata/schema.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(registry.Schema()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got := registry.Schema(); got != string(want) {
		t.Errorf("the schema changed; if that is meant, run go test ./internal/registry -update\n%s", got)
	}
}
