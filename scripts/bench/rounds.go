package main

import (
	"fmt"
	"slices"
	"syscall"
	"time"
)

// interleave runs the contestants in turn, that many rounds, so that what else
// the machine does falls on all of them alike.
func interleave(rounds int, contestants ...func() error) error {
	for range rounds {
		for _, run := range contestants {
			if err := run(); err != nil {
				return err
			}
		}
	}
	return nil
}

// timed adds how long fn takes to times.
func timed(times *[]time.Duration, fn func() error) error {
	began := time.Now()
	err := fn()
	*times = append(*times, time.Since(began))
	return err
}

// work is the processor time that this process has taken so far.
func work() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// quantile is the value that a share q of all is not above.
func quantile[T ~int64 | ~float64](all []T, q float64) T {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[int(q*float64(len(sorted)-1)+0.5)]
}

func median[T ~int64 | ~float64](all []T) T { return quantile(all, 0.5) }

// ratioOf is how many times as large a is as b.
func ratioOf[T ~int64 | ~float64](a, b T) float64 { return float64(a) / float64(b) }

// inWords is a duration with three digits or so.
func inWords(d time.Duration) string {
	switch {
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d >= time.Millisecond:
		return fmt.Sprintf("%.2f ms", float64(d)/1e6)
	default:
		return fmt.Sprintf("%.1f µs", float64(d)/1e3)
	}
}

func megabytes(bytes int64) string { return fmt.Sprintf("%d MB", bytes>>20) }
