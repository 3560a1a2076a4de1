package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// progress tells on standard error what takes longer than a second: on a
// terminal in one line that is rewritten, elsewhere in a line every five seconds.
type progress struct {
	w        io.Writer
	terminal bool
	began    time.Time
	stop     chan struct{}
	stopped  sync.WaitGroup

	mu    sync.Mutex
	step  string
	done  int64
	total int64 // zero when unknown
	shown bool  // a line stands on the terminal
}

const (
	firstShown  = time.Second
	onTerminal  = 200 * time.Millisecond
	inLog       = 5 * time.Second
	clearToLeft = "\r\x1b[K" // to the line's beginning, and clear it
)

// startProgress begins to show a step. The caller ends it with end.
func startProgress(w io.Writer, step string) *progress {
	return showProgress(w, step, isTerminal(w))
}

func showProgress(w io.Writer, step string, terminal bool) *progress {
	p := &progress{w: w, terminal: terminal, began: time.Now(), stop: make(chan struct{}), step: step}
	p.stopped.Go(p.run)
	return p
}

// set names the step that goes on now, and how much of it is done.
func (p *progress) set(step string, done, total int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.step, p.done, p.total = step, done, total
}

// end takes the line away.
func (p *progress) end() {
	close(p.stop)
	p.stopped.Wait()
	p.clear()
}

// clear makes room for other output; the line comes back with the next update.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shown {
		fmt.Fprint(p.w, clearToLeft)
		p.shown = false
	}
}

func (p *progress) run() {
	pause := firstShown
	for {
		select {
		case <-p.stop:
			return
		case <-time.After(pause):
			p.show()
		}
		if pause = inLog; p.terminal {
			pause = onTerminal
		}
	}
}

func (p *progress) show() {
	p.mu.Lock()
	defer p.mu.Unlock()
	line := fmt.Sprintf("%s: %d s", p.amount(), int(time.Since(p.began).Seconds()))
	if !p.terminal {
		fmt.Fprintln(p.w, line)
		return
	}
	fmt.Fprint(p.w, clearToLeft, line)
	p.shown = true
}

func (p *progress) amount() string {
	switch {
	case p.total > 0:
		return fmt.Sprintf("%s, %d %%", p.step, 100*min(p.done, p.total)/p.total)
	case p.done > 0:
		return fmt.Sprintf("%s, %s", p.step, grouped(p.done))
	}
	return p.step
}

// isTerminal says whether people watch what is written there.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err != nil || !os.SameFile(info, null)
}
