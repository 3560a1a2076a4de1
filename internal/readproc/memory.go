package readproc

import (
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// boundMemory has the garbage collector spare memory, and ends this process when
// that is not enough: in good time, since Go does not always say why it crashes
// when it gets none. What is taken at once, between two looks, only a kernel can
// refuse.
func boundMemory(most int64) {
	debug.SetMemoryLimit(most / 2)
	debug.SetMaxStack(maxStack)
	go func() {
		const often = 5 * time.Millisecond
		held := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
		for range time.Tick(often) {
			metrics.Read(held)
			if held[0].Value.Uint64()-held[1].Value.Uint64() > uint64(most) {
				os.Exit(exitOverMemory)
			}
		}
	}()
}

// maxStack is in bytes, of which reading takes some thousands.
const maxStack = 1 << 20
