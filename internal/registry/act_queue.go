package registry

import (
	"log/slog"
	"sync"
	"time"
)

// The bounds on what acts can cost. Whatever is beyond is counted.
const (
	actWindow   = time.Minute // in which acts that are alike are one entry and a count
	tokenWindow = time.Hour   // the same for uses of a token
	mostActs    = 4096        // wait to be written
	mostCounted = 4096        // different acts are counted at once
	lookEvery   = 10 * time.Second

	strangerMinute = 30   // different acts by strangers that are told apart in a minute
	strangerDay    = 2000 // and in a day
)

// actQueue holds the acts that are not written yet.
type actQueue struct {
	log  *slog.Logger
	wake chan struct{}

	mu        sync.Mutex
	waiting   []Entry
	lost      uint64
	writing   bool // what was taken is not written yet
	counted   map[actorKey]*actCount
	looked    time.Time // when the counts were last looked through
	strangers struct{ minute, day allowance }
}

// actCount counts acts that are alike, after the first.
type actCount struct {
	like Entry
	more uint64
	ends time.Time
}

// allowance is how much has happened in a period.
type allowance struct {
	began time.Time
	used  int
}

// take uses one of the period's so many, or says that there is none left.
func (a *allowance) take(now time.Time, period time.Duration, most int) bool {
	if now.Sub(a.began) >= period || now.Before(a.began) {
		*a = allowance{began: now}
	}
	a.used++
	return a.used <= most
}

func newActQueue(log *slog.Logger) *actQueue {
	return &actQueue{log: log, wake: make(chan struct{}, 1), counted: map[actorKey]*actCount{}}
}

// add takes an act, to be written or to be counted.
func (q *actQueue) add(kind ActKind, e Entry, now time.Time) {
	q.mu.Lock()
	defer q.mu.Unlock()
	key := keyOf(kind, &e)
	c := q.counted[key]
	if c == nil && !q.distinct(&e, now) {
		key = actorKey{kind: kind}
		e = Entry{Via: e.Via, Change: e.Change, Details: Details{Note: "many, from many places"}}
		c = q.counted[key]
	}
	if c != nil && now.Before(c.ends) {
		c.more++
		return
	}
	if c != nil {
		q.settle(c)
	}
	window := actWindow
	if kind == TokenUsed {
		window = tokenWindow
	}
	q.counted[key] = &actCount{like: e, ends: now.Add(window)}
	q.push(e)
}

// distinct says whether an act that is unlike all others of the moment is told
// apart from them.
func (q *actQueue) distinct(e *Entry, now time.Time) bool {
	if e.User == 0 && e.Via != Operator().Via {
		return q.strangers.minute.take(now, time.Minute, strangerMinute) && q.strangers.day.take(now, 24*time.Hour, strangerDay)
	}
	return len(q.counted) < mostCounted
}

// push has the entry written with the next commit.
func (q *actQueue) push(e Entry) {
	if len(q.waiting) >= mostActs {
		q.lost += max(e.Count, 1)
		return
	}
	q.waiting = append(q.waiting, e)
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// settle writes how many there were after the first.
func (q *actQueue) settle(c *actCount) {
	if c.more == 0 {
		return
	}
	c.like.Count, c.more = c.more, 0
	q.push(c.like)
}

// take hands over what is to be written: what waits, and the counts whose time is
// over, or all of them.
func (q *actQueue) take(now time.Time, all bool) []Entry {
	q.mu.Lock()
	defer q.mu.Unlock()
	if all || now.Sub(q.looked) >= lookEvery || now.Before(q.looked) {
		q.settleAll(now, all)
	}
	list := q.waiting
	if q.lost > 0 {
		q.log.Error("acts could not be journalled: too many waited to be written", slog.Uint64("acts", q.lost))
		list = append(list, Entry{Change: ActsLost.String(), Details: Details{Count: q.lost}})
	}
	q.waiting, q.lost, q.writing = nil, 0, len(list) > 0
	return list
}

// written tells that what was taken is written, or was given back.
func (q *actQueue) written() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.writing = false
}

func (q *actQueue) settleAll(now time.Time, all bool) {
	q.looked = now
	for key, c := range q.counted {
		if all || !now.Before(c.ends) {
			q.settle(c)
			delete(q.counted, key)
		}
	}
}

// giveBack takes back what could not be written.
func (q *actQueue) giveBack(list []Entry, why error) {
	q.log.Error("acts could not be journalled yet", slog.Int("acts", len(list)), slog.String("error", why.Error()))
	q.mu.Lock()
	defer q.mu.Unlock()
	list = append(list, q.waiting...)
	for len(list) > mostActs {
		q.lost += max(list[len(list)-1].Count, 1)
		list = list[:len(list)-1]
	}
	q.waiting = list
}

// pending says whether there are acts that are not written yet.
func (q *actQueue) pending() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.writing || len(q.waiting) > 0 || q.lost > 0
}
