package readproc

import (
	"cmp"
	"time"
)

// Limits bound what one process may cost. A field of zero stands for its default.
//
// The process watches its own memory, every few milliseconds. On Linux the kernel
// also refuses it what is more than a quarter beyond that, and counts its processor
// time; elsewhere nobody does. Wait holds everywhere.
type Limits struct {
	Memory    int64         // bytes; 192 MiB. Go's collector saves it from half of that on
	Processor time.Duration // of all processors together, in whole seconds; 60 s
	Wait      time.Duration // for its next answer; 30 s
}

func (l Limits) withDefaults() Limits {
	l.Memory = cmp.Or(l.Memory, 192<<20)
	l.Processor = max(cmp.Or(l.Processor, time.Minute), time.Second)
	l.Wait = cmp.Or(l.Wait, 30*time.Second)
	return l
}
