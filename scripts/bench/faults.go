package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

const (
	clients      = 64
	faultDevices = 20_000
	slowSync     = 5 * time.Millisecond // as on an office PC's disk
)

// benchFaults lets 64 clients report faults, each waiting for the answer before
// the next. The peer stores the very same keys and values, one bbolt transaction
// for each report; it checks nothing and reads nothing.
func benchFaults(ctx context.Context, l *lab) error {
	base, err := l.register(ctx, faultDevices)
	if err != nil {
		return err
	}
	for _, disk := range []disk{
		{name: "on this disk", ours: 1024, peer: 1024, goal: 1.5},
		{name: "every sync 5 ms", delay: slowSync, ours: 2048, peer: 256, goal: 10},
	} {
		l.say("reporting faults, %s", disk.name)
		if err := disk.bench(ctx, l, base); err != nil {
			return err
		}
	}
	return nil
}

// disk is how a bench of fault reports runs, and how many reports each side
// makes in one round.
type disk struct {
	name       string
	delay      time.Duration // at each commit
	ours, peer int
	goal       float64
}

const faultRounds = 3

func (k disk) bench(ctx context.Context, l *lab, base string) error {
	serials, err := reportable(k.ours * faultRounds)
	if err != nil {
		return err
	}
	recorded, err := l.recordReports(ctx, base, serials[:k.peer*faultRounds])
	if err != nil {
		return err
	}
	name := fmt.Sprintf("faults-%d", k.delay)
	ourFile, err := l.copyFile(base, name+"-ours.db")
	if err != nil {
		return err
	}
	peerFile, err := l.copyFile(base, name+"-peer.db")
	if err != nil {
		return err
	}
	reg, err := openRegister(ctx, ourFile, boltkv.SyncDelay(k.delay))
	if err != nil {
		return err
	}
	peer, err := openPlain(peerFile, k.delay)
	if err != nil {
		return errors.Join(err, reg.Close())
	}
	var us, them race
	s := reg.As(registry.Operator())
	err = interleave(faultRounds,
		func() error { return us.run(k.ours, func(i int) error { return report(ctx, s, serials[i]) }) },
		func() error { return them.run(k.peer, func(i int) error { return peer.store(recorded[i]) }) },
	)
	if err := errors.Join(err, reg.Close(), peer.db.Close()); err != nil {
		return err
	}
	k.lines(l, &us, &them)
	return nil
}

func (k disk) lines(l *lab, us, them *race) {
	l.table.add(line{
		what: fmt.Sprintf("durable fault reports a second, %d clients, %s; against one bbolt.Update each", clients, k.name),
		ours: fmt.Sprintf("%.0f", median(us.rates)), peer: fmt.Sprintf("%.0f", median(them.rates)),
		figure: ratioOf(median(us.rates), median(them.rates)), unit: "×", goal: k.goal, bound: atLeast,
	})
	for _, q := range []struct {
		name string
		q    float64
	}{{"50th", 0.5}, {"99th", 0.99}} {
		l.table.add(line{
			what: fmt.Sprintf("%s percentile of the wait for one report, %s", q.name, k.name),
			ours: inWords(quantile(us.waits, q.q)), peer: inWords(quantile(them.waits, q.q)), bound: shownOnly,
		})
	}
}

// reportable are devices that a school has, and can report.
func reportable(n int) ([]fleet.Serial, error) {
	world, err := newWorld(faultDevices)
	if err != nil {
		return nil, err
	}
	var serials []fleet.Serial
	for i := 0; len(serials) < n; i++ {
		if i == faultDevices {
			return nil, fmt.Errorf("there are only %d devices to report", len(serials))
		}
		if arrived(i) {
			serials = append(serials, world.Device(i).Serial)
		}
	}
	return serials, nil
}

func report(ctx context.Context, s registry.Session, serial fleet.Serial) error {
	_, err := s.Apply(ctx, registry.Request{}, registry.ReportFault{
		Serial: serial, Category: fleet.FaultScreen, Severity: fleet.Major, Note: "A crack from corner to corner",
	})
	return err
}

// race is what many clients do at once, over all rounds.
type race struct {
	next  int // the first job of the next round
	rates []float64
	waits []time.Duration
}

// run does n more jobs, as fast as the clients can.
func (r *race) run(n int, job func(i int) error) error {
	waits := make([]time.Duration, n)
	var taken atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, clients)
	began := time.Now()
	for c := range clients {
		wg.Go(func() {
			for i := int(taken.Add(1)) - 1; i < n && errs[c] == nil; i = int(taken.Add(1)) - 1 {
				asked := time.Now()
				errs[c] = job(r.next + i)
				waits[i] = time.Since(asked)
			}
		})
	}
	wg.Wait()
	r.rates = append(r.rates, float64(n)/time.Since(began).Seconds())
	r.waits = append(r.waits, waits...)
	r.next += n
	return errors.Join(errs...)
}
