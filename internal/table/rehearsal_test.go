package table_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

// Whatever is put, deleted, taken back and looked through, a rehearsal answers as a
// transaction does.
func TestARehearsalAnswersAsATransactionDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, m := newRegister(t), &model{slates: map[uint64]slate{}, ledger: map[string]int64{}}
		history(t, r, m)
		r.view(func(rd kv.Reader) error {
			plain, rehearsed := &steps{r: r, w: kv.NewOverlay(rd)}, &steps{r: r, w: table.NewRehearsal(rd)}
			for range rapid.IntRange(1, 30).Draw(t, "steps") {
				step := drawStep(t, m.given)
				if want, got := step(plain), step(rehearsed); got != want {
					t.Fatalf("the rehearsal answers\n%s\nwant\n%s", got, want)
				}
			}
			if want, got := plain.everything(), rehearsed.everything(); got != want {
				t.Fatalf("in the end the rehearsal has\n%s\nwant\n%s", got, want)
			}
			return nil
		})
	})
}

// steps are made on a writer, one after the other.
type steps struct {
	r     register
	w     kv.Writer
	marks []kv.Savepoint
}

func (s *steps) everything() string { return s.under(nil, nil) }

func (s *steps) under(lo, hi []byte) string {
	var all []string
	for p, err := range s.w.Scan(lo, hi) {
		all = append(all, fmt.Sprintf("%q=%q %v", p.Key, p.Val, err))
	}
	slices.Sort(all)
	return fmt.Sprint(all)
}

func (s *steps) put(day uint64, rec slate) string {
	s.marks = append(s.marks, s.w.Savepoint())
	_, err := s.r.Put(s.w, day, &rec)
	if err != nil {
		s.w.Rollback(s.marks[len(s.marks)-1])
	}
	return fmt.Sprint(err)
}

func (s *steps) delete(day, id uint64) string {
	done, err := s.r.Delete(s.w, day, id)
	return fmt.Sprintf("%q %v", done.Before, err)
}

// back goes back to the last savepoint but so many, or forgets all since then.
func (s *steps) back(n int, forget bool) string {
	if n >= len(s.marks) {
		return ""
	}
	at := len(s.marks) - 1 - n
	if forget {
		s.w.Release(s.marks[at])
		s.marks = s.marks[:at]
	} else {
		s.w.Rollback(s.marks[at])
		s.marks = s.marks[:at+1]
	}
	return ""
}

func drawStep(t *rapid.T, given uint64) func(*steps) string {
	letters := rapid.StringOfN(rapid.SampledFrom([]rune("abc")), 0, 2, -1)
	day, id := rapid.Uint64Range(0, 3).Draw(t, "day"), rapid.Uint64Range(1, given+4).Draw(t, "id")
	rec := slate{
		ID: id, Serial: letters.Draw(t, "serial"), Tag: letters.Draw(t, "tag"), Place: letters.Draw(t, "place"),
		Broken: rapid.Bool().Draw(t, "broken"), Words: rapid.SliceOfN(letters, 0, 3).Draw(t, "words"),
	}
	n, forget := rapid.IntRange(0, 2).Draw(t, "marks"), rapid.Bool().Draw(t, "forget")
	switch rapid.IntRange(1, 8).Draw(t, "what") {
	case 1:
		return func(s *steps) string { return s.delete(day, id) }
	case 2:
		return func(s *steps) string { return s.back(n, forget) }
	case 3:
		return func(s *steps) string {
			key := s.r.Index("by_word").Open(rec.Tag)
			return s.under(key, key.End())
		}
	case 4:
		return (*steps).everything
	default:
		return func(s *steps) string { return s.put(day, rec) }
	}
}
