package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/takhti-edu/takhti/internal/registry"
)

// Against holds the journal against checkpoints that were made of it before, the
// notes of which [Split] gives, and calls found for each that it does not continue.
// It stands on the stored tree, which [registry.Register.VerifyJournal] proves.
func Against(ctx context.Context, s registry.Session, notes [][]byte, public string, found func(registry.Finding)) error {
	for i, signed := range notes {
		detail, err := against(ctx, s, signed, public)
		if err != nil {
			return err
		}
		if detail != "" {
			found(registry.Finding{Table: "journal", Key: fmt.Sprintf("checkpoint %d", i+1), What: "does not fit the journal", Detail: detail})
		}
	}
	return nil
}

// against says what is wrong with one checkpoint.
func against(ctx context.Context, s registry.Session, signed []byte, public string) (detail string, err error) {
	c, err := Open(signed, public)
	if err != nil {
		return err.Error(), nil
	}
	now, ok, err := s.HeadAt(ctx, c.Size)
	switch {
	case err != nil:
		return "", err
	case !ok:
		return fmt.Sprintf("it is of %d entries, more than there are now: entries were removed", c.Size), nil
	case now.Root != c.Root:
		return fmt.Sprintf("the first %d entries are not those that it was made of", c.Size), nil
	}
	return "", nil
}

// Proof proves one entry to whoever has the public key.
type Proof struct {
	Entry      registry.EntryProof `json:"entry"`
	Checkpoint string              `json:"checkpoint"`
}

// Check returns the entry that a proof, as [Log.Prove] makes it, proves.
func Check(proof []byte, public string) (e registry.Entry, c Checkpoint, err error) {
	var p Proof
	if err := json.Unmarshal(proof, &p); err != nil {
		return e, c, fmt.Errorf("this is not a proof: %w", err)
	}
	if p.Checkpoint == "" {
		return e, c, errors.New("this is not a proof: it has no checkpoint")
	}
	if c, err = Open([]byte(p.Checkpoint), public); err != nil {
		return e, c, err
	}
	e, err = p.Entry.Check(c.Head)
	return e, c, err
}
