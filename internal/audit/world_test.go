package audit_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"github.com/takhti-edu/takhti/internal/audit"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// world is a register with a journal that grows, and a log of it.
type world struct {
	t       testing.TB
	dir     string
	reg     *registry.Register
	boss    registry.Session
	key     *audit.Key
	entries int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, dir: t.TempDir()}
	var err error
	if w.reg, err = registry.Open(t.Context(), memkv.New(), registry.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.reg.Close() })
	w.boss = w.reg.As(registry.Operator())
	if w.key, err = audit.OpenKey(w.file("audit.key")); err != nil {
		t.Fatal(err)
	}
	w.grow(1)
	return w
}

func (w *world) file(name string) string { return filepath.Join(w.dir, name) }

// log is the log as it is after a start of the program.
func (w *world) log(o audit.Options) *audit.Log {
	o.File = w.file("checkpoints.txt")
	return audit.New(w.reg, w.key, o)
}

// grow adds so many entries to the journal.
func (w *world) grow(n int) {
	w.t.Helper()
	for range n {
		p := fleet.Place{Code: "PK", Kind: fleet.Country, State: fleet.Active, Name: "Pakistan " + strconv.Itoa(w.entries)}
		if _, err := w.boss.Apply(w.t.Context(), registry.Request{}, registry.SavePlace{Place: p}); err != nil {
			w.t.Fatal(err)
		}
		w.entries++
	}
}

// sign makes a checkpoint.
func (w *world) sign(l *audit.Log) audit.Checkpoint {
	w.t.Helper()
	c, err := l.Sign(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// kept are the checkpoints in the file.
func (w *world) kept() [][]byte {
	w.t.Helper()
	text, err := os.ReadFile(w.file("checkpoints.txt"))
	if err != nil {
		w.t.Fatal(err)
	}
	return audit.Split(text)
}

// against holds the journal against checkpoints, and returns what is wrong with them.
func (w *world) against(notes [][]byte, public string) (found []string) {
	w.t.Helper()
	if err := audit.Against(w.t.Context(), w.boss, notes, public, func(f registry.Finding) {
		found = append(found, f.Key+" "+f.What+": "+f.Detail)
	}); err != nil {
		w.t.Fatal(err)
	}
	return found
}

// signed is a note of any text, signed with the world's key.
func (w *world) signed(text string) []byte {
	w.t.Helper()
	private, err := os.ReadFile(w.file("audit.key"))
	if err != nil {
		w.t.Fatal(err)
	}
	signer, err := note.NewSigner(strings.TrimSpace(string(private)))
	if err != nil {
		w.t.Fatal(err)
	}
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		w.t.Fatal(err)
	}
	return signed
}

// altered is text with the only old in it replaced.
func altered(t testing.TB, text []byte, old, by string) []byte {
	t.Helper()
	if bytes.Count(text, []byte(old)) != 1 {
		t.Fatalf("%q is in the text %d times", old, bytes.Count(text, []byte(old)))
	}
	return bytes.Replace(text, []byte(old), []byte(by), 1)
}
