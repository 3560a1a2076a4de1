package main

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
)

const secretSize = 32 // bytes

// learnerKey is the key under which learners' IDs are kept. It is a file of its own, so
// that neither the register nor a backup of it tells whose a mark is.
func (c *cli) learnerKey() ([]byte, error) { return secretFile(filepath.Join(c.data, "learner.key")) }

// secretFile reads a random secret from a file, which it makes the first time.
func secretFile(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeSecret(path)
	}
	if err != nil {
		return nil, err
	}
	secret, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(secret) != secretSize {
		return nil, &fleet.Error{
			Kind: fleet.Damaged, Code: "file.secret",
			Message: fmt.Sprintf("%s does not hold a key of Takhti: put back the file that was there, from where you keep a copy", path),
		}
	}
	return secret, nil
}

func makeSecret(path string) ([]byte, error) {
	secret := make([]byte, secretSize)
	rand.Read(secret) // never fails
	err := writeWhole(path, path, func(w io.Writer) error {
		_, err := fmt.Fprintln(w, hex.EncodeToString(secret))
		return err
	})
	return secret, err
}
