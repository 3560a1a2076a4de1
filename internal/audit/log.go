package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/takhti-edu/takhti/internal/registry"
)

// Options say how a log makes checkpoints.
type Options struct {
	File   string       // to which they are appended
	URL    string       // to which each is posted; empty: nowhere
	Client *http.Client // posts them; nil: the usual one
	Log    *slog.Logger // nil: nobody is told what goes wrong
}

// Log makes checkpoints of a register's journal.
type Log struct {
	session registry.Session
	key     *Key
	options Options

	mu   sync.Mutex
	last Checkpoint
}

// The bounds on making checkpoints.
const (
	every       = time.Minute
	postTimeout = 10 * time.Second
	lastTimeout = 15 * time.Second // for the one at the end
)

// New returns the log of a register. It goes on after the last checkpoint in the file.
func New(reg *registry.Register, key *Key, o Options) *Log {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Client == nil {
		o.Client = http.DefaultClient
	}
	l := &Log{session: reg.As(registry.Operator()), key: key, options: o}
	if signed, err := LastOf(o.File); err == nil {
		l.last, _ = Open(signed, key.Public()) // of another key: as if there were none
	}
	return l
}

// Public is the public key that the checkpoints are signed for.
func (l *Log) Public() string { return l.key.Public() }

// Last is the newest checkpoint; ok is false before there is one.
func (l *Log) Last() (c Checkpoint, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last, l.last.Signed != nil
}

// Sign makes a checkpoint of the journal as it is, and keeps it. When the journal
// has not grown it is the one before.
func (l *Log) Sign(ctx context.Context) (Checkpoint, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	head, err := l.session.Head(ctx)
	if err != nil || l.last.Signed != nil && head == l.last.Head {
		return l.last, err
	}
	c, err := l.key.sign(head)
	if err == nil {
		err = keep(l.options.File, c.Signed)
	}
	if err != nil {
		return l.last, fmt.Errorf("a checkpoint could not be kept: %w", err)
	}
	l.last = c
	return c, nil
}

// keep appends a checkpoint to the file.
func keep(file string, signed []byte) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(append([]byte{}, signed...), '\n'))
	return errors.Join(err, f.Sync(), f.Close())
}

// LastOf is the last checkpoint in a file, which may be long.
func LastOf(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	const most = 4 << 10 // a checkpoint is far shorter
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	end := make([]byte, min(size, most))
	if _, err := f.ReadAt(end, size-int64(len(end))); err != nil {
		return nil, err
	}
	parts := strings.Split(strings.TrimSpace(string(end)), "\n\n")
	if len(parts) < 2 {
		return nil, fmt.Errorf("%s has no checkpoint", file)
	}
	return []byte(strings.Join(parts[len(parts)-2:], "\n\n") + "\n"), nil
}

// Prove proves an entry that the session may read, by a checkpoint of the journal as
// it is. The proof is a JSON document.
func (l *Log) Prove(ctx context.Context, s registry.Session, seq uint64) ([]byte, error) {
	c, err := l.Sign(ctx)
	if err != nil {
		return nil, err
	}
	p, err := s.ProveEntry(ctx, seq, c.Size)
	if err != nil {
		return nil, err
	}
	return json.MarshalIndent(Proof{Entry: p, Checkpoint: string(c.Signed)}, "", "\t")
}

// Run makes a checkpoint each minute in which the journal grew, and one at the end,
// when ctx is done. Each is posted to the URL, if there is one; what cannot be posted
// is superseded by the next.
func (l *Log) Run(ctx context.Context) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	var posted uint64
	for ctx.Err() == nil {
		posted = l.round(ctx, posted)
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTimeout)
	defer cancel()
	l.round(end, posted)
}

// round makes a checkpoint and posts it, and returns the size of the last one posted.
func (l *Log) round(ctx context.Context, posted uint64) uint64 {
	c, err := l.Sign(ctx)
	if err != nil && ctx.Err() == nil {
		l.options.Log.ErrorContext(ctx, "no checkpoint was made", slog.String("error", err.Error()))
	}
	if l.options.URL == "" || c.Signed == nil || c.Size == posted {
		return posted
	}
	if err := l.post(ctx, c); err != nil {
		l.options.Log.WarnContext(ctx, "a checkpoint could not be posted", slog.String("error", err.Error()))
		return posted
	}
	return c.Size
}

func (l *Log) post(ctx context.Context, c Checkpoint) error {
	ctx, cancel := context.WithTimeout(ctx, postTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.options.URL, bytes.NewReader(c.Signed))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "text/plain; charset=utf-8")
	resp, err := l.options.Client.Do(req)
	if err != nil {
		return err
	}
	if err := resp.Body.Close(); err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("it was answered with %s", resp.Status)
	}
	return nil
}
