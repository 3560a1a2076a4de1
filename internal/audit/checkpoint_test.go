package audit_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/audit"
)

// A checkpoint says who made it, of how many entries, and the hash over them, in
// three lines that people can read.
func TestACheckpointIsReadable(t *testing.T) {
	w := newWorld(t)
	w.grow(2)
	c := w.sign(w.log(audit.Options{}))
	name, _, _ := strings.Cut(w.key.Public(), "+")
	want := fmt.Sprintf("%s\n3\n%s\n\n— %s ", name, c.Root, name)
	if !strings.HasPrefix(string(c.Signed), want) {
		t.Errorf("%q, want it to begin with %q", c.Signed, want)
	}
	if got, err := audit.Open(c.Signed, w.key.Public()); err != nil || got.Head != c.Head {
		t.Errorf("opened: %v, %v", got.Head, err)
	}
}

// Whatever is altered in what a checkpoint says, it is not believed.
func TestAForgedCheckpointIsRefused(t *testing.T) {
	w := newWorld(t)
	c := w.sign(w.log(audit.Options{}))
	said := bytes.Index(c.Signed, []byte("\n\n"))
	rapid.Check(t, func(r *rapid.T) {
		at := rapid.IntRange(0, said).Draw(r, "at")
		forged := bytes.Clone(c.Signed)
		forged[at] ^= byte(rapid.IntRange(1, 255).Draw(r, "by"))
		if got, err := audit.Open(forged, w.key.Public()); err == nil {
			r.Errorf("%q is believed: %v", forged, got.Head)
		}
	})
	for what, text := range map[string]string{
		"of another log":     "elsewhere\n1\n" + c.Root.String() + "\n",
		"only a name":        strings.Split(w.key.Public(), "+")[0] + "\n",
		"without a hash":     strings.Split(w.key.Public(), "+")[0] + "\n1\n",
		"of no number":       strings.Split(w.key.Public(), "+")[0] + "\none\n" + c.Root.String() + "\n",
		"of a negative size": strings.Split(w.key.Public(), "+")[0] + "\n-1\n" + c.Root.String() + "\n",
		"of half a hash":     strings.Split(w.key.Public(), "+")[0] + "\n1\nAAAA\n",
	} {
		if got, err := audit.Open(w.signed(text), w.key.Public()); err == nil {
			t.Errorf("a note signed with the key, but %s, is believed: %v", what, got.Head)
		}
	}
	other := newWorld(t)
	for what, key := range map[string]string{
		"of another log": other.key.Public(), "no key": "chalk", "none": "",
	} {
		if _, err := audit.Open(c.Signed, key); err == nil {
			t.Errorf("%s: it is believed", what)
		}
	}
}

// The checkpoints of a file are those that were written to it, and the last is found
// without reading all of it; also when it was opened in an editor for Windows.
func TestAFileOfCheckpoints(t *testing.T) {
	w := newWorld(t)
	l := w.log(audit.Options{})
	var made [][]byte
	for range 12 {
		w.grow(1)
		made = append(made, w.sign(l).Signed)
		if last, err := audit.LastOf(w.file("checkpoints.txt")); err != nil || !bytes.Equal(last, made[len(made)-1]) {
			t.Errorf("after %d the last is %q, %v", len(made), last, err)
		}
	}
	text, err := os.ReadFile(w.file("checkpoints.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string][]byte{
		"as it is": text, "with blank lines around it": []byte("\n\n" + string(text) + "\n\n"), "of Windows": bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")),
	} {
		if got := audit.Split(text); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", made) {
			t.Errorf("%s: %q, want %q", what, got, made)
		}
	}
	empty := filepath.Join(w.dir, "empty.txt")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := audit.LastOf(empty); err == nil || err.Error() != empty+" has no checkpoint" {
		t.Errorf("of an empty file: %v", err)
	}
}
