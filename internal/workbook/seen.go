package workbook

import "hash/maphash"

// seen knows the values of a column that no two rows may share, and in which row each
// stands. It holds no pointer to any of them: of the million values of a long list the
// garbage collector would otherwise look at each, again and again.
//
// The zero seen is ready for use.
type seen struct {
	seed   maphash.Seed
	texts  []byte // of all values, one after the other
	values []seenValue
	places []uint32 // for each hash the number of its value, from one; a place that is taken is looked for further on
	sheets []string
}

// seenValue is a value, and where it stands: nowhere, when its row is zero.
type seenValue struct {
	hash     uint32
	from, to uint32 // in texts
	sheet    int32
	row      int32
}

// take notes that a value stands in a row, unless it stands in another one: then it
// says in which.
func (s *seen) take(value string, at Position) (first Position, twice bool) {
	if len(s.values) >= len(s.places)/4*3 {
		s.grow()
	}
	hash := uint32(maphash.String(s.seed, value))
	place := s.find(value, hash)
	if s.places[place] == 0 {
		from := len(s.texts)
		s.texts = append(s.texts, value...)
		s.values = append(s.values, seenValue{hash: hash, from: uint32(from), to: uint32(len(s.texts))})
		s.places[place] = uint32(len(s.values))
	}
	v := &s.values[s.places[place]-1]
	if v.row != 0 && s.position(v) != at {
		return s.position(v), true
	}
	v.sheet, v.row = s.sheet(at.Sheet), int32(at.Row)
	return Position{}, false
}

// leave forgets that a value stands in a row, if it does.
func (s *seen) leave(value string, at Position) {
	if v := s.value(value); v != nil && s.position(v) == at {
		v.row = 0
	}
}

// at is where a value stands.
func (s *seen) at(value string) (Position, bool) {
	v := s.value(value)
	if v == nil || v.row == 0 {
		return Position{}, false
	}
	return s.position(v), true
}

// all are the values that stand somewhere, in the order in which they came.
func (s *seen) all() []string {
	texts := string(s.texts)
	all := make([]string, 0, len(s.values))
	for i := range s.values {
		if v := &s.values[i]; v.row != 0 {
			all = append(all, texts[v.from:v.to])
		}
	}
	return all
}

func (s *seen) value(value string) *seenValue {
	if len(s.places) == 0 {
		return nil
	}
	if n := s.places[s.find(value, uint32(maphash.String(s.seed, value)))]; n != 0 {
		return &s.values[n-1]
	}
	return nil
}

// find is the place of a value, or that which it would have.
func (s *seen) find(value string, hash uint32) uint32 {
	mask := uint32(len(s.places) - 1)
	place := hash & mask
	for ; s.places[place] != 0; place = (place + 1) & mask {
		if v := &s.values[s.places[place]-1]; v.hash == hash && string(s.texts[v.from:v.to]) == value {
			break
		}
	}
	return place
}

func (s *seen) grow() {
	if s.places == nil {
		s.seed = maphash.MakeSeed()
	}
	const first = 16
	s.places = make([]uint32, max(first, 2*len(s.places)))
	mask := uint32(len(s.places) - 1)
	for i := range s.values {
		place := s.values[i].hash & mask
		for s.places[place] != 0 {
			place = (place + 1) & mask
		}
		s.places[place] = uint32(i + 1)
	}
}

func (s *seen) position(v *seenValue) Position { return Position{s.sheets[v.sheet], int(v.row)} }

// sheet is the number of a sheet: mostly the last one.
func (s *seen) sheet(name string) int32 {
	for i := len(s.sheets) - 1; i >= 0; i-- {
		if s.sheets[i] == name {
			return int32(i)
		}
	}
	s.sheets = append(s.sheets, name)
	return int32(len(s.sheets) - 1)
}
