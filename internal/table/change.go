package table

// RecordChange is what became of one record: its bytes before and after, nil where
// there was none.
type RecordChange struct {
	ID            uint64
	Before, After []byte
}

// EachWritten calls each with the keys that the change wrote or deleted, but for
// those of ledgers. A key is valid until each returns.
func (t *Table[T]) EachWritten(c RecordChange, each func(key []byte)) error {
	return t.frame().eachWritten(c, each)
}

func (f *frame) eachWritten(c RecordChange, each func(key []byte)) error {
	s := f.scratch()
	defer f.release(s)
	if err := f.deriveChange(s, &c, everything); err != nil {
		return err
	}
	each(f.recordKey(s, c.ID))
	if c.Before == nil {
		each(f.seq) // which gave out the ID
	}
	for _, d := range [...]*derived{&s.was, &s.now} {
		for _, keys := range [...][]derivedKey{d.entries, d.counts} {
			for i := range keys {
				if !keys[i].kept {
					each(d.key(&keys[i]))
				}
			}
		}
	}
	return nil
}

// deriveChange works out what the record contributed before and after.
func (f *frame) deriveChange(s *scratch, c *RecordChange, what consequences) error {
	for _, side := range [...]struct {
		data []byte
		into *derived
	}{{c.Before, &s.was}, {c.After, &s.now}} {
		side.into.reset()
		if side.data == nil {
			continue
		}
		if err := f.decode(side.data, c.ID, s.rec); err != nil {
			return err
		}
		f.derive(s, side.into, s.rec, what)
	}
	keepCommon(&s.was, &s.now)
	return nil
}
