package boltkv_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
)

const pageSize = 4096

// soundFile is a closed file without the empty room at its end, and what is in it.
func soundFile(t *testing.T) (file []byte, pairs []string) {
	closed, _, pairs := soundFiles(t)
	return closed, pairs
}

// soundFiles are two files of the same content: one that was closed, and one
// whose process died.
func soundFiles(t *testing.T) (closed, left []byte, pairs []string) {
	t.Helper()
	if os.Getpagesize() != pageSize {
		t.Skip("this test knows pages of 4096 bytes only")
	}
	at := path(t)
	s := open(t, at)
	fill(t, s, 400)
	fill(t, s, 600)
	fill(t, s, 0) // without the newest first page, the state before counts: here, the same
	pairs, err := contents(t, s)
	if err != nil {
		t.Fatal(err)
	}
	left = trim(read(t, at))
	closeStore(t, s)
	return trim(read(t, at)), left, pairs
}

// trim takes off the empty room at the end of a file.
func trim(file []byte) []byte {
	file = bytes.TrimRight(file, "\x00")
	return append(file, make([]byte, pageSize-len(file)%pageSize)...)
}

func TestFlippedBitInAValueIsReportedNotServed(t *testing.T) {
	file, _ := soundFile(t)
	value := []byte("record 7 of serial-055433")
	if n := bytes.Count(file, value); n == 0 {
		t.Fatal("the value is not in the file as it is")
	}
	for at := 0; ; at++ {
		next := bytes.Index(file[at:], value)
		if next < 0 {
			break
		}
		at += next
		file[at+3] ^= 0x10
	}
	at := path(t)
	write(t, at, file)
	s := open(t, at)
	err := s.View(t.Context(), func(r kv.Reader) error {
		val, err := r.Get(kv.Key("device").Uint(7))
		if val != nil {
			t.Errorf("the damaged value was served: %q", val)
		}
		if val, err := r.Get(kv.Key("device").Uint(8)); val == nil || err != nil {
			t.Errorf("its neighbour gives %q, %v", val, err)
		}
		return err
	})
	if want := at + `: stored data is damaged: the pair "7" in table device fails its checksum`; !errors.Is(err, kv.ErrCorrupt) || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if _, err := contents(t, s); !errors.Is(err, kv.ErrCorrupt) {
		t.Errorf("a scan over it gives %v", err)
	}
	closeStore(t, s)
	if err := boltkv.Check(t.Context(), at); !errors.Is(err, kv.ErrCorrupt) || !strings.Contains(err.Error(), `"7" in table device`) {
		t.Errorf("a check gives %v", err)
	}
}

func TestFilesThatAreNone(t *testing.T) {
	file, _ := soundFile(t)
	tests := []struct {
		name  string
		bytes []byte
		want  string
	}{
		{"empty", nil, "the file is empty"},
		{"text", []byte("serial,model\n5CD1,HP 11\n"), "no data file of takhti"},
		{"long text", bytes.Repeat([]byte("serial,model\n"), 10_000), "no data file of takhti"},
		{"zeros", make([]byte, 1<<20), "no data file of takhti"},
		{"one byte", []byte{0}, "no data file of takhti"},
		{"cut to one page", file[:pageSize], "the end is missing"},
		{"cut in the middle", file[:len(file)/2], "the end is missing"},
		{"cut by a byte", file[:len(file)-1], "the end is missing"},
		{"first pages gone", append(make([]byte, 2*pageSize), file[2*pageSize:]...), "no data file of takhti"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			at := path(t)
			write(t, at, test.bytes)
			for what, err := range map[string]error{"open": tryOpen(at), "check": boltkv.Check(t.Context(), at)} {
				if !errors.Is(err, kv.ErrCorrupt) || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), at+": ") {
					t.Errorf("%s gives %v, want a sentence with %q", what, err, test.want)
				}
			}
			if !bytes.Equal(read(t, at), test.bytes) {
				t.Error("the file was changed")
			}
		})
	}
}

func tryOpen(at string) error {
	s, err := boltkv.Open(at)
	if err == nil {
		err = s.Close()
	}
	return err
}

// TestOneTornFirstPageIsNoDamage: bbolt writes the two in turn, so that a power
// cut while one is written leaves the other.
func TestOneTornFirstPageIsNoDamage(t *testing.T) {
	for _, torn := range []int{0, pageSize} {
		file, pairs := soundFile(t)
		clear(file[torn+32 : torn+pageSize])
		at := path(t)
		write(t, at, file)
		if err := boltkv.Check(t.Context(), at); err != nil {
			t.Error(err)
		}
		got, err := contents(t, open(t, at))
		if err != nil || len(got) != len(pairs) {
			t.Errorf("without page %d there are %d pairs (%v), want %d", torn/pageSize, len(got), err, len(pairs))
		}
	}
}

// TestDamageNeverCrashesNorLies does to a file what disks do. A check must say
// so, unless it did no harm; and without a check, what is read must be right or
// an error. That nothing crashes is told by the test's getting to its end.
func TestDamageNeverCrashesNorLies(t *testing.T) {
	closed, left, pairs := soundFiles(t)
	known := make(map[string]bool, len(pairs))
	for _, p := range pairs {
		known[p] = true
	}
	at := path(t)
	rapid.Check(t, func(rt *rapid.T) {
		file := closed
		if rapid.Bool().Draw(rt, "died") {
			file = left
		}
		hurt := damage(rt, bytes.Clone(file))
		write(t, at, hurt)
		checked := boltkv.Check(t.Context(), at)
		if checked != nil && !errors.Is(checked, kv.ErrCorrupt) {
			rt.Fatalf("the check gives %v, which is no word of damage", checked)
		}
		s, err := boltkv.Open(at)
		if err != nil {
			if checked == nil || !errors.Is(err, kv.ErrCorrupt) {
				rt.Fatalf("open gives %v, the check %v", err, checked)
			}
			return
		}
		defer closeStore(t, s)
		got, err := contents(t, s)
		if checked == nil && (err != nil || strings.Join(got, " ") != strings.Join(pairs, " ")) {
			rt.Fatalf("the check found nothing, but there are %d pairs (%v) instead of %d", len(got), err, len(pairs))
		}
		for _, p := range got {
			if !known[p] {
				rt.Fatalf("read %s, which was never written", p)
			}
		}
	})
}

func damage(rt *rapid.T, file []byte) []byte {
	pages := len(file) / pageSize
	aPage := rapid.IntRange(0, pages-1)
	page := func(i int) []byte { return file[i*pageSize : (i+1)*pageSize] }
	switch rapid.SampledFrom([]string{"bit", "bit", "head", "head", "zero", "swap", "copy", "cut", "noise"}).Draw(rt, "damage") {
	case "bit":
		file[rapid.IntRange(0, len(file)-1).Draw(rt, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
	case "head":
		p := page(aPage.Draw(rt, "page"))
		p[rapid.IntRange(0, 200).Draw(rt, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
	case "zero":
		clear(page(aPage.Draw(rt, "page")))
	case "swap":
		a, b := page(aPage.Draw(rt, "page")), page(aPage.Draw(rt, "with"))
		was := bytes.Clone(a)
		copy(a, b)
		copy(b, was)
	case "copy":
		copy(page(aPage.Draw(rt, "over")), page(aPage.Draw(rt, "page")))
	case "cut":
		file = file[:rapid.IntRange(1, len(file)).Draw(rt, "length")]
	case "noise":
		p := page(aPage.Draw(rt, "page"))
		copy(p[rapid.IntRange(0, pageSize-64).Draw(rt, "at"):], rapid.SliceOfN(rapid.Byte(), 1, 64).Draw(rt, "noise"))
	}
	return file
}
