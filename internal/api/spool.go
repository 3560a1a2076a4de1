package api

import "os"

// spool is a temporary file that nobody else sees.
type spool struct {
	*os.File
	named bool // it is still to be removed
}

// newSpool makes an empty file in dir, or in the system's folder where dir is
// empty. Its name goes at once where the system allows it, so that nothing is
// left of it however the program ends.
func newSpool(dir string) (*spool, error) {
	f, err := os.CreateTemp(dir, "spool-*")
	if err != nil {
		return nil, err
	}
	return &spool{File: f, named: os.Remove(f.Name()) != nil}, nil
}

// discard gives the disk back.
func (s *spool) discard() {
	_ = s.Close() // what was in it does not matter any more
	if s.named {
		_ = os.Remove(s.Name())
	}
}
