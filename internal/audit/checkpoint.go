package audit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/takhti-edu/takhti/internal/registry"
)

// Checkpoint is a signed note of a journal's head.
type Checkpoint struct {
	registry.Head
	Signed []byte // the note itself
}

// sign makes a checkpoint of a head.
func (k *Key) sign(h registry.Head) (Checkpoint, error) {
	text := fmt.Sprintf("%s\n%d\n%s\n", k.signer.Name(), h.Size, h.Root)
	signed, err := note.Sign(&note.Note{Text: text}, k.signer)
	return Checkpoint{h, signed}, err
}

// Open reads a checkpoint that was signed with the private half of the public key.
func Open(signed []byte, public string) (c Checkpoint, err error) {
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return c, fmt.Errorf("%q is not a public key for checkpoints: %w", public, err)
	}
	n, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return c, fmt.Errorf("the checkpoint is not signed with the key %s: %w", verifier.Name(), err)
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return c, errors.New("the checkpoint is of another log")
	}
	c.Signed = signed
	if c.Size, err = strconv.ParseUint(lines[1], 10, 63); err == nil {
		c.Root, err = tlog.ParseHash(lines[2])
	}
	if err != nil {
		return c, errors.New("the checkpoint cannot be read")
	}
	return c, nil
}

// Split takes a file of checkpoints apart. Each is a note, which has an empty line
// before its signatures; there is an empty line between them.
func Split(file []byte) (notes [][]byte) {
	parts := strings.Split(strings.TrimSpace(strings.ReplaceAll(string(file), "\r\n", "\n")), "\n\n")
	for i := 0; i+1 < len(parts); i += 2 {
		notes = append(notes, []byte(parts[i]+"\n\n"+strings.TrimSpace(parts[i+1])+"\n"))
	}
	return notes
}
