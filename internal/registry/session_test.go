package registry_test

import (
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// teacher is an actor with several grants, the last of which is the one that counts,
// and a school in its scope.
func teacher() (registry.Actor, fleet.Path) {
	district := fleet.Path("").Child(1).Child(2).Child(3)
	return registry.Actor{Grants: []fleet.Grant{
		{Role: fleet.Viewer, Place: fleet.Path("").Child(1).Child(9)},
		{Role: fleet.WorkshopRole, Place: fleet.Path("").Child(1).Child(8)},
		{Role: fleet.Officer, Place: district},
	}}, district.Child(4)
}

func TestChecksAllocateNothing(t *testing.T) {
	a, school := teacher()
	if n := testing.AllocsPerRun(1000, func() {
		if !a.May(fleet.EditDevices, school) || a.May(fleet.EditUsers, school) || !a.MayAnywhere(fleet.RunImports) {
			t.Error("the wrong answer")
		}
	}); n != 0 {
		t.Errorf("%v allocations for three checks", n)
	}
}

func BenchmarkMay(b *testing.B) {
	a, school := teacher()
	b.ReportAllocs()
	for b.Loop() {
		if !a.May(fleet.EditDevices, school) {
			b.Fatal("refused")
		}
	}
}
