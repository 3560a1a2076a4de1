package deepcopy

import (
	"reflect"
	"testing"
)

type cell struct {
	Width *float64
	Refs  []string
	Attrs map[string]*int
	Next  *cell
	note  string
}

func TestCopySharesNothing(t *testing.T) {
	width, n := 12.5, 3
	src := cell{
		Width: &width, Refs: []string{"A1", "B2"}, Attrs: map[string]*int{"n": &n},
		Next: &cell{Refs: []string{"C3"}}, note: "kept",
	}
	var byValue, byPointer cell
	if err := Copy(&byValue, src); err != nil {
		t.Fatal(err)
	}
	if err := Copy(&byPointer, &src); err != nil {
		t.Fatal(err)
	}
	for _, c := range []cell{byValue, byPointer} {
		if !reflect.DeepEqual(c, src) {
			t.Errorf("copied %+v to %+v", src, c)
		}
		if c.Width == src.Width || &c.Refs[0] == &src.Refs[0] || c.Attrs["n"] == src.Attrs["n"] || c.Next == src.Next {
			t.Error("the copy shares memory with its source")
		}
	}
}

func TestCopyOfAnotherTypeIsRefused(t *testing.T) {
	var c cell
	for _, dst := range []any{c, (*cell)(nil), new(int)} {
		if err := Copy(dst, cell{}); err == nil {
			t.Errorf("copied to %T", dst)
		}
	}
}
