package fleet

import (
	"errors"
	"fmt"
	"io"
	"testing"
)

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		err  *Error
		kind Kind
	}{
		{Invalidf("a.b", "row %d", 7), Invalid},
		{NotFoundf("a.b", "row %d", 7), NotFound},
		{Conflictf("a.b", "row %d", 7), Conflict},
		{Forbiddenf("a.b", "row %d", 7), Forbidden},
	} {
		if c.err.Kind != c.kind || c.err.Code != "a.b" || c.err.Error() != "row 7" || c.err.Field != "" {
			t.Errorf("got %+v, want kind %d", c.err, c.kind)
		}
		if wrapped := fmt.Errorf("reading: %w", c.err); KindOf(wrapped) != c.kind {
			t.Errorf("wrapped, its kind is %d, want %d", KindOf(wrapped), c.kind)
		}
	}
	if KindOf(nil) != 0 || KindOf(io.EOF) != 0 {
		t.Error("other errors have a kind of ours")
	}
}

func TestErrorsAreTheSameByCode(t *testing.T) {
	err := fmt.Errorf("reading: %w", NotFoundf("place.not_found", "there is no place PK9"))
	for _, c := range []struct {
		target error
		want   bool
	}{
		{NotFoundf("place.not_found", "other words"), true},
		{Conflictf("place.not_found", "another kind"), true},
		{NotFoundf("device.not_found", "there is no place PK9"), false},
		{io.EOF, false},
	} {
		if got := errors.Is(err, c.target); got != c.want {
			t.Errorf("is %v: %v, want %v", c.target, got, c.want)
		}
	}
}

func TestInNamesTheFieldOfACopy(t *testing.T) {
	plain := Invalidf("date.invalid", "not a date")
	named := plain.In("warranty")
	if named.Field != "warranty" || named.Code != plain.Code || plain.Field != "" {
		t.Errorf("got %+v from %+v", named, plain)
	}
}
