package registry

import "testing"

func TestKeptIsNeverOlderThanTheLastDrop(t *testing.T) {
	c := kept[int, string]{most: 2}
	_, _, before := c.get(1)
	c.drop() // a commit, while the reader still has what was before it
	c.put(1, "old", before)
	if v, ok, _ := c.get(1); ok {
		t.Errorf("a reader that began before the commit left %q", v)
	}
	c.put(1, "new", c.now())
	if v, ok, _ := c.get(1); !ok || v != "new" {
		t.Errorf("%q, %v", v, ok)
	}
}

func TestKeptIsBounded(t *testing.T) {
	c := kept[int, string]{most: 2}
	for i := range 5 {
		c.put(i, "x", c.now())
	}
	if len(c.values) > 2 {
		t.Errorf("%d are kept, of 2", len(c.values))
	}
}
