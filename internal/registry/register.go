package registry

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/takhti-edu/takhti/internal/kv"
)

// Options say how a register runs; the zero value is right for use.
type Options struct {
	// Now is the one clock; nil means the computer's.
	Now func() time.Time
	// Reopen opens the store again after a commit whose outcome is unknown.
	// Without it the register refuses all further changes after such a commit.
	Reopen func() (kv.Store, error)
	// LearnerKey is the key under which IDs of learners are kept, of at least 32 bytes;
	// nil: none are. It is asked for when the first one comes.
	LearnerKey func() ([]byte, error)
	// Log is told what the journal could not be told; nil: nobody.
	Log *slog.Logger
}

// Register is an open register. It is safe for use by many goroutines.
type Register struct {
	now        func() time.Time
	reopen     func() (kv.Store, error)
	learnerKey func() ([]byte, error)

	storeMu sync.RWMutex // held to swap the store; readers hold it while they read
	store   kv.Store

	queue    chan *request
	acts     *actQueue
	closing  chan struct{}
	finished chan struct{}
	once     sync.Once

	counts     countCache
	identities kept[string, identity] // by the hash of the token
	names      kept[nameKey, any]     // decoded records
}

// Open opens the register that the store holds, or begins one in an empty store.
// Indexes and counters whose declaration changed are built anew, and a journal of
// the first version becomes one of this.
func Open(ctx context.Context, store kv.Store, o Options) (*Register, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if err := carryOver(ctx, store, o.Now); err != nil {
		return nil, err
	}
	if err := adopt(ctx, store); err != nil {
		return nil, err
	}
	r := &Register{
		now: o.Now, reopen: o.Reopen, learnerKey: o.LearnerKey, store: store,
		queue:    make(chan *request, maxBatch),
		acts:     newActQueue(cmp.Or(o.Log, slog.New(slog.DiscardHandler))),
		closing:  make(chan struct{}),
		finished: make(chan struct{}),
	}
	r.identities.most, r.names.most = maxIdentities, maxNames
	go r.write()
	return r, nil
}

// Close waits for the changes under way, writes the acts that wait, and closes the
// store.
func (r *Register) Close() error {
	r.once.Do(func() { close(r.closing) })
	<-r.finished
	r.storeMu.Lock()
	defer r.storeMu.Unlock()
	return r.store.Close()
}

// view reads on one snapshot.
func (r *Register) view(ctx context.Context, fn func(kv.Reader) error) error {
	r.storeMu.RLock()
	defer r.storeMu.RUnlock()
	return r.store.View(ctx, fn)
}

// Schema draws all tables, indexes and counters.
func Schema() string {
	var b strings.Builder
	for _, t := range tables {
		b.WriteString(t.Schema())
	}
	b.WriteString(rawKeys)
	return b.String()
}

// rawKeys are the keys that belong to no table.
const rawKeys = `journal             seq → entry: time, actor, request, change, record, place, before, after
journal.by_subject  table, record, seq
journal.edge        → number of entries, and the hashes that fill no tile yet
journal.salt        number, of 256 entries → the seed of their salts, or the salts
journal.tree        level, number → a tile of 16 hashes of the tree over the entries
receipt             user, request → digest of the changes and what came of them
seen                token → when it was last used, about
auth.mark           key → what is remembered of attempts to sign in
retention           kind → the last journal entry that was looked at
meta                name → the schema by which the indexes were built
`

const metaTable = "meta"

func schemaKey() kv.Tuple { return kv.Key(metaTable).Str("schema") }

// adopt makes the store's indexes those of this program.
func adopt(ctx context.Context, store kv.Store) error {
	var stored []byte
	err := store.View(ctx, func(r kv.Reader) error {
		val, err := r.Get(schemaKey())
		stored = append(stored, val...)
		return err
	})
	if err != nil || string(stored) == Schema() {
		return err
	}
	if len(stored) > 0 {
		if err := rebuild(ctx, store); err != nil {
			return fmt.Errorf("building the indexes anew: %w", err)
		}
	}
	return store.Update(ctx, func(w kv.Writer) error { return w.Put(schemaKey(), []byte(Schema())) })
}

func rebuild(ctx context.Context, store kv.Store) error {
	for _, t := range tables {
		changes := func(r kv.Reader) dayChanges { return journalChanges(r, t) }
		if err := errors.Join(t.Rebuild(ctx, store), t.RebuildLedger(ctx, store, changes)); err != nil {
			return err
		}
	}
	return nil
}
