package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// writes are the keys and values of one transaction.
type writes []kv.Op

// recorder is a store that keeps what each transaction wrote.
type recorder struct {
	kv.Store
	all []writes
}

// Update implements [kv.Store].
func (r *recorder) Update(ctx context.Context, fn func(kv.Writer) error) error {
	return r.Store.Update(ctx, func(w kv.Writer) error {
		o := kv.NewOverlay(w)
		if err := fn(o); err != nil {
			return err
		}
		var kept writes
		for op, err := range o.Writes() {
			if err != nil {
				return err
			}
			kept = append(kept, kv.Op{Kind: op.Kind, Key: slices.Clone(op.Key), Val: slices.Clone(op.Val)})
		}
		r.all = append(r.all, kept)
		return o.Flush(w)
	})
}

// recordReports reports faults one after the other on a copy of the register and
// returns what each report wrote.
func (l *lab) recordReports(ctx context.Context, base string, serials []fleet.Serial) ([]writes, error) {
	file, err := l.copyFile(base, "recorded.db")
	if err != nil {
		return nil, err
	}
	store, err := boltkv.Open(file)
	if err != nil {
		return nil, err
	}
	rec := &recorder{Store: store}
	reg, err := registry.Open(ctx, rec, registry.Options{})
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	rec.all = nil // what opening wrote
	for _, serial := range serials {
		err = errors.Join(err, report(ctx, reg.As(registry.Operator()), serial))
	}
	return rec.all, errors.Join(err, reg.Close())
}

// plain is the peer: bbolt, with the options that serve it best.
type plain struct {
	db    *bbolt.DB
	delay time.Duration
}

func openPlain(file string, delay time.Duration) (*plain, error) {
	db, err := bbolt.Open(file, 0o600, &bbolt.Options{FreelistType: bbolt.FreelistMapType, NoFreelistSync: true, InitialMmapSize: 64 << 30})
	return &plain{db: db, delay: delay}, err
}

// store writes one report in a transaction of its own.
func (p *plain) store(w writes) error {
	return p.db.Update(func(tx *bbolt.Tx) error {
		for _, op := range w {
			if err := put(tx, op); err != nil {
				return err
			}
		}
		time.Sleep(p.delay)
		return nil
	})
}

func put(tx *bbolt.Tx, op kv.Op) error {
	name, key, _ := kv.Split(op.Key)
	if len(key) == 0 {
		key = []byte{0}
	}
	bucket, err := tx.CreateBucketIfNotExists(name)
	if err != nil {
		return err
	}
	if op.Kind == kv.OpDelete {
		return bucket.Delete(key)
	}
	return bucket.Put(key, op.Val)
}
