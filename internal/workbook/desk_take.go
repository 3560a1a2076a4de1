package workbook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// Take keeps a file and records that it came in. Nothing of it is imported yet.
func (d *Desk) Take(ctx context.Context, s registry.Session, in Incoming, r io.Reader) (registry.Import, error) {
	return d.take(ctx, s, in, nil, r, func(registry.Import) error { return nil })
}

// take keeps a file and records its import, which is to be carried out at once when
// it comes with its plan. When that fails before anything is done, the
// file is not kept.
func (d *Desk) take(ctx context.Context, s registry.Session, in Incoming, p *Plan, r io.Reader, then func(registry.Import) error) (i registry.Import, err error) {
	if err := mayTake(s, in); err != nil {
		return i, err
	}
	got, err := d.receive(ctx, r)
	if err != nil {
		return i, err
	}
	defer os.Remove(got.path) // unless it was kept
	if err := d.scan(ctx, got); err != nil {
		return i, err
	}
	var digest []byte
	if p != nil {
		if digest = p.Digest; got.sum != p.SHA256 {
			return i, fleet.Conflictf("import.file_changed", "%s was changed while it was read: import it again", in.Name)
		}
	}
	return d.file(ctx, s, in, digest, got, then)
}

// mayTake says why a file that is said to be so cannot come in.
func mayTake(s registry.Session, in Incoming) error {
	if err := mayImport(s); err != nil {
		return err
	}
	if !in.Kind.Imported() {
		return fleet.Invalidf("workbook.kind", "say what the file lists: %s", importable()).In("kind")
	}
	if in.Kind == Delivery && in.Shipment == "" {
		return errNoShipment
	}
	return CheckReading(in.Kind, in.Reading)
}

func mayImport(s registry.Session) error {
	if !s.MayAnywhere(fleet.RunImports) {
		return fleet.Forbiddenf("forbidden", "your role does not allow imports")
	}
	return nil
}

// scan says why a file is not to be kept, if it is not.
func (d *Desk) scan(ctx context.Context, got received) error {
	if d.limits.Scan == nil {
		return nil
	}
	return d.limits.Scan(ctx, got.path)
}

// file puts what came in where it is kept, and records its import. When that fails
// before anything is done, the file is where it was.
func (d *Desk) file(ctx context.Context, s registry.Session, in Incoming, digest []byte, got received, then func(registry.Import) error) (i registry.Import, err error) {
	d.filing.Lock()
	defer d.filing.Unlock()
	unkeep, err := d.keep(got)
	if err != nil {
		return i, err
	}
	if i, err = d.record(ctx, s, in, digest, got); err == nil {
		err = then(i)
	}
	if err != nil && ctx.Err() == nil && !d.needed(ctx, s, i) { // else what became of it is not known
		unkeep()
	}
	return i, err
}

// needed says whether the file of an import that failed is needed to go on with it.
func (d *Desk) needed(ctx context.Context, s registry.Session, i registry.Import) bool {
	if i.ID == 0 {
		return false
	}
	now, err := s.Import(ctx, i.ID)
	return err != nil || now.State != registry.ImportPlanned
}

// record makes the import's record.
func (d *Desk) record(ctx context.Context, s registry.Session, in Incoming, digest []byte, got received) (registry.Import, error) {
	receipt, err := s.Apply(ctx, registry.Request{ID: in.Request}, registry.StartImport{Import: registry.Import{
		Kind: in.Kind.String(), FileName: short(filepath.Base(in.Name), maxValue), SHA256: got.sum, Size: got.size,
		Shipment: in.Shipment, Supplier: in.Supplier, To: in.To, Date: dated(s, in.Kind, in.Date), SkipBad: in.SkipBad, Reading: in.Reading, Digest: digest,
	}})
	if err != nil {
		return registry.Import{}, err
	}
	id, err := ParseImportRef(receipt.Refs[0])
	if err != nil {
		return registry.Import{}, err
	}
	return s.Import(ctx, id)
}

func (d *Desk) path(sum string) string { return filepath.Join(d.dir, sum) }

// received is a file that came in whole and is not kept yet.
type received struct {
	path, sum string
	size      int64
}

// receive stores what r gives, durably and whole, or not at all.
func (d *Desk) receive(ctx context.Context, r io.Reader) (got received, err error) {
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return got, err
	}
	tmp, err := os.CreateTemp(d.dir, "incoming-*")
	if err != nil {
		return got, err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(tmp.Name())
		}
	}()
	defer tmp.Close()
	hash := sha256.New()
	got.path = tmp.Name()
	got.size, err = io.Copy(io.MultiWriter(tmp, hash), io.LimitReader(r, d.limits.File+1))
	switch {
	case err != nil:
		return got, err
	case ctx.Err() != nil:
		return got, ctx.Err()
	case got.size > d.limits.File:
		return got, d.tooLarge()
	}
	got.sum = hex.EncodeToString(hash.Sum(nil))
	return got, errors.Join(tmp.Sync(), tmp.Close())
}

func (d *Desk) tooLarge() error {
	return fleet.Invalidf("file.too_large", "the file has more than %d MB: split it into several files", d.limits.File>>20)
}

// keep gives what came in the name by which it is found. What it returns undoes
// that, unless the same file was kept before.
func (d *Desk) keep(got received) (undo func(), err error) {
	kept := d.path(got.sum)
	_, err = os.Stat(kept)
	undo = func() {}
	if errors.Is(err, fs.ErrNotExist) {
		undo = func() { _ = os.Rename(kept, got.path) } // why it must go is what counts
	}
	return undo, errors.Join(os.Rename(got.path, kept), syncFolder(d.dir))
}

// syncFolder has a file's new name outlive a power cut, as far as the system can.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	_ = folder.Sync()
	return folder.Close()
}
