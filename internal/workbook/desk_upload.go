package workbook

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// MaxFile is how many bytes a file may have.
func (d *Desk) MaxFile() int64 { return d.limits.File }

// BeginUpload makes room for a file, whose name, metadata, key and length are given, and
// which then comes in pieces.
func (d *Desk) BeginUpload(s registry.Session, u Upload) (Upload, error) {
	if err := mayImport(s); err != nil {
		return u, err
	}
	if u.Length > d.limits.File {
		return u, d.tooLarge()
	}
	d.uploads.beginning.Lock()
	defer d.uploads.beginning.Unlock()
	if err := os.MkdirAll(d.uploadsDir(), 0o700); err != nil {
		return u, err
	}
	open, err := d.openUploads()
	if err != nil {
		return u, err
	}
	u.User, u.Touched = s.Actor().User, d.now()
	for _, o := range open {
		if u.Key != "" && o.User == u.User && o.Key == u.Key && o.Name == u.Name && o.Length == u.Length && o.Offset == 0 {
			return o, nil
		}
	}
	if err := d.makeRoom(open, u); err != nil {
		return u, err
	}
	var id [16]byte
	rand.Read(id[:]) // never fails
	u.ID = hex.EncodeToString(id[:])
	file, err := os.OpenFile(d.uploadPath(u.ID), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return u, err
	}
	if err := errors.Join(file.Close(), d.saveUpload(u)); err != nil {
		return u, errors.Join(err, d.removeUpload(u.ID))
	}
	return u, nil
}

// makeRoom sees to it that an upload may begin beside those that are open. A user who has
// many of them loses the one that has rested longest.
func (d *Desk) makeRoom(open []Upload, next Upload) error {
	bytes, mine := next.Length, []Upload{}
	for _, u := range open {
		if bytes += u.Length; u.User == next.User {
			mine = append(mine, u)
		}
	}
	if len(mine) >= maxUploads {
		oldest := slices.MinFunc(mine, func(a, b Upload) int { return a.Touched.Compare(b.Touched) })
		if d.now().Sub(oldest.Touched) < uploadsRested {
			return tooMany("upload.too_many", "you are sending %d files already: wait until one of them is in", len(mine))
		}
		bytes -= oldest.Length
		if err := d.dropIdle(oldest.ID); err != nil {
			return err
		}
	}
	if bytes > d.limits.Uploads {
		return tooMany("upload.no_room", "too many files are on their way in: try again later, or send the file in one piece")
	}
	return nil
}

// Upload is an upload of the session's own user.
func (d *Desk) Upload(s registry.Session, id string) (Upload, error) {
	u, err := d.uploadOf(s, id)
	if err == nil && u.Import != 0 {
		err = noUpload(id)
	}
	return u, err
}

// uploadOf finds an upload, also one that was taken. What is somebody else's is not there.
func (d *Desk) uploadOf(s registry.Session, id string) (Upload, error) {
	if err := mayImport(s); err != nil {
		return Upload{}, err
	}
	u, err := d.loadUpload(id)
	if err == nil && (u.User != s.Actor().User || d.now().After(u.Expires())) {
		err = noUpload(id)
	}
	if err != nil {
		return Upload{}, err
	}
	return u, nil
}

// claimUpload has an upload to the caller alone, until it is freed.
func (d *Desk) claimUpload(ctx context.Context, s registry.Session, id string, interrupt func()) (u Upload, free func(), err error) {
	if _, err := d.uploadOf(s, id); err != nil { // before anybody is interrupted
		return u, nil, err
	}
	if free, err = d.uploads.take(ctx, id, interrupt); err != nil {
		return u, nil, err
	}
	if u, err = d.uploadOf(s, id); err != nil {
		free()
		return u, nil, err
	}
	return u, free, nil
}

// Append adds what r gives to an upload, which must have come as far as offset. What
// arrives counts, also when r fails in the middle, with the error upload.cut; the
// upload that is returned says how far it has come. Whoever else still appends is
// interrupted: their function is called, perhaps several times, and has their r fail.
func (d *Desk) Append(ctx context.Context, s registry.Session, id string, offset int64, r io.Reader, interrupt func()) (Upload, error) {
	if u, err := d.uploadOf(s, id); err == nil && offset < u.Offset { // a late one is not to disturb the next
		return u, goOnFrom(u.Offset)
	}
	u, free, err := d.claimUpload(ctx, s, id, interrupt)
	if err != nil {
		return u, err
	}
	defer free()
	switch {
	case u.Import != 0:
		return u, noUpload(id)
	case u.Offset != offset:
		return u, goOnFrom(u.Offset)
	case u.SHA256 != "":
		return u, nil // whole, and perhaps moved already
	}
	file, err := os.OpenFile(d.uploadPath(id), os.O_WRONLY, 0o600)
	if err != nil {
		return u, err
	}
	a := appending{Upload: u, desk: d, file: file}
	err = file.Truncate(offset) // what came behind it before a crash is not sure
	if err == nil {
		err = a.copy(r)
	}
	return a.Upload, errors.Join(err, file.Close())
}

func goOnFrom(offset int64) error {
	return fleet.Conflictf("upload.offset", "%d bytes of the file have arrived: go on from there", offset)
}

// appending is an upload of which a part is arriving.
type appending struct {
	Upload
	desk *Desk
	file *os.File
}

func (a *appending) copy(r io.Reader) error {
	const (
		buffer     = 64 << 10
		checkpoint = 1 << 20 // so many bytes a crash may cost
	)
	p := make([]byte, buffer)
	for at := a.Offset; ; {
		n, err := r.Read(p)
		fits := min(int64(n), a.Length-at)
		_, failed := a.file.WriteAt(p[:fits], at)
		at += fits
		if failed == nil && (err != nil || fits < int64(n) || at-a.Offset >= checkpoint) {
			failed = a.record(at)
		}
		switch {
		case failed != nil:
			return errors.Join(failed, a.file.Truncate(a.Offset)) // a full disk has the room back
		case fits < int64(n):
			return fleet.Invalidf("upload.too_long", "more was sent than the %d bytes that the file was said to have", a.Length)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fleet.Invalidf("upload.cut", "the connection broke off; %d bytes of the file have arrived: go on from there", a.Offset)
		}
	}
}

// record makes sure of what has arrived.
func (a *appending) record(at int64) error {
	if at == a.Offset {
		return nil
	}
	if err := a.file.Sync(); err != nil {
		return err
	}
	u := a.Upload
	u.Offset, u.Touched = at, a.desk.now()
	if err := a.desk.saveUpload(u); err != nil {
		return err
	}
	a.Upload = u
	return nil
}

// DropUpload ends an upload, and forgets what has arrived.
func (d *Desk) DropUpload(ctx context.Context, s registry.Session, id string) error {
	u, free, err := d.claimUpload(ctx, s, id, nil)
	if err != nil {
		return err
	}
	defer free()
	if u.Import != 0 {
		return noUpload(id)
	}
	return d.removeUpload(id)
}

// TakeUpload does with an upload that is whole what [Desk.Take] does with a file. The
// same upload taken again is the same import.
func (d *Desk) TakeUpload(ctx context.Context, s registry.Session, in Incoming, id string) (i registry.Import, err error) {
	if err := mayTake(s, in); err != nil {
		return i, err
	}
	u, free, err := d.claimUpload(ctx, s, id, nil)
	if err != nil {
		return i, err
	}
	defer free()
	switch {
	case u.Import != 0:
		return taken(ctx, s, in, u)
	case u.Offset < u.Length:
		return i, fleet.Conflictf("upload.incomplete", "%d bytes of the file are still missing: go on sending it", u.Length-u.Offset).In("upload")
	}
	got, err := d.whole(u)
	if err != nil {
		return i, err
	}
	if err := d.scan(ctx, got); err != nil {
		if fleet.KindOf(err) == fleet.Invalid {
			err = errors.Join(err, d.removeUpload(id))
		}
		return i, err
	}
	u.SHA256, u.Request = got.sum, cmp.Or(u.Request, in.Request, "upload-"+id)
	if err := d.saveUpload(u); err != nil { // so that after a crash, too, it is one import
		return i, err
	}
	in.Name, in.Request = u.Name, u.Request
	i, err = d.file(ctx, s, in, nil, got, func(registry.Import) error { return nil })
	switch {
	case err == nil:
		u.Import = i.ID
	case errors.Is(err, &fleet.Error{Code: "request.reused"}):
		u.Request = ""
	default:
		return i, err
	}
	_ = d.saveUpload(u) // else the request says it
	return i, err
}

// whole is what came in by an upload; after a crash it may be kept already.
func (d *Desk) whole(u Upload) (got received, err error) {
	got = received{path: d.uploadPath(u.ID), size: u.Length}
	file, err := os.Open(got.path)
	if errors.Is(err, fs.ErrNotExist) && u.SHA256 != "" {
		got.path, got.sum = d.path(u.SHA256), u.SHA256
		return got, nil
	}
	if err != nil {
		return got, err
	}
	defer file.Close()
	hash := sha256.New()
	_, err = io.Copy(hash, io.LimitReader(file, u.Length))
	got.sum = hex.EncodeToString(hash.Sum(nil))
	return got, err
}

// taken is the import that an upload became.
func taken(ctx context.Context, s registry.Session, in Incoming, u Upload) (registry.Import, error) {
	i, err := s.Import(ctx, u.Import)
	if err == nil && (i.Kind != in.Kind.String() || i.Shipment != in.Shipment || i.Supplier != in.Supplier || i.To != in.To || i.Date != dated(s, in.Kind, in.Date)) {
		err = fleet.Conflictf("upload.taken", "the file came in as import %s already: send it anew to import it in another way", registry.ImportRef(i.ID)).In("upload")
	}
	return i, err
}

func tooMany(code, format string, args ...any) error {
	e := fleet.Invalidf(code, format, args...)
	e.Kind = fleet.TooMany
	return e
}
