package auth

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// When sessions and tokens were last used is kept here to the minute, and written
// down every few minutes, all in one commit, and as the program ends. A crash forgets
// those few minutes.
const (
	seenEvery  = time.Minute
	writeEvery = 5 * time.Minute
	mostSeen   = 50_000
)

// sightings are when sessions and tokens were last used, by their numbers.
type sightings struct {
	mu      sync.Mutex
	last    map[uint64]time.Time
	unsaved map[uint64]time.Time
	saved   time.Time // when they were last written down
}

func newSightings(now time.Time) *sightings {
	return &sightings{last: map[uint64]time.Time{}, unsaved: map[uint64]time.Time{}, saved: now}
}

func (s *sightings) of(id uint64) (at time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok = s.last[id]
	return at, ok
}

// recall keeps what was read of an earlier use.
func (s *sightings) recall(id uint64, at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(id, at)
}

func (s *sightings) put(id uint64, at time.Time) {
	if len(s.last) >= mostSeen {
		s.last = maps.Clone(s.unsaved)
	}
	s.last[id] = at
}

// add notes a use, and returns what is to be written down when it is time for that.
func (s *sightings) add(id uint64, now time.Time) (due map[uint64]time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(id, now)
	s.unsaved[id] = now
	if now.Sub(s.saved) < writeEvery {
		return nil
	}
	return s.take(now)
}

// take is all that is not written down yet.
func (s *sightings) take(now time.Time) (due map[uint64]time.Time) {
	due, s.unsaved, s.saved = s.unsaved, map[uint64]time.Time{}, now
	return due
}

// KeepSeen writes down when sessions and tokens were last used, for the program ends.
func (s *Service) KeepSeen(ctx context.Context) error {
	s.seen.mu.Lock()
	due := s.seen.take(s.now())
	s.seen.mu.Unlock()
	if len(due) == 0 {
		return nil
	}
	return s.gate.MarkSeen(ctx, due)
}

// LastSeen is when the session or token was last used, to the minute; zero: it
// never was.
func (s *Service) LastSeen(ctx context.Context, tok *fleet.Token) (time.Time, error) {
	if at, known := s.seen.of(tok.ID); known {
		return at, nil
	}
	at, err := s.gate.Seen(ctx, tok.ID)
	if err == nil {
		s.seen.recall(tok.ID, at)
	}
	return at, err
}

// see notes that the session or token is used now. It says false of one that was
// left alone for too long. That a use cannot be written down keeps nobody out.
func (s *Service) see(ctx context.Context, tok *fleet.Token) (ok bool, err error) {
	now := s.now()
	last, err := s.LastSeen(ctx, tok)
	switch {
	case err != nil:
		return false, err
	case idled(tok, last, now):
		return false, nil
	case now.Sub(last) < seenEvery:
		return true, nil
	}
	if due := s.seen.add(tok.ID, now); due != nil {
		_ = s.gate.MarkSeen(ctx, due)
	}
	return true, nil
}

// idled says whether the session was left alone for longer than it lives.
func idled(tok *fleet.Token, last, now time.Time) bool {
	if made := time.Unix(tok.Created, 0); last.Before(made) {
		last = made
	}
	return tok.Idle > 0 && now.Sub(last) >= time.Duration(tok.Idle)*time.Second
}
