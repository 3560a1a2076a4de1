package web_test

import (
	"compress/gzip"
	"io"
	"testing"
)

// What a first visit to a page takes, compressed, with the style sheet: what fits
// into 14 KB comes in one go on a slow line.
func TestPagesAreLight(t *testing.T) {
	w := newWorld(t)
	for _, page := range []struct {
		user, address string
		most          int
	}{
		{"school", "/d/AAA-0001", 14 << 10},
		{"school", "/", 20 << 10},
		{"officer", "/", 45 << 10},
		{"ministry", "/places/PK", 60 << 10},
	} {
		b := w.signedIn(t, page.user)
		b.get(page.address)
		weight := compressed(t, b.page)
		b.get(stylesheet.FindString(b.page))
		weight += compressed(t, b.page)
		if b.header.Get("Cache-Control") != "public, max-age=31536000, immutable" {
			t.Errorf("the style sheet is kept %q", b.header.Get("Cache-Control"))
		}
		if weight > page.most {
			t.Errorf("%s weighs %d bytes, want at most %d", page.address, weight, page.most)
		}
		t.Logf("%s weighs %d bytes", page.address, weight)
	}
}

func compressed(t *testing.T, data string) int {
	t.Helper()
	var n counter
	w := gzip.NewWriter(&n)
	if _, err := io.WriteString(w, data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return int(n)
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}
