package api

import (
	"bytes"
	"encoding/base64"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

func TestCursorLeadsBackToItsPosition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		position := rapid.SliceOfN(rapid.Byte(), 1, 60).Draw(t, "position")
		f := filter{"devices", fleet.Path("abc"), rapid.String().Draw(t, "text")}
		cursor := f.cursor(position)
		got, err := f.position(cursor)
		if err != nil || !bytes.Equal(got, position) {
			t.Fatalf("%x, %v", got, err)
		}
		if _, err := (filter{"devices", fleet.Path("abd"), f[2]}).position(cursor); !errors.Is(err, errCursor) {
			t.Fatal("another filter took the cursor")
		}
		data, _ := base64.RawURLEncoding.DecodeString(cursor)
		data[rapid.IntRange(0, len(data)-1).Draw(t, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := f.position(base64.RawURLEncoding.EncodeToString(data)); !errors.Is(err, errCursor) {
			t.Fatal("an altered cursor was taken")
		}
	})
}

func TestNumbersAreCursors(t *testing.T) {
	f := filter{"faults"}
	for _, n := range []uint64{0, 1, 127, 128, 1 << 40} {
		if got, err := f.number(f.numberCursor(n)); err != nil || got != n {
			t.Errorf("%d: %d, %v", n, got, err)
		}
	}
}

// The sum of a cursor is no secret. A position outside of the scope, with the
// right sum, is refused all the same.
func TestCraftedCursorDoesNotLeadOutOfTheScope(t *testing.T) {
	ctx := t.Context()
	reg, err := registry.Open(ctx, memkv.New(), registry.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer reg.Close()
	boss := reg.As(registry.Operator())
	for _, p := range []struct {
		code, parent fleet.PlaceCode
		kind         fleet.PlaceKind
	}{{"PK", "", fleet.Country}, {"PK1", "PK", fleet.Province}, {"PK2", "PK", fleet.Province}, {"PK3", "PK", fleet.Province}} {
		change := registry.SavePlace{Parent: p.parent, Place: fleet.Place{Code: p.code, Kind: p.kind, State: fleet.Active, Name: string(p.code)}}
		if _, err := boss.Apply(ctx, registry.Request{}, change); err != nil {
			t.Fatal(err)
		}
	}
	before, err := boss.Place(ctx, "PK1")
	if err != nil {
		t.Fatal(err)
	}
	own, err := boss.Place(ctx, "PK3")
	if err != nil {
		t.Fatal(err)
	}
	s := reg.As(registry.Actor{User: 7, Grants: []fleet.Grant{{Role: fleet.Viewer, Place: own.Path}}})
	crafted := filter{"places under", own.Path}.cursor([]byte(before.Path))
	found, _, err := placesUnder(ctx, s, &listPlacesIn{Listed: Listed{Limit: 10, Cursor: crafted}})
	if !errors.Is(err, errCursor) || len(found) != 0 {
		t.Errorf("%v, %v", found, err)
	}
}
