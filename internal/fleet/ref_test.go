package fleet

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestFaultRef(t *testing.T) {
	for id, want := range map[FaultID]string{
		1:                 "F-00013",
		1234:              "F-016JG",
		32*32*32*32 - 1:   "F-ZZZZC",
		32 * 32 * 32 * 32: "F-100004",
		math.MaxUint64:    "F-FZZZZZZZZZZZZW",
	} {
		if got := FaultRef(id); got != want {
			t.Errorf("fault %d is %s, want %s", id, got, want)
		}
	}
}

func TestParseFaultRef(t *testing.T) {
	good := FaultRef(1_050_113) // has a 1 and a 0
	bare := strings.TrimPrefix(good, "F-")
	for _, text := range []string{
		good, bare, "F" + bare, strings.ToLower(good), " f - " + bare + "\u200b",
		strings.NewReplacer("0", "O", "1", "I").Replace(good),
		strings.NewReplacer("0", "o", "1", "l").Replace(good),
	} {
		if id, err := ParseFaultRef(text); err != nil || id != 1_050_113 {
			t.Errorf("%q reads as fault %d (%v)", text, id, err)
		}
	}
	for _, text := range []string{
		"", "F", "F-", "7K3Q9", "F-0" + bare, "F-" + bare + "0", "F-" + bare[1:], "F-" + bare[:len(bare)-1] + "U",
		"F-13", "F-00000", "F-00001", "X" + good, "F-7K3*9", "F-تختی", strings.Repeat(good, 3),
		"F-GZZZZZZZZZZZZ" + string(refDigits[refCheck("GZZZZZZZZZZZZ")]),       // more than 64 bits
		"F-1000000000001" + string(refDigits[refCheck("1000000000001")]) + "0", // and more
	} {
		_, err := ParseFaultRef(text)
		refused(t, err, "fault.ref", "ref")
	}
	_, err := ParseFaultRef("F-7K3Q")
	want := `"F-7K3Q" is not the reference of a fault, which looks like F-016JG: check each character`
	if message(err) != want {
		t.Errorf("got %q\nwant %q", message(err), want)
	}
}

var faultIDs = rapid.OneOf(rapid.Uint64Range(1, 1<<21), rapid.Uint64Range(1, math.MaxUint64))

func TestFaultRefReadsBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := FaultID(faultIDs.Draw(t, "id"))
		ref := FaultRef(id)
		if strings.ContainsAny(ref, "ILOU") || len(ref) < 7 {
			t.Fatalf("fault %d is %s", id, ref)
		}
		if back, err := ParseFaultRef(ref); err != nil || back != id {
			t.Fatalf("%s reads back as %d (%v), want %d", ref, back, err, id)
		}
	})
}

// A slip of the finger never leads to somebody else's fault.
func TestFaultRefNoticesSlips(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ref := FaultRef(FaultID(faultIDs.Draw(t, "id")))
		for i := len("F-"); i < len(ref); i++ {
			for _, c := range []byte(refDigits) {
				slip := ref[:i] + string(c) + ref[i+1:]
				if id, err := ParseFaultRef(slip); slip != ref && err == nil {
					t.Fatalf("%s mistyped as %s is fault %d", ref, slip, id)
				}
			}
			if i+1 < len(ref) && ref[i] != ref[i+1] {
				slip := ref[:i] + string(ref[i+1]) + string(ref[i]) + ref[i+2:]
				if id, err := ParseFaultRef(slip); err == nil {
					t.Fatalf("%s mistyped as %s is fault %d", ref, slip, id)
				}
			}
		}
	})
}
