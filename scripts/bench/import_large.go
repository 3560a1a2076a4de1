package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/xuri/excelize/v2"
	bolt "go.etcd.io/bbolt"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

const (
	largeRows  = 500_000
	largeWorld = 2_000_000 // devices in the country; a third are of one shipment
)

// benchLarge holds a list of ten times the rows against one that goes in as one
// transaction, against excelize and bare bbolt, and against those who report faults
// meanwhile.
func benchLarge(ctx context.Context, l *lab) error {
	job, err := prepareImport(ctx, l, largeWorld, largeRows)
	if err != nil {
		return err
	}
	lists := map[int]string{}
	for _, rows := range []int{importRows, largeRows} {
		lists[rows] = l.path(fmt.Sprintf("list-%d.xlsx", rows))
		l.say("writing a list of %d rows", rows)
		if err := writePackingList(lists[rows], job.country.world, job.shipment, rows); err != nil {
			return err
		}
	}
	const rounds = 2
	var small, large, peer outcomes
	l.say("importing %d rows", largeRows)
	err = interleave(
		rounds,
		func() error { return job.once(ctx, l, lists[importRows], importRows, readApart, &small) },
		func() error { return job.once(ctx, l, lists[largeRows], largeRows, readApart, &large) },
		func() error { return putOnce(ctx, l, lists[largeRows], largeRows, &peer) },
	)
	if err != nil {
		return err
	}
	largeLines(l, small, large, peer)
	return nil
}

func largeLines(l *lab, small, large, peer outcomes) {
	ten := 10 * small.took()
	l.table.add(line{
		what: fmt.Sprintf("import %d rows in parts; against ten times the time of %d", largeRows, importRows),
		ours: inWords(large.took()), peer: inWords(ten), figure: ratioOf(large.took(), ten), unit: "×", bound: atMost, goal: 1.4,
	})
	l.table.add(line{
		what: "excelize reading it and bare bbolt putting the same entries; against the import",
		ours: inWords(large.took()), peer: inWords(peer.took()), figure: ratioOf(peer.took(), large.took()), unit: "×", bound: atLeast, goal: 3,
	})
	l.table.add(line{
		what: "memory of both processes together at most, without the pages of the register's file", ours: megabytes(large.own()),
		figure: float64(large.own() >> 20), unit: " MB", bound: atMost, goal: 500,
	})
	l.table.add(line{
		what: "the same with those pages, which the system takes back when others need them", ours: megabytes(large.peak()),
		figure: float64(large.peak() >> 20), unit: " MB", bound: shownOnly,
	})
	worst, batch := large.faults()
	l.table.add(line{
		what: "99 of 100 faults that are reported meanwhile take at most; against the import of 50000 rows",
		ours: inWords(worst), peer: inWords(batch), figure: ratioOf(worst, batch), unit: "×", bound: atMost, goal: 2,
	})
}

// faults is how long a fault took that was reported during the imports, and how
// long one part of them.
func (all outcomes) faults() (p99, part time.Duration) {
	return median(all.each(func(o outcome) time.Duration { return o.Fault })), median(all.each(func(o outcome) time.Duration { return o.Part }))
}

// reporters report faults, one after the other, until they are stopped.
type reporters struct {
	cancel context.CancelFunc
	done   sync.WaitGroup
	took   []time.Duration
	err    error
}

// beside is how many devices faults can be reported of during an import.
const beside = 4000

// reportBeside begins to report faults, of devices that it brings in first.
func reportBeside(ctx context.Context, s registry.Session, to fleet.PlaceCode) (*reporters, error) {
	changes := []registry.Change{registry.AnnounceShipment{Number: "BENCH-0", Supplier: "Bench", Destination: to}}
	for n := range beside {
		serial := fleet.Serial(fmt.Sprintf("BENCH%06d", n))
		changes = append(changes,
			registry.ExpectDevice{Shipment: "BENCH-0", Model: "Slate", Device: fleet.Device{Serial: serial}},
			registry.ReceiveDevice{Serial: serial})
	}
	if _, err := s.Apply(ctx, registry.Request{}, changes...); err != nil {
		return nil, err
	}
	r := &reporters{}
	ctx, r.cancel = context.WithCancel(ctx)
	r.done.Go(func() { r.err = r.run(ctx, s) })
	return r, nil
}

func (r *reporters) run(ctx context.Context, s registry.Session) error {
	const pause = 20 * time.Millisecond
	for n := range beside {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
		err := timed(&r.took, func() error {
			_, err := s.Apply(context.WithoutCancel(ctx), registry.Request{}, registry.ReportFault{
				Serial: fleet.Serial(fmt.Sprintf("BENCH%06d", n)), Category: fleet.FaultScreen, Severity: fleet.Minor,
			})
			return err
		})
		if err != nil {
			return err
		}
	}
	return errors.New("all devices have a fault: there must be more of them")
}

// stop ends the reports and tells how long all but one of a hundred took at most.
func (r *reporters) stop() (p99 time.Duration, err error) {
	r.cancel()
	r.done.Wait()
	if len(r.took) == 0 {
		return 0, r.err
	}
	return quantile(r.took, 0.99), r.err
}

func putOnce(ctx context.Context, l *lab, list string, rows int, all *outcomes) error {
	o, err := l.child(ctx, "excelize-bbolt", list, l.path("bare.db"))
	if err == nil && o.Rows != rows {
		err = fmt.Errorf("excelize read %d rows, not %d", o.Rows, rows)
	}
	*all = append(*all, o)
	return err
}

// putFile is the child that reads a packing list with excelize and puts of each row
// what a register holds of a device, in the order of the rows and in transactions of
// 50,000 rows: the record, its entries in the five indexes that a listed
// device is in, the journal's entry and its index. Nothing is checked, counted or hashed.
func putFile(_ context.Context, args []string) (o outcome, err error) {
	began := time.Now()
	x, err := excelize.OpenFile(args[0], excelize.Options{RawCellValue: true})
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	rows, err := x.Rows("Sheet1")
	if err != nil {
		return o, err
	}
	db, err := bolt.Open(filepath.Join(args[1]+"-"+strconv.FormatInt(began.UnixNano(), 36)), 0o600, nil)
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	more := rows.Next() // the header
	for more {
		err := db.Update(func(tx *bolt.Tx) error {
			w, err := newBare(tx)
			for n := 0; err == nil && n < importRows; n++ {
				if more = rows.Next(); !more {
					return rows.Error()
				}
				var cells []string
				if cells, err = rows.Columns(); err == nil {
					o.Rows++
					err = w.put(uint64(o.Rows), cells)
				}
			}
			return err
		})
		if err != nil {
			return o, err
		}
	}
	o.Took = time.Since(began)
	return o, rows.Close()
}

// bare is a transaction on buckets, one for the records, one for each index and two
// for the journal.
type bare [8]*bolt.Bucket

func newBare(tx *bolt.Tx) (w bare, err error) {
	for i := range w {
		if w[i], err = tx.CreateBucketIfNotExists([]byte{'a' + byte(i)}); err != nil {
			return w, err
		}
	}
	return w, nil
}

// Where a packing list of the bench has what an index is made of.
const (
	serialColumn = 0
	tagColumn    = 1
	schoolColumn = 11
)

func (w bare) put(id uint64, cells []string) error {
	key := binary.BigEndian.AppendUint64(nil, id)
	record := []byte(strings.Join(cells, "\x00"))
	// under makes the key of an index whose entries are not unique.
	under := func(parts ...string) []byte { return append([]byte(strings.Join(parts, "\x00")), key...) }
	entries := [...]struct{ key, value []byte }{
		{key, record},
		{[]byte(cells[serialColumn]), key},
		{[]byte(cells[tagColumn]), key},
		{under(cells[schoolColumn]), nil},
		{under("expected", cells[schoolColumn]), nil},
		{under("shipment", "awaited"), nil},
		{key, append(record, make([]byte, 96)...)}, // who, when, by which request
		{under("device"), nil},
	}
	for i, e := range entries {
		if err := w[i].Put(e.key, e.value); err != nil {
			return err
		}
	}
	return nil
}
