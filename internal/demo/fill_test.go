package demo_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/demo"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/table"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// filled is a register with a demo in it.
type filled struct {
	demo.Target
	world   *demo.World
	summary demo.Summary
}

func target(t *testing.T) demo.Target {
	t.Helper()
	dir := t.TempDir()
	clock := demo.NewClock(func() time.Time { return today })
	reg, err := registry.Open(t.Context(), memkv.New(), registry.Options{Now: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = reg.Close() })
	return demo.Target{
		Register: reg, Clock: clock, Folder: filepath.Join(dir, "demo-workbooks"),
		Desk: workbook.NewDesk(filepath.Join(dir, "imports"), workbook.Limits{}),
		Hash: func(_ context.Context, password string) (string, error) { return "hash of " + password, nil },
	}
}

func fill(t *testing.T, o demo.Options) filled {
	t.Helper()
	f := filled{Target: target(t), world: world(t, o)}
	var err error
	if o.Seed == 0 {
		o.Seed = 1
	}
	if f.summary, err = demo.Fill(t.Context(), f.Target, o); err != nil {
		t.Fatal(err)
	}
	return f
}

func (f *filled) verify(t *testing.T) {
	t.Helper()
	stages := 0
	err := f.Register.Verify(t.Context(), func(string) { stages++ }, func(found table.Finding) { t.Error(found) })
	if err != nil || stages == 0 {
		t.Errorf("%d stages of verification, %v", stages, err)
	}
}

func TestFill(t *testing.T) {
	began := time.Now()
	f := fill(t, demo.Options{})
	t.Log(time.Since(began), f.summary)
	f.verify(t)
	_ = os.Stdout
	_ = slices.Sorted[string]
	_ = strings.Cut
	_ = fleet.Admin
}
