package boltkv

import (
	"fmt"
	"os"
	"time"
)

// CleanNote names a small file, beside the database, in which a clean Close notes
// how it left the database. While nobody has written to the database since, it
// is as sound as it was, and Open does not walk all of its pages: the start of a
// register of half a million devices takes a tenth of the time. What goes wrong
// on the disk itself is found all the same, by the checksums of what is read and
// by [Check]. Losing the note costs a walk.
func CleanNote(path string) Option { return func(o *options) { o.cleanNote = path } }

// imprint says in what state a file is: any write to it leaves another.
func imprint(f *os.File) (string, error) {
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	m, err := readMeta(f)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("transaction %d, %d bytes, written %s\n", m.txid, info.Size(), info.ModTime().UTC().Format(time.RFC3339Nano)), nil
}

// leftClean says whether the file is as the note says that it was left.
func leftClean(f *os.File, note string) bool {
	if note == "" {
		return false
	}
	noted, err := os.ReadFile(note)
	if err != nil {
		return false
	}
	now, err := imprint(f)
	return err == nil && now == string(noted)
}

// noteClean writes the note. A note that is as old as the last write to the
// database, by the clock of the file system, would hide a write in the same
// tick; so it is written again until it is younger. It is a hint only: whatever
// fails, the next Open walks.
func noteClean(f *os.File, note string) {
	if note == "" || leftClean(f, note) {
		return
	}
	text, err := imprint(f)
	if err != nil {
		return
	}
	info, err := f.Stat()
	if err != nil {
		return
	}
	for range 50 {
		if os.WriteFile(note, []byte(text), fileMode) != nil {
			break
		}
		if noted, err := os.Stat(note); err == nil && noted.ModTime().After(info.ModTime()) {
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
	_ = os.Remove(note)
}
