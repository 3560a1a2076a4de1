package audit_test

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/takhti-edu/takhti/internal/audit"
)

// The key is made once, for its owner alone, and is the same after every start.
func TestTheKeyIsMadeOnce(t *testing.T) {
	file := t.TempDir() + "/audit.key"
	first, err := audit.OpenKey(file)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^takhti-[0-9a-f]{8}\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$`).MatchString(first.Public()) {
		t.Errorf("the public key is %q", first.Public())
	}
	again, err := audit.OpenKey(file)
	if err != nil || again.Public() != first.Public() {
		t.Errorf("opened again: %v, %v", again, err)
	}
	info, err := os.Stat(file)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	text, err := os.ReadFile(file)
	if err != nil || strings.Contains(first.Public(), strings.TrimSpace(string(text))) {
		t.Errorf("the file holds what is public: %v", err)
	}
	other, err := audit.OpenKey(t.TempDir() + "/audit.key")
	if err != nil || other.Public() == first.Public() {
		t.Errorf("another register has the same key: %v", err)
	}
}

// A file that is no key is named, and is not overwritten.
func TestAFileThatIsNoKey(t *testing.T) {
	for what, text := range map[string]string{
		"empty":         "",
		"other text":    "chalk and slate",
		"a public key":  "takhti-1a2b3c4d+5e6f7a8b+AbCdEf",
		"half a key":    "PRIVATE+KEY+takhti-1a2b3c4d",
		"a key cut off": "PRIVATE+KEY+takhti-1a2b3c4d+5e6f7a8b+AQ==",
	} {
		file := t.TempDir() + "/audit.key"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := audit.OpenKey(file); err == nil || !strings.HasPrefix(err.Error(), file+" is not a key for checkpoints: ") {
			t.Errorf("%s: %v", what, err)
		}
		if now, err := os.ReadFile(file); err != nil || string(now) != text {
			t.Errorf("%s: the file is now %q, %v", what, now, err)
		}
	}
	if _, err := audit.OpenKey(t.TempDir() + "/no-folder/audit.key"); err == nil || !strings.HasPrefix(err.Error(), "the key for checkpoints cannot be made: ") {
		t.Errorf("in no folder: %v", err)
	}
}

// Whoever comes first makes the key, and all that come at the same time have the same.
func TestManyThatMakeTheKeyHaveOne(t *testing.T) {
	file := filepath.Join(t.TempDir(), "audit.key")
	keys := make([]*audit.Key, 16)
	var opening sync.WaitGroup
	for i := range keys {
		opening.Go(func() {
			var err error
			if keys[i], err = audit.OpenKey(file); err != nil {
				t.Error(err)
			}
		})
	}
	opening.Wait()
	for _, k := range keys {
		if k == nil || k.Public() != keys[0].Public() {
			t.Fatal("they have different keys")
		}
	}
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 1 {
		t.Errorf("beside the key there is more: %v (%v)", left, err)
	}
}
