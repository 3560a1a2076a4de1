package readproc

import (
	"cmp"
	"time"
)

// Limits bound what one process may cost. A field of zero stands for its default.
//
// On Linux the kernel holds Memory and Processor. Elsewhere the process watches
// its own memory, some twenty times a second, and nobody counts its processor
// time. Wait holds everywhere.
type Limits struct {
	Memory    int64         // bytes beyond those it starts with; 256 MiB
	Processor time.Duration // of all processors together, in whole seconds; 60 s
	Wait      time.Duration // for its next answer; 30 s
}

func (l Limits) withDefaults() Limits {
	l.Memory = cmp.Or(l.Memory, 256<<20)
	l.Processor = max(cmp.Or(l.Processor, time.Minute), time.Second)
	l.Wait = cmp.Or(l.Wait, 30*time.Second)
	return l
}

// soft is from where on the garbage collector saves memory at the cost of time.
func (l Limits) soft() int64 { return l.Memory / 2 }
