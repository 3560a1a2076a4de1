package kv_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/kv/kvtest"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
)

const dumpHead = len("takhti dump 1\n")

// smallStore holds twenty values and two counters.
func smallStore(t *testing.T) kv.Store {
	t.Helper()
	s := memkv.New()
	err := s.Update(t.Context(), func(w kv.Writer) error {
		for i := range uint64(20) {
			if err := w.Put(kv.Key("device").Uint(i), fmt.Appendf(nil, "record %d", i)); err != nil {
				return err
			}
		}
		return errors.Join(w.Put(kv.Key("device.by_tag").Str("PK-1"), nil), w.Add(kv.Key("n"), 300), w.Add(kv.Key("n").Uint(1), -1))
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// smallDump is smallStore's, in blocks of about 100 bytes.
func smallDump(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if _, err := kv.DumpInBlocks(t.Context(), smallStore(t), &out, 100); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// cutUp gives where the blocks of a dump begin, and then where its end does.
func cutUp(dump []byte) []int {
	at := dumpHead
	starts := []int{at}
	for {
		size := binary.LittleEndian.Uint32(dump[at:])
		if size == 0 {
			return starts
		}
		at += 8 + int(size)
		starts = append(starts, at)
	}
}

func whole(t interface{ Fatal(...any) }, ctx context.Context, s kv.Store) []byte {
	var out bytes.Buffer
	if _, err := kv.Dump(ctx, s, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestDumpGoesFromEngineToEngineAndBack(t *testing.T) {
	first := smallStore(t)
	want := whole(t, t.Context(), first)
	bolt, err := boltkv.Open(filepath.Join(t.TempDir(), "takhti.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = bolt.Close() }()
	last := memkv.New()
	from := first
	for _, to := range []kv.Store{bolt, kvtest.Twice(last)} {
		if err := kv.Load(t.Context(), bytes.NewReader(whole(t, t.Context(), from)), to); err != nil {
			t.Fatal(err)
		}
		if got := whole(t, t.Context(), to); !bytes.Equal(got, want) {
			t.Errorf("the dump of a %T differs from the one it was loaded from", to)
		}
		from = to
	}
	err = last.Update(t.Context(), func(w kv.Writer) error {
		if err := w.Add(kv.Key("n"), 1); err != nil {
			return err
		}
		val, err := w.Get(kv.Key("n"))
		if n, err := kv.Count(val); n != 301 || err != nil {
			t.Errorf("a loaded counter of 300 and one more is %d, %v", n, err)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestDumpTellsWhatItHolds(t *testing.T) {
	var out bytes.Buffer
	sum, err := kv.Dump(t.Context(), smallStore(t), &out)
	if err != nil || sum.Pairs != 23 || sum.Bytes != uint64(out.Len()) || !bytes.HasSuffix(out.Bytes(), sum.SHA256[:]) {
		t.Errorf("%d bytes, summary %+v, %v", out.Len(), sum, err)
	}
	if checked, err := kv.CheckDump(&out); err != nil || checked != sum {
		t.Errorf("checked, it holds %+v, %v; it was written as %+v", checked, err, sum)
	}
}

func TestEmptyStoreHasADump(t *testing.T) {
	dump := whole(t, t.Context(), memkv.New())
	to := memkv.New()
	if err := kv.Load(t.Context(), bytes.NewReader(dump), to); err != nil {
		t.Error(err)
	}
	if got := whole(t, t.Context(), to); !bytes.Equal(got, dump) {
		t.Errorf("the dump of nothing came back as %q", got)
	}
}

func TestDumpOfAnythingComesBack(t *testing.T) {
	pair := rapid.Custom(func(rt *rapid.T) kv.Pair {
		k := kv.Key(rapid.StringMatching(`[a-c]{1,3}`).Draw(rt, "table")).Str(rapid.String().Draw(rt, "key"))
		return kv.Pair{Key: k, Val: rapid.SliceOf(rapid.Byte()).Draw(rt, "val")}
	})
	rapid.Check(t, func(rt *rapid.T) {
		from, to := memkv.New(), memkv.New()
		pairs := rapid.SliceOf(pair).Draw(rt, "pairs")
		err := from.Update(t.Context(), func(w kv.Writer) error {
			for _, p := range pairs {
				if err := w.Put(p.Key, p.Val); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			rt.Fatal(err)
		}
		var out bytes.Buffer
		if _, err := kv.DumpInBlocks(t.Context(), from, &out, rapid.IntRange(1, 200).Draw(rt, "block")); err != nil {
			rt.Fatal(err)
		}
		if err := kv.Load(t.Context(), &out, to); err != nil {
			rt.Fatal(err)
		}
		if !bytes.Equal(whole(rt, t.Context(), to), whole(rt, t.Context(), from)) {
			rt.Fatal("what was loaded is not what was dumped")
		}
	})
}

func TestCutDumpIsRefusedWhereverItIsCut(t *testing.T) {
	dump := smallDump(t)
	if blocks := len(cutUp(dump)); blocks < 5 {
		t.Fatalf("the dump has only %d blocks", blocks)
	}
	for n := range len(dump) {
		err := kv.Load(t.Context(), bytes.NewReader(dump[:n]), memkv.New())
		_, checked := kv.CheckDump(bytes.NewReader(dump[:n]))
		if !errors.Is(err, kv.ErrDump) || !strings.Contains(err.Error(), "cut off") || checked == nil || checked.Error() != err.Error() {
			t.Errorf("%d of %d bytes give %v, and checked, %v", n, len(dump), err, checked)
		}
	}
}

func TestDumpWithAnyBitFlippedIsRefused(t *testing.T) {
	dump := smallDump(t)
	for i := range len(dump) * 8 {
		dump[i/8] ^= 1 << (i % 8)
		if err := kv.Load(t.Context(), bytes.NewReader(dump), memkv.New()); !errors.Is(err, kv.ErrDump) {
			t.Errorf("bit %d of byte %d gives %v", i%8, i/8, err)
		}
		dump[i/8] ^= 1 << (i % 8)
	}
}

func TestDumpThatWasTamperedWithIsRefused(t *testing.T) {
	dump := smallDump(t)
	at := cutUp(dump)
	part := func(i int) []byte { return dump[at[i]:at[i+1]] }
	head, end := dump[:dumpHead], dump[at[len(at)-1]:]
	newer := bytes.Replace(dump, []byte("dump 1"), []byte("dump 2"), 1)
	tests := []struct {
		name string
		dump [][]byte
		want string
	}{
		{"blocks swapped", [][]byte{head, part(1), part(0), dump[at[2]:]}, "block 0 is damaged, or not in its place"},
		{"a block missing", [][]byte{head, part(0), dump[at[2]:]}, "block 1 is damaged, or not in its place"},
		{"the last block missing", [][]byte{dump[:at[len(at)-2]], end}, "says that it holds 23 pairs, and there are 2"},
		{"a block twice", [][]byte{head, part(0), part(0), dump[at[1]:]}, "block 1 is damaged, or not in its place"},
		{"something behind", [][]byte{dump, {'\n'}}, "something follows its end"},
		{"two dumps", [][]byte{dump, dump}, "something follows its end"},
		{"a huge block", [][]byte{head, {0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0}}, "its length is impossible"},
		{"a spreadsheet", [][]byte{[]byte("PK\x03\x04 and a lot more of it")}, "no dump of takhti"},
		{"a newer format", [][]byte{newer}, `does not know its format, "takhti dump 2"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := kv.Load(t.Context(), bytes.NewReader(bytes.Join(test.dump, nil)), memkv.New())
			if !errors.Is(err, kv.ErrDump) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

// TestDumpThatNobodyWroteIsRefused: its sums are right, and what it says is not.
func TestDumpThatNobodyWroteIsRefused(t *testing.T) {
	pair := func(k []byte) []byte { return append(append([]byte{byte(len(k))}, k...), 1, 'x') }
	a, b := pair(kv.Key("t").Uint(1)), pair(kv.Key("t").Uint(2))
	tests := []struct {
		name   string
		blocks [][]byte
		want   string
	}{
		{"sound", [][]byte{a, b}, ""},
		{"out of order", [][]byte{append(bytes.Clone(b), a...)}, "out of order"},
		{"out of order between blocks", [][]byte{b, a}, "out of order"},
		{"twice the same", [][]byte{a, a}, "out of order"},
		{"key over the end", [][]byte{a[:3]}, "a pair is longer than its block"},
		{"value over the end", [][]byte{a[:len(a)-1]}, "a pair is longer than its block"},
		{"no value", [][]byte{a[:len(a)-2]}, "a pair is longer than its block"},
		{"endless length", [][]byte{bytes.Repeat([]byte{0xFF}, 12)}, "a pair is longer than its block"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := kv.Load(t.Context(), bytes.NewReader(craft(test.blocks)), memkv.New())
			if test.want == "" && err != nil || test.want != "" && (!errors.Is(err, kv.ErrDump) || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
	if err := kv.Load(t.Context(), bytes.NewReader(craft([][]byte{pair([]byte("no tuple"))})), memkv.New()); !errors.Is(err, kv.ErrInvalid) {
		t.Errorf("a key that no one can store gives %v", err)
	}
}

// craft makes a dump of blocks that hold one pair each, as far as they do.
func craft(blocks [][]byte) []byte {
	dump := []byte("takhti dump 1\n")
	table := crc32.MakeTable(crc32.Castagnoli)
	for i, pairs := range blocks {
		numbered := append(binary.LittleEndian.AppendUint64(nil, uint64(i)), pairs...)
		dump = binary.LittleEndian.AppendUint32(dump, uint32(len(pairs)))
		dump = binary.LittleEndian.AppendUint32(dump, crc32.Checksum(numbered, table))
		dump = append(dump, pairs...)
	}
	dump = binary.LittleEndian.AppendUint64(append(dump, 0, 0, 0, 0), uint64(len(blocks)))
	sum := sha256.Sum256(dump)
	return append(dump, sum[:]...)
}

func TestLoadNeedsAnEmptyStore(t *testing.T) {
	s := smallStore(t)
	before := whole(t, t.Context(), s)
	err := kv.Load(t.Context(), bytes.NewReader(smallDump(t)), s)
	if !errors.Is(err, kv.ErrDump) || !strings.Contains(err.Error(), "there is data already") {
		t.Errorf("got %v", err)
	}
	if !bytes.Equal(whole(t, t.Context(), s), before) {
		t.Error("the store was changed")
	}
}

func TestDumpAndLoadHandOnErrors(t *testing.T) {
	if err := kv.Load(t.Context(), iotest.ErrReader(errDisk), memkv.New()); !errors.Is(err, errDisk) || errors.Is(err, kv.ErrDump) {
		t.Errorf("a reader that fails gives %v", err)
	}
	if _, err := kv.Dump(t.Context(), smallStore(t), failing{}); !errors.Is(err, errDisk) {
		t.Errorf("a writer that fails gives %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := kv.Dump(ctx, smallStore(t), io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled dump gives %v", err)
	}
	if err := kv.Load(ctx, bytes.NewReader(smallDump(t)), memkv.New()); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled load gives %v", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errDisk }
