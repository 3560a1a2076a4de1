package boltkv_test

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
)

// A file that nobody touched since a clean Close is not walked again; whoever
// touches it has it walked. Damage that leaves no other trace shows which.
func TestCleanNoteSavesTheWalkOnlyForAnUntouchedFile(t *testing.T) {
	file := path(t)
	note := file + ".clean"
	s := open(t, file, boltkv.CleanNote(note))
	fill(t, s, 2000)
	closeStore(t, s)
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if noted, err := os.Stat(note); err != nil || !noted.ModTime().After(info.ModTime()) {
		t.Fatalf("the note is not younger than the file: %v", err)
	}

	data := read(t, file)
	damageLeaves(t, data)
	write(t, file, data)
	if _, err := boltkv.Open(file, boltkv.CleanNote(note)); !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("a file written to since is not walked: %v", err)
	}

	if err := os.Chtimes(file, time.Time{}, info.ModTime()); err != nil {
		t.Fatal(err)
	}
	again, err := boltkv.Open(file, boltkv.CleanNote(note))
	if err != nil {
		t.Fatalf("it was walked though the note says that nobody wrote: %v", err)
	}
	if _, err := contents(t, again); !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("the damaged page is read as if it were sound: %v", err)
	}
	closeStore(t, again)
	if err := boltkv.Check(t.Context(), file); !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("a check relies on the note: %v", err)
	}
}

func TestAKilledProcessLeavesNoNoteThatFits(t *testing.T) {
	file := path(t)
	note := file + ".clean"
	s := open(t, file, boltkv.CleanNote(note))
	fill(t, s, 1000)
	closeStore(t, s)
	before := read(t, note)
	s = open(t, file, boltkv.CleanNote(note))
	fill(t, s, 1001) // and then it is killed: nothing is closed
	data := read(t, file)
	closeStore(t, s)
	if string(read(t, note)) == string(before) {
		t.Error("the note does not change with the file")
	}
	damageLeaves(t, data)
	write(t, file, data)
	write(t, note, before)
	if _, err := boltkv.Open(file, boltkv.CleanNote(note)); !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("the file of a killed process is not walked: %v", err)
	}
}

// damageLeaves makes the number of entries of leaf pages impossible.
func damageLeaves(t *testing.T, data []byte) {
	t.Helper()
	const flags, count, leaf = 8, 10, 0x02
	damaged := false
	for at := 2 * pageSize; at < len(data); at += pageSize {
		if data[at+flags] == leaf && data[at+flags+1] == 0 && data[at+count] > 20 {
			data[at+count], data[at+count+1], damaged = 0xff, 0xff, true
		}
	}
	if !damaged {
		t.Fatal("there is no leaf page")
	}
}
