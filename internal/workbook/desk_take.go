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
	if !s.Actor().MayAnywhere(fleet.RunImports) {
		return i, fleet.Forbiddenf("forbidden", "your role does not allow imports")
	}
	if !in.Kind.Imported() {
		return i, fleet.Invalidf("workbook.kind", "say what the file lists: %s", importable()).In("kind")
	}
	if in.Kind == Delivery && in.Shipment == "" {
		return i, errNoShipment
	}
	if err := CheckReading(in.Kind, in.Reading); err != nil {
		return i, err
	}
	up, err := d.receive(ctx, r)
	if err != nil {
		return i, err
	}
	defer os.Remove(up.path) // unless it was kept
	var digest []byte
	if p != nil {
		if digest = p.Digest; up.sum != p.SHA256 {
			return i, fleet.Conflictf("import.file_changed", "%s was changed while it was read: import it again", in.Name)
		}
	}
	d.filing.Lock()
	defer d.filing.Unlock()
	unkeep, err := d.keep(up)
	if err != nil {
		return i, err
	}
	if i, err = d.record(ctx, s, in, digest, up); err == nil {
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
func (d *Desk) record(ctx context.Context, s registry.Session, in Incoming, digest []byte, up upload) (registry.Import, error) {
	home, _, err := s.Home(ctx)
	if err != nil {
		return registry.Import{}, err
	}
	receipt, err := s.Apply(ctx, registry.Request{ID: in.Request}, registry.StartImport{Import: registry.Import{
		Kind: in.Kind.String(), FileName: short(filepath.Base(in.Name), maxValue), SHA256: up.sum, Size: up.size, Scope: home.Path,
		Shipment: in.Shipment, Supplier: in.Supplier, To: in.To, SkipBad: in.SkipBad, Reading: in.Reading, Digest: digest,
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

// upload is a file that came in whole and is not kept yet.
type upload struct {
	path, sum string
	size      int64
}

// receive stores what r gives, durably and whole, or not at all.
func (d *Desk) receive(ctx context.Context, r io.Reader) (up upload, err error) {
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return up, err
	}
	tmp, err := os.CreateTemp(d.dir, "incoming-*")
	if err != nil {
		return up, err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(tmp.Name())
		}
	}()
	defer tmp.Close()
	hash := sha256.New()
	up.path = tmp.Name()
	up.size, err = io.Copy(io.MultiWriter(tmp, hash), io.LimitReader(r, d.limits.File+1))
	switch {
	case err != nil:
		return up, err
	case ctx.Err() != nil:
		return up, ctx.Err()
	case up.size > d.limits.File:
		return up, fleet.Invalidf("file.too_large", "the file has more than %d MB: split it into several files", d.limits.File>>20)
	}
	up.sum = hex.EncodeToString(hash.Sum(nil))
	return up, errors.Join(tmp.Sync(), tmp.Close())
}

// keep gives the upload the name by which it is found. What it returns undoes
// that, unless the same file was kept before.
func (d *Desk) keep(up upload) (undo func(), err error) {
	kept := d.path(up.sum)
	_, err = os.Stat(kept)
	undo = func() {}
	if errors.Is(err, fs.ErrNotExist) {
		undo = func() { _ = os.Remove(kept) } // why it must go is what counts
	}
	return undo, os.Rename(up.path, kept)
}
