package workbook

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

const uploaded = "Serial\nTK-0001\nTK-0002\n"

func ofShipment() Incoming {
	return Incoming{Kind: Devices, Shipment: "S-1", To: "PK601"}
}

// begun is an upload of so many bytes by an officer.
func (w *world) begun(d *Desk, length int) (registry.Session, Upload) {
	w.t.Helper()
	officer := w.as(fleet.Officer, "PK601")
	u, err := d.BeginUpload(officer, Upload{Name: "list.csv", Length: int64(length)})
	if err != nil {
		w.t.Fatal(err)
	}
	return officer, u
}

func refusedAs(t testing.TB, err error, code string) {
	t.Helper()
	if !errors.Is(err, &fleet.Error{Code: code}) {
		t.Errorf("got %v, want the error %s", err, code)
	}
}

func TestAnUploadBecomesOneImport(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{})
	officer, u := w.begun(d, len(uploaded))
	for offset := 0; offset < len(uploaded); offset += 10 {
		if _, err := d.TakeUpload(t.Context(), officer, ofShipment(), u.ID); err == nil || !strings.HasPrefix(err.Error(), fmt.Sprint(len(uploaded)-offset, " bytes")) {
			t.Errorf("taken with %d bytes: %v", offset, err)
		}
		piece := strings.NewReader(uploaded[offset:min(offset+10, len(uploaded))])
		got, err := d.Append(t.Context(), officer, u.ID, int64(offset), piece, nil)
		if err != nil || got.Offset != int64(min(offset+10, len(uploaded))) {
			t.Fatalf("%+v, %v", got, err)
		}
	}
	i, err := d.TakeUpload(t.Context(), officer, ofShipment(), u.ID)
	sum := sha256.Sum256([]byte(uploaded))
	if err != nil || i.FileName != "list.csv" || i.Size != int64(len(uploaded)) || i.SHA256 != hex.EncodeToString(sum[:]) {
		t.Fatalf("%+v, %v", i, err)
	}
	again := ofShipment()
	again.Request = "another"
	if same, err := d.TakeUpload(t.Context(), officer, again, u.ID); err != nil || same.ID != i.ID {
		t.Errorf("taken again: %+v, %v", same, err)
	}
	again.Shipment = "S-2"
	_, err = d.TakeUpload(t.Context(), officer, again, u.ID)
	refusedAs(t, err, "upload.taken")
	_, err = d.Upload(officer, u.ID)
	refusedAs(t, err, "upload.not_found")
	refusedAs(t, d.DropUpload(t.Context(), officer, u.ID), "upload.not_found")
	p, _, err := d.Plan(t.Context(), officer, i.ID, nil)
	if err != nil || p.New != 2 {
		t.Errorf("%+v, %v", p, err)
	}
}

// However connections break off and the server crashes, an upload arrives whole and
// becomes one import.
func TestUploadsSurviveCutsAndCrashes(t *testing.T) {
	w := newWorld(t)
	dir := t.TempDir()
	officer := w.as(fleet.Officer, "PK601")
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		n++
		d := NewDesk(dir, Limits{})
		file := fmt.Appendf(nil, "Serial\nTK-%06d\n%s", n, strings.Repeat("\n", rapid.IntRange(0, 3<<20).Draw(rt, "padding")))
		u, err := d.BeginUpload(officer, Upload{Name: "list.csv", Length: int64(len(file))})
		if err != nil {
			rt.Fatal(err)
		}
		for u.Offset < u.Length {
			cut := rapid.Int64Range(0, u.Length-u.Offset).Draw(rt, "arrives")
			r := io.MultiReader(bytes.NewReader(file[u.Offset:u.Offset+cut]), iotest.ErrReader(io.ErrUnexpectedEOF))
			before := u.Offset
			u, err = d.Append(t.Context(), officer, u.ID, u.Offset, r, nil)
			if refusedAs(t, err, "upload.cut"); u.Offset != before+cut {
				rt.Fatalf("of %d bytes from %d on, %d counted", cut, before, u.Offset-before)
			}
			if rapid.Bool().Draw(rt, "crash") { // what was written and not made sure of
				appendTo(rt, d.uploadPath(u.ID), "not sure"[:min(8, u.Length-u.Offset)])
				d = NewDesk(dir, Limits{})
			}
			if u, err = d.Upload(officer, u.ID); err != nil {
				rt.Fatal(err)
			}
		}
		in := ofShipment()
		in.Shipment = fmt.Sprint("S-", n)
		i, err := d.TakeUpload(t.Context(), officer, in, u.ID)
		if sum := sha256.Sum256(file); err != nil || i.SHA256 != hex.EncodeToString(sum[:]) {
			rt.Fatalf("%+v, %v", i, err)
		}
		if all, err := officer.Imports(t.Context(), 10_000); err != nil || len(all) != n {
			rt.Fatalf("%d imports of %d files, %v", len(all), n, err)
		}
		kept, err := os.ReadFile(d.path(i.SHA256))
		if err != nil || !bytes.Equal(kept, file) {
			rt.Fatalf("%d bytes are kept of %d, %v", len(kept), len(file), err)
		}
	})
}

func appendTo(t rapid.TB, name, text string) {
	t.Helper()
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND, 0)
	if err == nil {
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Close())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A crash at any step of taking an upload leaves what the next try makes one import of.
func TestTakingAnUploadCanBeRepeatedAfterACrash(t *testing.T) {
	sum := sha256.Sum256([]byte(uploaded))
	sha := hex.EncodeToString(sum[:])
	for steps := range 4 {
		t.Run(fmt.Sprint(steps, " steps done"), func(t *testing.T) {
			w := newWorld(t)
			d := NewDesk(t.TempDir(), Limits{})
			officer, u := w.begun(d, len(uploaded))
			u, err := d.Append(t.Context(), officer, u.ID, 0, strings.NewReader(uploaded), nil)
			if err != nil {
				t.Fatal(err)
			}
			in := ofShipment()
			in.Name, in.Request = "list.csv", "key"
			if steps > 0 {
				u.SHA256, u.Request = sha, in.Request
				err = d.saveUpload(u)
			}
			if steps > 1 && err == nil {
				err = os.Rename(d.uploadPath(u.ID), d.path(sha))
			}
			if steps > 2 && err == nil {
				_, err = d.record(t.Context(), officer, in, nil, received{sum: sha, size: u.Length})
			}
			if err != nil {
				t.Fatal(err)
			}
			in.Request = "a key after the crash"
			i, err := d.TakeUpload(t.Context(), officer, in, u.ID)
			if err != nil || i.SHA256 != sha {
				t.Fatalf("%+v, %v", i, err)
			}
			if p, _, err := d.Plan(t.Context(), officer, i.ID, nil); err != nil || p.New != 2 {
				t.Errorf("%+v, %v", p, err)
			}
			if all, err := officer.Imports(t.Context(), 10); err != nil || len(all) != 1 {
				t.Errorf("%d imports, %v", len(all), err)
			}
		})
	}
}

// An upload that was refused as an import is still there for the next try.
func TestARefusedImportKeepsItsUpload(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{})
	officer, u := w.begun(d, len(uploaded))
	if _, err := officer.Apply(t.Context(), registry.Request{ID: "used"}, registry.SavePlace{
		Parent: "PK601", Place: fleet.Place{Code: "PK601-W", Kind: fleet.Workshop, State: fleet.Active, Name: "Workshop"},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Append(t.Context(), officer, u.ID, 0, strings.NewReader(uploaded), nil); err != nil {
		t.Fatal(err)
	}
	in := ofShipment()
	in.Request = "used"
	_, err := d.TakeUpload(t.Context(), officer, in, u.ID)
	refusedAs(t, err, "request.reused")
	if now, err := d.Upload(officer, u.ID); err != nil || now.Offset != now.Length {
		t.Errorf("%+v, %v", now, err)
	}
	in.Request = "new"
	if _, err := d.TakeUpload(t.Context(), officer, in, u.ID); err != nil {
		t.Error(err)
	}
}

// hanging is a connection on which no more comes until it is given up.
type hanging struct {
	first   io.Reader
	hangs   chan struct{} // closed once it does
	givenUp chan struct{}
}

func (h *hanging) Read(p []byte) (int, error) {
	if n, err := h.first.Read(p); err == nil {
		return n, nil
	}
	close(h.hangs)
	<-h.givenUp
	return 0, os.ErrDeadlineExceeded
}

// A client whose connection hangs goes on over a new one; what came over the old one counts.
func TestANewConnectionTakesOver(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{})
	officer, u := w.begun(d, len(uploaded))
	old := &hanging{strings.NewReader(uploaded[:7]), make(chan struct{}), make(chan struct{})}
	ended := make(chan error)
	go func() {
		giveUp := sync.OnceFunc(func() { close(old.givenUp) })
		_, err := d.Append(t.Context(), officer, u.ID, 0, old, giveUp)
		ended <- err
	}()
	<-old.hangs
	stranger := w.as(fleet.Officer, "PK602")
	if _, err := d.Append(t.Context(), stranger, u.ID, 0, strings.NewReader("x"), nil); true {
		refusedAs(t, err, "upload.not_found")
	}
	select {
	case <-old.givenUp:
		t.Error("somebody else's request interrupted it")
	default:
	}
	now, err := d.Append(t.Context(), officer, u.ID, 0, strings.NewReader(uploaded), nil)
	if refusedAs(t, err, "upload.offset"); now.Offset != 7 {
		t.Errorf("%d bytes of 7 counted", now.Offset)
	}
	refusedAs(t, <-ended, "upload.cut")
	if now, err = d.Append(t.Context(), officer, u.ID, 7, strings.NewReader(uploaded[7:]), nil); err != nil || now.Offset != now.Length {
		t.Errorf("%+v, %v", now, err)
	}
}

// A request that comes late, after what it has arrived, does not disturb the next.
func TestALateRequestInterruptsNobody(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{})
	officer, u := w.begun(d, len(uploaded))
	if _, err := d.Append(t.Context(), officer, u.ID, 0, strings.NewReader(uploaded[:7]), nil); err != nil {
		t.Fatal(err)
	}
	next := &hanging{strings.NewReader(""), make(chan struct{}), make(chan struct{})}
	ended := make(chan error)
	go func() {
		_, err := d.Append(t.Context(), officer, u.ID, 7, next, func() { t.Error("the next was interrupted") })
		ended <- err
	}()
	<-next.hangs
	_, err := d.Append(t.Context(), officer, u.ID, 0, strings.NewReader(uploaded[:7]), nil)
	refusedAs(t, err, "upload.offset")
	close(next.givenUp)
	refusedAs(t, <-ended, "upload.cut")
}

// Two who append to the same upload at once do not mix their bytes up.
func TestTwoClientsSendOneFile(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{})
	file := []byte(strings.Repeat(uploaded, 40_000))
	officer, u := w.begun(d, len(file))
	send := func() error {
		for {
			now, err := d.Upload(officer, u.ID)
			if err != nil || now.Offset == now.Length {
				return err
			}
			ctx, giveUp := context.WithCancel(t.Context())
			_, err = d.Append(t.Context(), officer, u.ID, now.Offset, whileNot{ctx, bytes.NewReader(file[now.Offset:])}, giveUp)
			giveUp()
			if err != nil && !errors.Is(err, &fleet.Error{Code: "upload.cut"}) && !errors.Is(err, &fleet.Error{Code: "upload.offset"}) {
				return err
			}
		}
	}
	ended := make(chan error)
	for range 2 {
		go func() { ended <- send() }()
	}
	for range 2 {
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	if got, err := os.ReadFile(d.uploadPath(u.ID)); err != nil || !bytes.Equal(got, file) {
		t.Errorf("%d bytes of %d, %v", len(got), len(file), err)
	}
}

type whileNot struct {
	ctx context.Context
	io.Reader
}

func (r whileNot) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, r.ctx.Err()
	}
	return r.Reader.Read(p[:min(len(p), 5000)])
}

func TestUploadsThatCannotGoOn(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{File: 100})
	officer, u := w.begun(d, 20)
	_, err := d.BeginUpload(officer, Upload{Name: "a.csv", Length: 101})
	refusedAs(t, err, "file.too_large")
	for _, who := range []registry.Session{w.as(fleet.SchoolRole, "PK6-35200001"), w.as(fleet.Viewer, "PK601")} {
		_, err := d.BeginUpload(who, Upload{Name: "a.csv", Length: 1})
		refusedAs(t, err, "forbidden")
	}
	for _, id := range []string{"", "..", "../" + u.ID, u.ID + ".json", strings.ToUpper(u.ID), strings.Repeat("0", 32)} {
		_, err := d.Upload(officer, id)
		refusedAs(t, err, "upload.not_found")
	}
	stranger := w.as(fleet.Officer, "PK602")
	_, err = d.Upload(stranger, u.ID)
	refusedAs(t, err, "upload.not_found")
	_, err = d.TakeUpload(t.Context(), stranger, ofShipment(), u.ID)
	refusedAs(t, err, "upload.not_found")
	refusedAs(t, d.DropUpload(t.Context(), stranger, u.ID), "upload.not_found")

	now, err := d.Append(t.Context(), officer, u.ID, 0, strings.NewReader(strings.Repeat("x", 21)), nil)
	if refusedAs(t, err, "upload.too_long"); now.Offset != 20 {
		t.Errorf("%d bytes of 20 counted", now.Offset)
	}
	if info, err := os.Stat(d.uploadPath(u.ID)); err != nil || info.Size() != 20 {
		t.Errorf("%v, %v", info, err)
	}
	if err := d.DropUpload(t.Context(), officer, u.ID); err != nil {
		t.Error(err)
	}
	wantFiles(t, d.uploadsDir(), 0)
}

// Whoever did not hear of the upload that they began gets the same again.
func TestAnUploadIsBegunOnceUnderItsKey(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{})
	officer := w.as(fleet.Officer, "PK601")
	begin := func(who registry.Session, u Upload) string {
		u, err := d.BeginUpload(who, u)
		if err != nil {
			t.Fatal(err)
		}
		return u.ID
	}
	lost := Upload{Name: "a.csv", Key: "k", Length: 10}
	first := begin(officer, lost)
	if again := begin(officer, lost); again != first {
		t.Error("begun again it is another one")
	}
	for name, other := range map[string]string{
		"another length": begin(officer, Upload{Name: "a.csv", Key: "k", Length: 11}),
		"no key":         begin(officer, Upload{Name: "a.csv", Length: 10}),
		"another user":   begin(w.as(fleet.Officer, "PK602"), lost),
	} {
		if other == first {
			t.Errorf("%s is the same upload", name)
		}
	}
	if _, err := d.Append(t.Context(), officer, first, 0, strings.NewReader("x"), nil); err != nil {
		t.Fatal(err)
	}
	if begin(officer, lost) == first {
		t.Error("begun again after a part of it came, it is the same upload")
	}
}

// An upload that cannot be read for the moment is not taken for what a crash left.
func TestUnreadableUploadsStay(t *testing.T) {
	w := newWorld(t)
	d := NewDesk(t.TempDir(), Limits{})
	officer, damaged := w.begun(d, 10)
	_, unreadable := w.begun(d, 10)
	if err := errors.Join(os.WriteFile(d.uploadNotes(damaged.ID), []byte("{"), 0o600), os.Remove(d.uploadNotes(unreadable.ID)), os.Mkdir(d.uploadNotes(unreadable.ID), 0o700)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.BeginUpload(officer, Upload{Name: "a.csv", Length: 1}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(d.uploadPath(unreadable.ID)); err != nil {
		t.Error(err)
	}
	_, err := d.Upload(officer, damaged.ID)
	refusedAs(t, err, "upload.not_found")
	wantFiles(t, d.uploadsDir(), 4) // the unreadable one and the new one
}

// Uploads that nobody goes on with make room, and are gone after a week.
func TestUploadsMakeRoom(t *testing.T) {
	w := newWorld(t)
	now := time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)
	d := NewDesk(t.TempDir(), Limits{Uploads: 1000})
	d.now = func() time.Time { return now }
	officer, first := w.begun(d, 100)
	for range maxUploads - 1 {
		now = now.Add(time.Second)
		w.begun(d, 10)
	}
	_, err := d.BeginUpload(officer, Upload{Name: "a.csv", Length: 10})
	refusedAs(t, err, "upload.too_many")
	if _, err := d.BeginUpload(w.as(fleet.Officer, "PK602"), Upload{Name: "a.csv", Length: 1000 - 170}); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	now = now.Add(uploadsRested)
	_, err = d.BeginUpload(officer, Upload{Name: "a.csv", Length: 101})
	refusedAs(t, err, "upload.no_room")
	_, second := w.begun(d, 10)
	_, err = d.Upload(officer, first.ID)
	refusedAs(t, err, "upload.not_found")

	now = now.Add(uploadsKept - time.Hour)
	if _, err := d.Append(t.Context(), officer, second.ID, 0, strings.NewReader("x"), nil); err != nil {
		t.Fatal(err)
	}
	now = now.Add(2 * time.Hour)
	if err := d.Resume(t.Context(), w.boss); err != nil {
		t.Fatal(err)
	}
	wantFiles(t, d.uploadsDir(), 2)
	if _, err := d.Upload(officer, second.ID); err != nil {
		t.Errorf("one that went on: %v", err)
	}
}
