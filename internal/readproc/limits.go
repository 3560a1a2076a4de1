package readproc

import (
	"cmp"
	"time"
)

// Limits bound what one process may cost, and give back. A field of zero stands for its default.
//
// The process watches its own memory, every few milliseconds. On Linux the kernel
// also refuses it what is more than a quarter beyond that, and counts its processor
// time; elsewhere nobody does. Wait holds everywhere.
type Limits struct {
	Memory    int64         // bytes; 192 MiB. Go's collector saves it from half of that on
	Processor time.Duration // of all processors together, in whole seconds; 60 s
	Wait      time.Duration // for its next answer; 30 s
	Copy      int64         // bytes of a marked copy; 256 MiB
}

func (l Limits) withDefaults() Limits {
	l.Memory = cmp.Or(l.Memory, 192<<20)
	l.Processor = max(cmp.Or(l.Processor, time.Minute), time.Second)
	l.Wait = cmp.Or(l.Wait, 30*time.Second)
	l.Copy = cmp.Or(l.Copy, 256<<20)
	return l
}

// forMarking is for a process that also marks a copy: it reads sheets twice, and
// packs them anew before it can answer.
func (l Limits) forMarking() Limits {
	const longer = 3
	l = l.withDefaults()
	l.Processor, l.Wait = longer*l.Processor, longer*l.Wait
	return l
}
