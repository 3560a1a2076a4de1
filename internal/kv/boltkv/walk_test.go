package boltkv

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
)

// patient is a file in memory, to be damaged on purpose.
type patient struct {
	t    *testing.T
	meta meta
	file []byte
}

// newPatient writes a table of several pages, two of one page and one that is
// small enough to lie within the list of tables.
func newPatient(t *testing.T) *patient {
	t.Helper()
	at := filepath.Join(t.TempDir(), "takhti.db")
	s, err := Open(at)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), func(w kv.Writer) error {
		for i := range uint64(400) {
			err := errors.Join(
				w.Put(kv.Key("device").Uint(i), bytes.Repeat([]byte("x"), 100)),
				w.Put(kv.Key("half").Uint(i/10), bytes.Repeat([]byte("x"), 50)),
				w.Put(kv.Key("half.by_x").Uint(i/10), bytes.Repeat([]byte("x"), 50)))
			if err != nil {
				return err
			}
		}
		return w.Put(kv.Key("small").Uint(1), []byte("one"))
	})
	if err := errors.Join(err, s.Close()); err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(at)
	if err != nil {
		t.Fatal(err)
	}
	p := &patient{t: t, file: file}
	p.look()
	p.file = p.file[:p.meta.pages*uint64(p.meta.pageSize)] // without the room to grow
	return p
}

// look reads what the first pages say.
func (p *patient) look() {
	p.t.Helper()
	var err error
	if p.meta, err = readMeta(bytes.NewReader(p.file)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *patient) page(id uint64) page {
	return page(p.file[int(id)*p.meta.pageSize : (int(id)+1)*p.meta.pageSize])
}

func (p *patient) entries(pg page) []element {
	p.t.Helper()
	entries, err := pg.elements(nil)
	if err != nil {
		p.t.Fatal(err)
	}
	return entries
}

// bucket is the stored form of a table.
func (p *patient) bucket(table string) []byte {
	p.t.Helper()
	for _, e := range p.entries(p.page(p.meta.root)) {
		if string(e.key) == table {
			return e.val
		}
	}
	p.t.Fatalf("there is no table %s", table)
	return nil
}

func (p *patient) root(table string) page { return p.page(order.Uint64(p.bucket(table))) }

func (p *patient) walk(d depth) error {
	at := filepath.Join(p.t.TempDir(), "damaged.db")
	if err := os.WriteFile(at, p.file, fileMode); err != nil {
		p.t.Fatal(err)
	}
	f, err := os.Open(at)
	if err != nil {
		p.t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	return walk(p.t.Context(), f, d)
}

func TestWalkNamesTheDamage(t *testing.T) {
	tests := []struct {
		name   string
		damage func(p *patient)
		want   string
	}{
		{"none", func(*patient) {}, ""},
		{"wrong page", func(p *patient) { copy(p.root("half"), p.root("device")) }, "should be is page"},
		{"unknown kind", func(p *patient) { p.root("half")[8] = 0x40 }, "is of the unknown kind 0x40"},
		{"too long", func(p *patient) { p.root("half")[14] = 0xFF }, "pages long, past the end of the file"},
		{"overlong", func(p *patient) { p.root("half")[12] = 1 }, "two things lead to page"},
		{"too many entries", func(p *patient) { p.root("half")[11] = 0xFF }, "is garbled: an entry is not where it should be"},
		{"fewer entries", func(p *patient) { p.root("half")[10]-- }, "is garbled"},
		{"no entries", func(p *patient) { p.root("half")[10] = 0 }, "is garbled"},
		{"an empty key", func(p *patient) { clear(p.root("half")[headerSize+8 : headerSize+12]) }, "is garbled"},
		{"keys out of order", func(p *patient) { p.entries(p.root("half"))[3].key[0]++ }, "the keys of page"},
		{"pair marked as table", func(p *patient) { p.root("half")[headerSize] = 1 }, `the pair "0" in table half is marked as something else`},
		{"value changed", func(p *patient) { p.entries(p.root("half"))[3].val[9]++ }, `the pair "3" in table half fails its checksum`},
		{"pairs exchanged", func(p *patient) {
			e := p.entries(p.root("half"))
			copy(e[3].val, e[4].val)
		}, `the pair "3" in table half fails its checksum`},
		{"pair of another table", func(p *patient) {
			copy(p.entries(p.root("half"))[3].val, p.entries(p.root("half.by_x"))[3].val)
		}, `the pair "3" in table half fails its checksum`},
		{"small value changed", func(p *patient) { p.bucket("small")[bucketSize+headerSize+elemSize+4]++ }, `in table small fails its checksum`},
		{"small table garbled", func(p *patient) { p.bucket("small")[bucketSize+8] = kindBranch }, "its only page is garbled (table small)"},
		{"table of another", func(p *patient) { copy(p.bucket("half.by_x"), p.bucket("half")[:8]) }, "two things lead to page"},
		{"table far away", func(p *patient) { p.bucket("half")[3] = 1 }, "something leads to page"},
		{"table at the first page", func(p *patient) { clear(p.bucket("half")[1:8]); p.bucket("half")[0] = 1 }, "something leads to page 1,"},
		{"no table", func(p *patient) { p.page(p.meta.root)[headerSize] = 0 }, `the list of tables has an entry "device" that is none`},
		{"branch leads elsewhere", func(p *patient) {
			at := headerSize + elemSize + 8
			p.root("device")[at] = byte(p.root("half").id())
		}, "out of order"},
		{"branch keys changed", func(p *patient) { p.entries(p.root("device"))[1].key[0] = 0xFF }, "does not lead to the pages below it as it should"},
		{"branch key between pages", func(p *patient) {
			key := p.entries(p.root("device"))[1].key
			key[len(key)-1]++
		}, "the keys of page"},
		{"empty branch", func(p *patient) { clear(p.root("device")[10:]) }, "does not lead to the pages below it as it should"},
		{"free list gone", func(p *patient) { p.page(p.meta.freelist)[8] = kindLeaf }, "the list of free pages, page"},
		{"free list too long", func(p *patient) { p.page(p.meta.freelist)[11] = 0xF0 }, "the list of free pages is longer than its page"},
		{"free list endless", func(p *patient) {
			copy(p.page(p.meta.freelist)[10:], []byte{0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF})
		}, "the list of free pages is longer than its page"},
		{"free list too short", func(p *patient) { p.page(p.meta.freelist)[10]-- }, "is neither in use nor free"},
		{"free page in use", func(p *patient) { p.page(p.meta.freelist)[headerSize] = byte(p.root("half").id()) }, "is listed as free and is not"},
		{"free page far away", func(p *patient) { p.page(p.meta.freelist)[headerSize+5] = 1 }, "is listed as free and is not"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := newPatient(t)
			test.damage(p)
			err := p.walk(values)
			if test.want == "" && err != nil || test.want != "" && (!errors.Is(err, kv.ErrCorrupt) || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if err := p.walk(structure); (err != nil) != (test.want != "" && !strings.Contains(test.want, "checksum")) {
				t.Errorf("a walk of the structure gives %v", err)
			}
		})
	}
}

// TestCloseNotesFreePages: without the list the next Open has to look for them,
// which takes half a minute for a large file that is not in memory.
func TestCloseNotesFreePages(t *testing.T) {
	p := newPatient(t)
	if p.meta.freelist == noFreelist {
		t.Error("a closed file has no list of free pages")
	}
	at := filepath.Join(t.TempDir(), "takhti.db")
	if err := os.WriteFile(at, p.file, fileMode); err != nil {
		t.Fatal(err)
	}
	s, err := Open(at)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	before := p.meta.txid
	if p.file, err = os.ReadFile(at); err != nil {
		t.Fatal(err)
	}
	if p.look(); p.meta.txid != before {
		t.Errorf("opening and closing wrote %d transactions", p.meta.txid-before)
	}
}

func TestBulkLoadsFillTheirPages(t *testing.T) {
	const pairs = 4 * bulkWrites
	used := make(map[int]uint64)
	for _, size := range []int{bulkWrites - 1, bulkWrites} {
		at := filepath.Join(t.TempDir(), "takhti.db")
		s, err := Open(at)
		if err != nil {
			t.Fatal(err)
		}
		for from := 0; from < pairs; from += size {
			err = errors.Join(err, s.Update(t.Context(), func(w kv.Writer) error {
				for i := range size {
					if err := w.Put(kv.Key("device").Uint(uint64(from+i)), make([]byte, 100)); err != nil {
						return err
					}
				}
				return nil
			}))
		}
		free := s.Stats().FreeBytes
		if err := errors.Join(err, s.Close()); err != nil {
			t.Fatal(err)
		}
		file, err := os.ReadFile(at)
		if err != nil {
			t.Fatal(err)
		}
		p := patient{t: t, file: file}
		p.look()
		used[size] = p.meta.pages - uint64(free)/uint64(p.meta.pageSize)
	}
	if small, bulk := used[bulkWrites-1], used[bulkWrites]; bulk*3 > small*2 {
		t.Errorf("in bulk %d pages hold what takes %d otherwise, want a third less", bulk, small)
	}
}

func TestSealHoldsTableKeyAndValue(t *testing.T) {
	sealed := seal(nil, tableSum([]byte("device")), []byte("key"), []byte("value"))
	tests := []struct{ table, key string }{{"device", "key"}, {"fault", "key"}, {"device", "kex"}, {"devicek", "ey"}}
	for i, test := range tests {
		val, ok := unseal(tableSum([]byte(test.table)), []byte(test.key), sealed)
		if ok != (i == 0) || ok && string(val) != "value" {
			t.Errorf("in table %s at %s: %q, %v", test.table, test.key, val, ok)
		}
	}
	for n := range len(sealed) {
		if _, ok := unseal(tableSum([]byte("device")), []byte("key"), sealed[:n]); ok {
			t.Errorf("%d of %d bytes pass for all", n, len(sealed))
		}
	}
}

// TestFullDiskIsOnlyKnownBeforeTheFirstPage: when the page that makes a commit
// count may be on the disk, the caller must not be told that nothing was written.
func TestFullDiskIsOnlyKnownBeforeTheFirstPage(t *testing.T) {
	for _, counts := range []bool{false, true} {
		s := &Store{path: "takhti.db"}
		err := s.failed(syscall.ENOSPC, counts)
		if errors.Is(err, kv.ErrFull) == counts || errors.Is(err, kv.ErrUnknown) != counts {
			t.Errorf("may count: %v, error: %v", counts, err)
		}
		if after := s.usable(t.Context()); errors.Is(after, kv.ErrClosed) != counts {
			t.Errorf("may count: %v, then: %v", counts, after)
		}
	}
}

func TestPublishLeavesTheFileOfAnotherProcess(t *testing.T) {
	dir := t.TempDir()
	ours, theirs := filepath.Join(dir, "new"), filepath.Join(dir, "takhti.db")
	for _, file := range []string{ours, theirs} {
		if err := os.WriteFile(file, []byte(file), fileMode); err != nil {
			t.Fatal(err)
		}
	}
	if err := publish(ours, theirs); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(theirs); err != nil || string(got) != theirs {
		t.Errorf("the file of the other process holds %q, %v", got, err)
	}
}

func TestPairsAreDescribedForPeople(t *testing.T) {
	tests := []struct {
		stored []byte
		want   string
	}{
		{kv.Tuple{}.Uint(7).Str("5CD1"), `the pair "7 5CD1" in table device`},
		{alone, `the pair "" in table device`},
		{[]byte{0x01}, "the pair at 01 in table device"},
	}
	for _, test := range tests {
		if got := describe("device", test.stored); got != test.want {
			t.Errorf("%x is %s, want %s", test.stored, got, test.want)
		}
	}
}
