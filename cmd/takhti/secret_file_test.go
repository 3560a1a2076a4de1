package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// A secret is made once, for its owner alone, and stays the same.
func TestSecretFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "learner.key")
	first, err := secretFile(path)
	if err != nil || len(first) != secretSize {
		t.Fatal(len(first), err)
	}
	if again, err := secretFile(path); err != nil || !bytes.Equal(again, first) {
		t.Errorf("read again: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("no key\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := secretFile(path); !errors.Is(err, &fleet.Error{Code: "file.secret"}) {
		t.Errorf("a damaged file: %v", err)
	}
}
