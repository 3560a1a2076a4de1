package audit

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// Key signs checkpoints. Its name is that of the log, too.
type Key struct {
	signer   note.Signer
	verifier string
}

// OpenKey reads the key in the file, or makes one. Only the file's owner may read it.
func OpenKey(file string) (*Key, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(file); err != nil {
			return nil, fmt.Errorf("the key for checkpoints cannot be made: %w", err)
		}
		text, err = os.ReadFile(file)
	}
	if err != nil {
		return nil, fmt.Errorf("the key for checkpoints cannot be read: %w", err)
	}
	k, err := parseKey(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("%s is not a key for checkpoints: %w", file, err)
	}
	return k, nil
}

// makeKey writes a new key, unless another process does so first. The file is whole
// from its first moment on, or a power cut could leave one that is none.
func makeKey(file string) error {
	var id [4]byte
	rand.Read(id[:]) // never fails
	private, _, err := note.GenerateKey(rand.Reader, "takhti-"+hex.EncodeToString(id[:]))
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+"-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // it has the key's name by now, or is of no use
	_, err = f.WriteString(private + "\n")
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	err = os.Link(f.Name(), file)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	return os.Rename(f.Name(), file) // the file system has no links
}

func parseKey(private string) (*Key, error) {
	signer, err := note.NewSigner(private)
	if err != nil {
		return nil, err
	}
	// The last part is the algorithm and the seed.
	parts := strings.Split(private, "+")
	data, err := base64.StdEncoding.DecodeString(strings.Join(parts[4:], "+"))
	if err != nil || len(data) != 1+ed25519.SeedSize {
		return nil, errors.Join(err, errors.New("it is not one of Ed25519"))
	}
	public := ed25519.NewKeyFromSeed(data[1:]).Public().(ed25519.PublicKey)
	verifier, err := note.NewEd25519VerifierKey(signer.Name(), public)
	return &Key{signer, verifier}, err
}

// Public is the public half of the key, which whoever checks checkpoints needs.
func (k *Key) Public() string { return k.verifier }
