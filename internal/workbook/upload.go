package workbook

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// Upload is a file on its way in, in pieces, and what is written beside it.
type Upload struct {
	ID       string       `json:"-"`
	User     fleet.UserID `json:"user"`
	Name     string       `json:"name"`     // what its sender calls it
	Metadata string       `json:"metadata"` // what its sender says of it, for its sender
	Key      string       `json:"key"`      // of its sender's making: begun again under it before anything came, it is the same
	Length   int64        `json:"length"`
	Offset   int64        `json:"offset"`  // how many of its bytes are here for good
	Touched  time.Time    `json:"touched"` // when the last of them came

	// Of one that is being taken: what makes it safe to do so again, and what came of it.
	SHA256  string `json:"sha256,omitempty"`
	Request string `json:"request,omitempty"`
	Import  uint64 `json:"import,omitempty"`
}

// Expires is when the upload is dropped, unless more of it comes.
func (u Upload) Expires() time.Time { return u.Touched.Add(uploadsKept) }

const (
	uploadsKept   = 7 * 24 * time.Hour
	uploadsRested = 10 * time.Minute // after which an upload may make room for the next of its user
	maxUploads    = 8                // of one user
)

// uploads are the uploads of a desk. Each is a file named by its ID, and what
// is known of it in a file beside it, which is replaced as a whole.
type uploads struct {
	beginning sync.Mutex // held while uploads come to be or expire
	mu        sync.Mutex
	held      map[string]*claim // by ID
}

// claim is the right to alter an upload, which one has at a time.
type claim struct {
	interrupt func() // has who holds it give it up; nil: it is held for a moment only
	freed     chan struct{}
}

// try claims an upload, or returns the claim that there is.
func (u *uploads) try(id string, interrupt func()) (free func(), other *claim) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if other := u.held[id]; other != nil {
		return nil, other
	}
	mine := &claim{interrupt, make(chan struct{})}
	u.held[id] = mine
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.held, id)
		close(mine.freed)
	}, nil
}

// take claims an upload, from whoever has it.
func (u *uploads) take(ctx context.Context, id string, interrupt func()) (free func(), err error) {
	const again = 20 * time.Millisecond // an interruption between two reads does not last
	for {
		free, other := u.try(id, interrupt)
		if other == nil {
			return free, nil
		}
		u.interrupt(id, other)
		select {
		case <-other.freed:
		case <-time.After(again):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// interrupt asks for a claim, while it is held.
func (u *uploads) interrupt(id string, c *claim) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.held[id] == c && c.interrupt != nil {
		c.interrupt()
	}
}

func (d *Desk) uploadsDir() string           { return filepath.Join(d.dir, "uploads") }
func (d *Desk) uploadPath(id string) string  { return filepath.Join(d.uploadsDir(), id) }
func (d *Desk) uploadNotes(id string) string { return d.uploadPath(id) + ".json" }

// isUploadID says whether a text can be the ID of an upload, and with it the name of a file.
func isUploadID(id string) bool { return len(id) == 32 && strings.Trim(id, "0123456789abcdef") == "" }

func noUpload(id string) error {
	return fleet.NotFoundf("upload.not_found", "there is no upload %s: it was imported, or dropped after a week; send the file anew", short(id, maxValue))
}

// loadUpload reads what is known of an upload. Bytes of its file beyond the offset do not count.
func (d *Desk) loadUpload(id string) (u Upload, err error) {
	if !isUploadID(id) {
		return u, noUpload(id)
	}
	notes, err := os.ReadFile(d.uploadNotes(id))
	if errors.Is(err, fs.ErrNotExist) {
		return u, noUpload(id)
	}
	if err == nil && json.Unmarshal(notes, &u) != nil {
		return u, noUpload(id)
	}
	if err != nil || u.SHA256 != "" {
		u.ID = id
		return u, err
	}
	info, err := os.Stat(d.uploadPath(id))
	if err != nil {
		return u, err
	}
	u.ID, u.Offset = id, min(u.Offset, info.Size())
	return u, nil
}

// saveUpload writes what is known of an upload, wholly or not at all.
func (d *Desk) saveUpload(u Upload) error {
	notes, err := json.Marshal(u)
	if err != nil {
		return err
	}
	next := d.uploadPath(u.ID) + ".new"
	file, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(notes)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(next))
	}
	return os.Rename(next, d.uploadNotes(u.ID))
}

// removeUpload removes all there is of an upload; what is known of it last.
func (d *Desk) removeUpload(id string) error {
	for _, name := range []string{d.uploadPath(id), d.uploadPath(id) + ".new", d.uploadNotes(id)} {
		if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// sweepUploads removes uploads whose time is over, and what a crash left of others.
func (d *Desk) sweepUploads() error {
	d.uploads.beginning.Lock()
	defer d.uploads.beginning.Unlock()
	_, err := d.openUploads()
	return err
}

// openUploads are those that are not taken. It removes those whose time is over, and
// what a crash left of others, as far as nobody is at them. The lock beginning is held.
func (d *Desk) openUploads() (open []Upload, err error) {
	files, err := os.ReadDir(d.uploadsDir())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	last := ""
	for _, f := range files { // sorted: all of an upload stands together
		id, _, _ := strings.Cut(f.Name(), ".")
		if id == last || !isUploadID(id) {
			continue
		}
		last = id
		u, err := d.loadUpload(id)
		switch {
		case err != nil && fleet.KindOf(err) != fleet.NotFound && !errors.Is(err, fs.ErrNotExist):
			// It cannot be read now, for too many files are open, and perhaps can be later.
		case err != nil || d.now().After(u.Expires()):
			if err := d.dropIdle(id); err != nil {
				return nil, err
			}
		case u.Import == 0:
			open = append(open, u)
		}
	}
	return open, nil
}

// dropIdle removes an upload that nobody is at.
func (d *Desk) dropIdle(id string) error {
	free, other := d.uploads.try(id, nil)
	if other != nil {
		return nil
	}
	defer free()
	return d.removeUpload(id)
}
