package auth

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"net/netip"
	"time"

	"golang.org/x/time/rate"

	"github.com/takhti-edu/takhti/internal/registry"
)

// What guards remember is kept in the register, so that to have the program restarted
// is no way to begin guessing anew, and nobody who signed in before is a stranger
// afterwards. It is written a few seconds later: no attempt waits for it.

// imprint stands for an account, a network or both. What people type as their name may
// be their password, so that itself is not remembered.
type imprint [16]byte

func imprintOf(parts ...string) (p imprint) {
	h := sha256.New()
	for _, part := range parts {
		h.Write(binary.AppendUvarint(nil, uint64(len(part))))
		h.Write([]byte(part))
	}
	copy(p[:], h.Sum(nil))
	return p
}

func (v visit) imprint() imprint        { return imprintOf(v.account, textOf(v.network)) }
func (v visit) accountImprint() imprint { return imprintOf(v.account) }
func (v visit) networkImprint() imprint { return imprintOf(textOf(v.network)) }

func textOf(network netip.Prefix) string {
	text, _ := network.MarshalText() // never fails
	return string(text)
}

// trace is one thing that a guard remembers.
type trace struct {
	of      traceKind
	imprint imprint
}

type traceKind byte

const (
	ofVisit traceKind = iota + 1
	ofKnown
	ofAccount
	ofNetwork
)

// note notes that what is remembered of something changed.
func (g *guard) note(of traceKind) func(imprint) {
	return func(p imprint) { g.changed[trace{of, p}] = struct{}{} }
}

func (g *guard) noteBoth(v visit) {
	g.note(ofNetwork)(v.networkImprint())
	g.note(ofAccount)(v.accountImprint())
}

// drain is what changed since the last time, under the guard's name.
func (g *guard) drain(name byte, now time.Time) (marks []registry.Mark) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for t := range g.changed {
		marks = append(marks, registry.Mark{Key: append([]byte{name, byte(t.of)}, t.imprint[:]...), Value: g.encode(t, now)})
	}
	clear(g.changed)
	return marks
}

// encode is what is remembered of something; nil when it was forgotten.
func (g *guard) encode(t trace, now time.Time) []byte {
	switch t.of {
	case ofVisit:
		if v := g.visits.get(t.imprint); v != nil && v.count > 0 {
			return binary.AppendVarint(binary.AppendVarint(nil, int64(v.count)), v.next.UnixMilli())
		}
	case ofKnown:
		if g.known.has(t.imprint) {
			return []byte{1}
		}
	case ofAccount:
		return encodeLimiter(g.accounts.get(t.imprint), now)
	case ofNetwork:
		return encodeLimiter(g.networks.get(t.imprint), now)
	}
	return nil
}

// encodeLimiter is the moment and what was left then; nil when all was.
func encodeLimiter(l *rate.Limiter, now time.Time) []byte {
	if l == nil || l.TokensAt(now) >= float64(l.Burst()) {
		return nil
	}
	return binary.AppendVarint(binary.AppendVarint(nil, now.UnixMilli()), int64(math.Floor(l.TokensAt(now))))
}

// restore takes back what was kept under a key without the guard's name. What cannot be
// read is forgotten.
func (g *guard) restore(key, value []byte) {
	var t trace
	if len(key) != 1+len(t.imprint) {
		return
	}
	t.of, t.imprint = traceKind(key[0]), imprint(key[1:])
	if t.of == ofKnown {
		g.known.of(t.imprint)
		return
	}
	first, n := binary.Varint(value)
	second, m := binary.Varint(value[max(n, 0):])
	if n <= 0 || m <= 0 {
		return
	}
	switch t.of {
	case ofVisit:
		*g.visits.of(t.imprint) = tries{count: int(first), next: time.UnixMilli(second)}
	case ofAccount:
		spend(g.accounts.of(t.imprint), time.UnixMilli(first), second)
	case ofNetwork:
		spend(g.networks.of(t.imprint), time.UnixMilli(first), second)
	}
}

// spend leaves a new limiter as many as there were at the moment.
func spend(l *rate.Limiter, at time.Time, left int64) {
	l.AllowN(at, max(0, l.Burst()-int(max(left, 0))))
}

// guards are the service's guards by the names under which they are kept.
func (s *Service) guards() map[byte]*guard {
	return map[byte]*guard{'p': s.guard, 'n': s.pins, 'c': s.codes}
}

// RestoreLimits takes up what [Service.KeepLimits] kept.
func (s *Service) RestoreLimits(ctx context.Context) error {
	marks, err := s.gate.Marks(ctx)
	if err != nil {
		return err
	}
	for _, m := range marks {
		if len(m.Key) == 0 {
			continue
		}
		if g := s.guards()[m.Key[0]]; g != nil {
			g.mu.Lock()
			g.restore(m.Key[1:], m.Value)
			g.mu.Unlock()
		}
	}
	return nil
}

// KeepLimits writes down what the guards remember that they did not before. What could
// not be written is with the next time.
func (s *Service) KeepLimits(ctx context.Context) error {
	var marks []registry.Mark
	now := s.now()
	for name, g := range s.guards() {
		marks = append(marks, g.drain(name, now)...)
	}
	if len(marks) == 0 {
		return nil
	}
	err := s.gate.KeepMarks(ctx, marks)
	if err != nil {
		for _, m := range marks {
			g := s.guards()[m.Key[0]]
			g.mu.Lock()
			g.changed[trace{traceKind(m.Key[1]), imprint(m.Key[2:])}] = struct{}{}
			g.mu.Unlock()
		}
	}
	return err
}
