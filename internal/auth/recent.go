package auth

import "container/list"

// recent keeps a value for each of the keys asked for last, up to a number.
type recent[K comparable, V any] struct {
	most    int
	fresh   func() *V
	dropped func(K)    // called with what is forgotten; may be nil
	order   *list.List // of entries, the latest first
	entries map[K]*list.Element
}

type entry[K comparable, V any] struct {
	key K
	val *V
}

func newRecent[K comparable, V any](most int, fresh func() *V) recent[K, V] {
	return recent[K, V]{most: most, fresh: fresh, order: list.New(), entries: map[K]*list.Element{}}
}

// of is the value of the key, a new one when there is none, in which case the
// key that was not asked for the longest is forgotten if there are too many.
func (r *recent[K, V]) of(key K) *V {
	if at, ok := r.entries[key]; ok {
		r.order.MoveToFront(at)
		return at.Value.(entry[K, V]).val
	}
	e := entry[K, V]{key: key, val: r.fresh()}
	r.entries[key] = r.order.PushFront(e)
	if r.order.Len() > r.most {
		oldest := r.order.Remove(r.order.Back()).(entry[K, V])
		delete(r.entries, oldest.key)
		if r.dropped != nil {
			r.dropped(oldest.key)
		}
	}
	return e.val
}

// get is the value of the key, nil when there is none, and leaves it as old as it is.
func (r *recent[K, V]) get(key K) *V {
	if at, ok := r.entries[key]; ok {
		return at.Value.(entry[K, V]).val
	}
	return nil
}

// has says whether there is a value of the key.
func (r *recent[K, V]) has(key K) bool { return r.get(key) != nil }
