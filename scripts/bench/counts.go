package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

var fleetSizes = []int{10_000, 100_000, 500_000}

// benchCounts counts the devices of Punjab by district and status: in registers
// of several sizes, and with SQLite from the rows of the largest.
func benchCounts(ctx context.Context, l *lab) error {
	var registers []*counted
	for _, size := range fleetSizes {
		file, err := l.register(ctx, size)
		if err != nil {
			return err
		}
		store, err := boltkv.Open(file)
		if err != nil {
			return err
		}
		defer store.Close()
		registers = append(registers, &counted{store: store, size: size})
	}
	largest := registers[len(registers)-1]
	sql, err := openSQLite(ctx, l, largest.size)
	if err != nil {
		return err
	}
	defer sql.db.Close()
	if err := sameAnswer(ctx, largest, sql); err != nil {
		return err
	}
	l.say("counting")
	const rounds, queries = 5, 20
	for range rounds {
		for range queries {
			for _, r := range registers {
				if _, err := r.count(ctx); err != nil {
					return err
				}
			}
		}
		if err := sql.measure(ctx); err != nil {
			return err
		}
	}
	countLines(l, registers, sql)
	return nil
}

func countLines(l *lab, registers []*counted, sql *sqlite) {
	first := median(registers[0].took)
	for _, r := range registers {
		m := median(r.took)
		x := line{what: fmt.Sprintf("counts of a province by district × status, nothing cached, %d devices", r.size), ours: inWords(m), bound: shownOnly}
		if r != registers[0] {
			x.what += fmt.Sprintf("; against %d", registers[0].size)
			x.peer, x.figure, x.unit, x.goal, x.bound = inWords(first), ratioOf(m, first), "×", 1.3, atMost
		}
		l.table.add(x)
	}
	largest := registers[len(registers)-1]
	ours := median(largest.took)
	for _, q := range sql.queries {
		l.table.add(line{
			what: fmt.Sprintf("the same against SQLite's GROUP BY, %s, %d devices", q.name, largest.size), ours: inWords(ours), peer: inWords(median(q.took)),
			figure: ratioOf(median(q.took), ours), unit: "×", goal: 100, bound: atLeast,
		})
	}
}

// counted is a register whose counts are timed.
type counted struct {
	store kv.Store
	size  int
	took  []time.Duration
}

// count asks a register that was opened just for that, so that it has kept no answer.
func (c *counted) count(ctx context.Context) (*registry.Counts, error) {
	reg, err := registry.Open(ctx, staysOpen{c.store}, registry.Options{})
	if err != nil {
		return nil, err
	}
	var counts *registry.Counts
	s := reg.As(registry.Operator())
	err = timed(&c.took, func() error {
		counts, err = s.Counts(ctx, registry.CountQuery{Place: atlas.Punjab, By: []registry.Dimension{registry.ByPlace, registry.ByStatus}})
		return err
	})
	return counts, errors.Join(err, reg.Close())
}

// staysOpen is a store that outlives the registers that are opened on it.
type staysOpen struct{ kv.Store }

// Close implements [kv.Store] and does nothing.
func (staysOpen) Close() error { return nil }

// group is what devices are counted by.
type group struct{ district, status string }

// sameAnswer makes sure that both count the same rows.
func sameAnswer(ctx context.Context, c *counted, sql *sqlite) error {
	counts, err := c.count(ctx)
	if err != nil {
		return err
	}
	for _, q := range sql.queries {
		groups, err := sql.ask(ctx, q.text)
		if err != nil {
			return err
		}
		if len(groups) != len(counts.Rows) {
			return fmt.Errorf("SQLite (%s) finds %d groups, the register %d", q.name, len(groups), len(counts.Rows))
		}
		for _, row := range counts.Rows {
			if g := (group{string(row.Place.Code), row.Status.String()}); groups[g] != row.Count {
				return fmt.Errorf("SQLite (%s) counts %d devices in %v, the register %d", q.name, groups[g], g, row.Count)
			}
		}
	}
	return nil
}
