package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/kv/memkv"
)

// canaries are secrets that were sent or told, by what they are. None of them may
// be found again anywhere.
type canaries struct {
	t       *testing.T
	secrets map[string][]string // in all their forms
	pins    map[string]*regexp.Regexp
}

// lay makes a secret up.
func (c *canaries) lay(what string) string { return c.told(what, "canary"+rand.Text()) }

// told adds a secret that the program made itself.
func (c *canaries) told(what, secret string) string {
	c.t.Helper()
	if len(secret) < 8 {
		c.t.Fatalf("the %s %q is too short to be looked for", what, secret)
	}
	c.secrets[what] = []string{
		strings.ToLower(secret), hex.EncodeToString([]byte(secret)),
		base64.RawStdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret)),
	}
	return secret
}

// pin adds a secret of a few digits, which is found where they stand alone.
func (c *canaries) pin(what, digits string) {
	c.pins[what] = regexp.MustCompile(`(?:^|[^0-9.,a-zA-Z_-])` + digits + `(?:[^0-9.,a-zA-Z_-]|$)`)
}

// sweep looks for all secrets in some text.
func (c *canaries) sweep(where string, text []byte) {
	c.t.Helper()
	lower := bytes.ToLower(text)
	for what, forms := range c.secrets {
		for n, form := range forms {
			in := text
			if n == 0 {
				in = lower
			}
			if at := bytes.Index(in, []byte(form)); at >= 0 {
				c.t.Errorf("%s holds the %s: …%q…", where, what, in[max(0, at-80):min(len(in), at+len(form)+40)])
			}
		}
	}
	for what, pattern := range c.pins {
		if at := pattern.FindIndex(text); at != nil {
			c.t.Errorf("%s holds the %s: …%q…", where, what, text[max(0, at[0]-80):min(len(text), at[1]+40)])
		}
	}
}

// sweepFolder looks into every file, and sees that nobody but its owner may.
func (c *canaries) sweepFolder(dir string) (files int) {
	c.t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			c.t.Errorf("%s can be opened by others: %s", path, info.Mode())
		}
		if d.IsDir() || filepath.Ext(path) == ".key" {
			return nil
		}
		data, err := os.ReadFile(path)
		files++
		c.sweep("the file "+d.Name(), data)
		return err
	})
	if err != nil {
		c.t.Error(err)
	}
	return files
}

// sweepStore looks at what the database holds, pair by pair.
func (c *canaries) sweepStore(where string, s kv.Store) {
	c.t.Helper()
	pairs := 0
	err := s.View(context.Background(), func(r kv.Reader) error {
		for p, err := range r.Scan(nil, nil) {
			if err != nil {
				return err
			}
			pairs++
			c.sweep(where, p.Key)
			c.sweep(where, p.Val)
		}
		return nil
	})
	if err != nil || pairs < 1000 {
		c.t.Errorf("%s: %d pairs, %v", where, pairs, err)
	}
}

// sweepDatabase looks into the data folder's database.
func (c *canaries) sweepDatabase(file string) {
	c.t.Helper()
	store, err := boltkv.Open(file, boltkv.LockTimeout(patience))
	if err != nil {
		c.t.Fatal(err)
	}
	c.sweepStore("the database", store)
	if err := store.Close(); err != nil {
		c.t.Error(err)
	}
}

// sweepBackup looks into a backup as it is and as it is unpacked.
func (c *canaries) sweepBackup(dump []byte) {
	c.t.Helper()
	c.sweep("the backup", dump)
	store := memkv.New()
	if err := kv.Load(c.t.Context(), bytes.NewReader(dump), store); err != nil {
		c.t.Fatal(err)
	}
	c.sweepStore("the backup, restored", store)
}

// notes is a log that is written by many and read at the end.
type notes struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

var _ io.Writer = &notes{}

func (n *notes) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.buf.Write(p)
}

func (n *notes) text() []byte {
	n.mu.Lock()
	defer n.mu.Unlock()
	return bytes.Clone(n.buf.Bytes())
}
